import type { PublicKeyFacts } from '../../model/client.ts'
import { problem, type PathCheck } from './path-step.ts'

const RSA_MINIMUM_BITS = 2048

/** Keys of at least 112 bits of security (NIST SP 800-57 part 1, section 5.6.1). */
export const checkPublicKey: PathCheck = (step) => {
  const key = step.certificate.facts.publicKey
  if (isStrong(key)) return null
  return problem(step, {
    reason: 'client-certificate-weak-key',
    message: 'has a weak or unknown key',
    wanted: `RSA of at least ${RSA_MINIMUM_BITS} bits, P-256, P-384, P-521 or Ed25519`,
    found: key.type === 'other' ? 'a key of another type or curve' : `RSA of ${key.bits} bits`,
  })
}

export function isStrong({ type, bits }: PublicKeyFacts): boolean {
  return type === 'rsa' || type === 'rsa-pss' ? bits >= RSA_MINIMUM_BITS : type !== 'other'
}
