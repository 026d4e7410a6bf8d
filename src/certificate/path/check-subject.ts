import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import { problem, type PathCheck } from './path-step.ts'

/** Of ASCII alone: bytes of UTF-8 that call themselves TeletexString look like control characters beyond it, and are in use. */
const CONTROL_CHARACTER = /[\0-\x1f\x7f]/

/**
 * A client's name goes into headers, logs and policies. NUL has cut names short in other readers (`bank.com\0.evil.com`), line ends
 * have forged lines; no issuer has a use for either.
 */
export const checkSubject: PathCheck = (step) => {
  const values = step.certificate.facts.subject.flat().map(({ value }) => value ?? '')
  if (!step.isClient || !values.some((value) => CONTROL_CHARACTER.test(value))) return null
  return problem(step, {
    reason: 'client-certificate-subject-invalid',
    message: 'has a subject with control characters',
    wanted: 'a subject without control characters',
    found: writeDistinguishedName(step.certificate.facts.subject),
  })
}
