import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { PRIVATE_KEY_MEMBERS } from '../../model/private-key-members.ts'

/**
 * Names of credentials, without case, `_` and `-`: those that RFC 7591 and RFC 7592 put into metadata, and those that people put there all
 * the same. `tls_client_certificate_bound_access_tokens` and `id_token_signed_response_alg` are none.
 */
const SECRET_NAME =
  /secret|passw|passphrase|passcode|privatekey|apikey|credential|authorization|cookie|^(?:.*pin|token|jwt|assertion)$|(?:access|refresh|id|initial|bearer|auth|api|session)token$/
/** A private key as text: PEM, or a JWK that somebody wrote as a string. */
const PRIVATE_KEY = /PRIVATE KEY|["']?\b(?:d|dp|dq|qi|k)["']?\s*:\s*["']/
/** User name and password in a URL. */
const USER_INFO = /^[^/?#]*:\/\/[^/?#]*@/
const SECRET_PARAMETER = /token|secret|key|password|code|assertion/i

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

/** Members of private keys are left out wherever they stand, for a key may lack all that tells it to be one. */
function membersWithoutSecrets(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => !PRIVATE_KEY_MEMBERS.includes(name) && !isSecret(name, inner))
      .map(([name, inner]) => [name, withoutSecrets(inner)]),
  )
}

function looksSecret(text: string): boolean {
  return (
    PRIVATE_KEY.test(text) || USER_INFO.test(text) || parametersOf(text).some((name) => SECRET_PARAMETER.test(name))
  )
}

/** Names of parameters in query and fragment, cut out and not searched for: one pattern for all of it goes over a hostile text again and again. */
function parametersOf(text: string): readonly string[] {
  const [, ...parts] = text.split(/[?&#]/)
  return parts.flatMap((part) => (part.includes('=') ? [part.slice(0, part.indexOf('='))] : []))
}
