import { writeDistinguishedName } from '../../../distinguished-name/write-distinguished-name.ts'
import type { GeneralName } from '../../parse/general-name.ts'
import { isSelfIssued } from '../../parse/parsed-certificate.ts'
import type { NameConstraints } from '../../parse/read-name-constraints.ts'
import { problem, type PathProblem, type PathStep } from '../path-step.ts'
import { certifiedNames } from './certified-names.ts'
import { concerns, isWithinSubtree } from './subtree.ts'

/** Names times subtrees that are compared for one certificate; those in use need a few hundred. */
const COMPARISON_LIMIT = 65_536

/**
 * RFC 5280 section 6.1.3 (b) and (c): every name is within a permitted subtree of each certificate above that permits any of its form,
 * and within no excluded one. Intermediates that an authority issued to itself are free of it, not so the last certificate.
 */
export function checkNames(step: PathStep, above: readonly NameConstraints[]): PathProblem | null {
  if (above.length === 0 || (isSelfIssued(step.certificate) && !step.isClient)) return null
  const names = certifiedNames(step.certificate, step.isClient)
  const subtrees = above.reduce((count, { permitted, excluded }) => count + permitted.length + excluded.length, 0)
  if (names.length * subtrees > COMPARISON_LIMIT)
    return notPermitted(step, `${names.length} names under ${subtrees} constraints, more than are compared`)
  const forbidden = names.find((name) => !above.every((constraints) => isPermitted(name, constraints)))
  return forbidden === undefined ? null : notPermitted(step, describeName(forbidden))
}

function isPermitted(name: GeneralName, { permitted, excluded }: NameConstraints): boolean {
  const permittedHere = permitted.filter((base) => concerns(base, name))
  const within = permittedHere.length === 0 || permittedHere.some((base) => isWithinSubtree(base, name, 'permitted'))
  return within && !excluded.some((base) => concerns(base, name) && isWithinSubtree(base, name, 'excluded'))
}

function notPermitted(step: PathStep, found: string): PathProblem {
  return problem(step, {
    reason: 'client-certificate-name-not-permitted',
    message: 'has a name that an issuer above it may not certify',
    wanted: 'names within the name constraints of all its issuers',
    found,
  })
}

/** Texts are printable ASCII by the time they are here, or they come from a subject and may hold anything. */
function describeName(name: GeneralName): string {
  if (name.form === 'directory') return `directory name ${writeDistinguishedName(name.name)}`
  if (name.form === 'ip') return `ip name ${name.bytes.toString('hex')}`
  return 'text' in name ? `${name.form} name ${name.text.replace(/[^ -~]/gu, '?')}` : `${name.form} name`
}
