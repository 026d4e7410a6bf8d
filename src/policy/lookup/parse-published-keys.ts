import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { PRIVATE_KEY_MEMBERS } from '../../model/private-key-members.ts'

const KEYS_LIMIT = 100
const SHOWN = ['kid', 'use', 'kty', 'alg', 'crv'] as const
const FACT_LIMIT_CHARACTERS = 500

/**
 * What rules may know of the keys in a JWK Set. Entries that are no public key are passed over (RFC 7517 section 5), members of another
 * type than they must have are left out.
 *
 * @throws TypeError for anything else than a JWK Set, or one of too many keys
 */
export function parsePublishedKeys(document: Json): Json {
  const entries = isJsonObject(document) ? document['keys'] : undefined
  if (!Array.isArray(entries)) throw new TypeError('wanted a JWK Set (RFC 7517 section 5), found other JSON')
  if (entries.length > KEYS_LIMIT) throw new TypeError(`wanted at most ${KEYS_LIMIT} keys, found ${entries.length}`)
  return (entries as readonly Json[]).filter(isPublicKey).map(factsOf)
}

/** A private key that is published is everybody's. */
function isPublicKey(entry: Json): entry is JsonObject {
  return (
    isJsonObject(entry) &&
    typeof entry['kty'] === 'string' &&
    !PRIVATE_KEY_MEMBERS.some((member) => Object.hasOwn(entry, member))
  )
}

function factsOf(entry: JsonObject): JsonObject {
  const shown = SHOWN.flatMap((name) => {
    const value = entry[name]
    return isFact(value) ? [[name, value] as const] : []
  })
  const thumbprint = thumbprintOf(entry['x5c'])
  return { ...Object.fromEntries(shown), ...(thumbprint === null ? {} : { x5tS256: thumbprint }) }
}

function isFact(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length <= FACT_LIMIT_CHARACTERS
}

/** Of the certificate itself: what a key says of it in x5t#S256 proves nothing. Its base64 is the plain one (RFC 7517 section 4.7). */
function thumbprintOf(chain: Json | undefined): string | null {
  const [leaf] = Array.isArray(chain) ? (chain as readonly Json[]) : []
  if (typeof leaf !== 'string') return null
  const der = Buffer.from(leaf, 'base64')
  return der.toString('base64') === leaf ? createHash('sha256').update(der).digest('base64url') : null
}
