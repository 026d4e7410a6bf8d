import { matchingKey } from '../../../distinguished-name/match-distinguished-names.ts'
import type { DistinguishedName } from '../../../distinguished-name/distinguished-name.ts'
import type { GeneralName } from '../../parse/general-name.ts'
import type { DistributionPointName } from '../../parse/read-distribution-point.ts'

/**
 * Keys that are equal exactly when two names are. A relative name is one below whoever signs the CRL (RFC 5280 section 4.2.1.13),
 * which is one of `issuers`.
 */
export function pointNameKeys(name: DistributionPointName, issuers: readonly DistinguishedName[]): ReadonlySet<string> {
  if (name.form === 'full') return new Set(name.names.map(keyOf))
  return new Set(issuers.map((issuer) => `directory:${matchingKey([...issuer, name.attributes])}`))
}

function keyOf(name: GeneralName): string {
  if (name.form === 'directory') return `directory:${name.key}`
  if (name.form === 'ip') return `ip:${name.bytes.toString('hex')}`
  return `${name.form}:${'text' in name ? name.text : name.der}`
}
