import { problem, type PathCheck } from './path-step.ts'

/** RFC 5280 section 6.1.4 (k) and (n): whoever issues certificates must be allowed to. Anchors are held to it as well. */
export const checkAuthority: PathCheck = (step) => {
  const { basicConstraints, facts } = step.certificate
  if (step.isClient) return null
  const isAuthority = basicConstraints?.ca === true
  if (isAuthority && facts.keyUsage?.includes('keyCertSign') !== false) return null
  return problem(step, {
    reason: 'client-certificate-issuer-not-ca',
    message: 'issued another one without being a certificate authority',
    wanted: isAuthority ? 'key usage keyCertSign' : 'basic constraints with cA true',
    found: isAuthority ? `key usage ${facts.keyUsage?.join(' ') ?? ''}` : 'no certificate authority',
  })
}
