import { problem, type PathCheck } from './path-step.ts'

/**
 * RFC 5280 section 4.2.1.3: the key of whoever signs messages is for signatures or for commitments, where its certificate says what it
 * is for. Extended purposes are not asked: there is none for this use.
 */
export const checkSigning: PathCheck = (step) => {
  const { keyUsage } = step.certificate.facts
  if (!step.isClient || keyUsage === null) return null
  if (keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation')) return null
  return problem(step, {
    reason: 'client-certificate-wrong-purpose',
    message: 'is not for signatures',
    wanted: 'key usage digitalSignature or nonRepudiation',
    found: `key usage ${keyUsage.join(' ')}`,
  })
}
