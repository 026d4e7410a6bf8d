import type { AttributeValue, DistinguishedName } from './distinguished-name.ts'
import { prepareString } from './prepare-string.ts'

/**
 * RFC 4517 section 4.2.15, distinguishedNameMatch: the same RDNs in the same order, attributes of one RDN in any order, string
 * values by caseIgnoreMatch whatever their string type, other values byte by byte.
 */
export function distinguishedNamesMatch(one: DistinguishedName, other: DistinguishedName): boolean {
  return one.length === other.length && matchingKey(one) === matchingKey(other)
}

/** The same RDNs in any order: for registrants whose tools write names back to front, which RFC 4514 section 2.1 does not allow. */
export function distinguishedNamesMatchInAnyOrder(one: DistinguishedName, other: DistinguishedName): boolean {
  const [keys, others] = [relativeKeys(one).toSorted(), relativeKeys(other).toSorted()]
  return keys.length === others.length && keys.every((key, index) => key === others[index])
}

/** Equal for two names exactly when they match, so that names can be looked up in a map. */
export function matchingKey(name: DistinguishedName): string {
  return relativeKeys(name).join('\x02')
}

function relativeKeys(name: DistinguishedName): readonly string[] {
  return name.map((relative) => relative.map(attributeKey).sort().join('\x01'))
}

/** Prepared strings hold no control characters, so neither `=` nor the separators above can be forged. */
function attributeKey({ oid, value, der }: AttributeValue): string {
  const prepared = value === null ? null : prepareString(value)
  return prepared === null ? `${oid}#${der}` : `${oid}=${prepared}`
}
