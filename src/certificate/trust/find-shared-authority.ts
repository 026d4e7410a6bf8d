import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { TrustStore } from './trust-store.ts'

/**
 * The name of an authority whose key both folders hold; null when there is none. By the key and not by the certificate: two
 * certificates for one key lead from one client to two roots.
 */
export function findSharedAuthority(left: TrustStore, right: TrustStore): string | null {
  const keys = new Set([...left.held.values()].map(({ publicKeyDer }) => publicKeyDer.toString('base64')))
  const shared = [...right.held.values()].find(({ publicKeyDer }) => keys.has(publicKeyDer.toString('base64')))
  return shared === undefined ? null : writeDistinguishedName(shared.facts.subject)
}
