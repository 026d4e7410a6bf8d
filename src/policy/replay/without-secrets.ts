import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/**
 * Names of credentials, without case, `_` and `-`: those that RFC 7591 and RFC 7592 put into metadata, and those that people put there all
 * the same. `tls_client_certificate_bound_access_tokens` and `id_token_signed_response_alg` are none.
 */
const SECRET_NAME =
  /secret|passw|passphrase|passcode|privatekey|apikey|credential|authorization|cookie|^(?:.*pin|token|jwt|assertion)$|(?:access|refresh|id|initial|bearer|auth|api|session)token$/
/** Members of private and symmetric keys (RFC 7518 section 6); left out wherever they stand, for a key may lack all that tells it to be one. */
const PRIVATE_KEY_MEMBERS = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
/** A private key as text: PEM, or a JWK that somebody wrote as a string. */
const PRIVATE_KEY = /PRIVATE KEY|["']?\b(?:d|dp|dq|qi|k)["']?\s*:\s*["']/
/** User name and password in a URL, and tokens in its query or fragment. */
const SECRET_URL = /^[^/?#]*:\/\/[^/?#]*@|[?&#][^=&]*(?:token|secret|key|password|code|assertion)[^=&]*=/i

/** Whether a value must not be written down, by its name or by what it looks like. */
export function isSecret(name: string, value: Json): boolean {
  const plain = name.toLowerCase().replaceAll(/[_-]/g, '')
  if (plain.endsWith('expiresat')) return typeof value !== 'number'
  return SECRET_NAME.test(plain) || (typeof value === 'string' && looksSecret(value))
}

/** The value without secrets below it; a list keeps its length no longer where one of its texts is one. */
export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    return items.filter((item) => !(typeof item === 'string' && looksSecret(item))).map(withoutSecrets)
  }
  return isJsonObject(value) ? membersWithoutSecrets(value) : value
}

function membersWithoutSecrets(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !PRIVATE_KEY_MEMBERS.has(name) && !isSecret(name, inner))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  )
}

function looksSecret(text: string): boolean {
  return PRIVATE_KEY.test(text) || SECRET_URL.test(text)
}
