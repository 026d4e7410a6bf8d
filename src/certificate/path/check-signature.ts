import { problem, type PathCheck } from './path-step.ts'

/** RFC 5280 section 6.1.3 (a) (1), with digests and signature algorithms that nobody can forge today. */
export const checkSignature: PathCheck = (step, signatures) => {
  const { certificate, issuer } = step
  if (issuer === null) return null
  const { scheme, oid } = certificate.signatureAlgorithm
  if (scheme === null) {
    return problem(step, {
      reason: 'client-certificate-weak-key',
      message: 'is signed with a weak or unknown algorithm',
      wanted: 'RSA, ECDSA or Ed25519 with SHA-256, SHA-384 or SHA-512',
      found: `signature algorithm ${oid}`,
    })
  }
  const valid = signatures.verify(certificate, issuer)
  if (valid === true) return null
  return problem(step, {
    reason: 'client-certificate-signature-invalid',
    message: valid === null ? 'has too many possible issuers' : 'was not signed by its issuer',
    wanted: 'a signature made with the key of the issuer',
    found: valid === null ? 'more possible issuers than are tried' : 'a signature made with another key',
  })
}
