import { isJsonObject, type Json } from '../model/json.ts'
import { PRIVATE_KEY_MEMBERS } from '../model/private-key-members.ts'
import { isExpiryName, isSecretName } from '../model/secret-names.ts'

/** A private key as text: PEM, or a JWK that somebody wrote as a string. */
const PRIVATE_KEY = /PRIVATE KEY|["']?\b(?:d|dp|dq|qi|k)["']?\s*:\s*["']/
/** User name and password in a URL. */
const USER_INFO = /^[^/?#]*:\/\/[^/?#]*@/
const SECRET_PARAMETER = /token|secret|key|password|code|assertion/i

/** Whether a value must not be written down, by its name or by what it looks like. */
export function isSecret(name: string, value: Json): boolean {
  // Yes and no are nobody's secret: `tls_client_certificate_bound_access_tokens`.
  if (value === null || typeof value === 'boolean') return false
  if (isExpiryName(name)) return typeof value !== 'number'
  return isSecretName(name) || (typeof value === 'string' && looksSecret(value))
}

/** What stands in the place of a secret, by where it is: `jwks.keys[0].d`. Undefined takes it out, and a list is shorter then. */
type Replace = (path: string) => Json | undefined

/** The value with every secret below it replaced; whether the value itself is one, its name says, see isSecret(). */
export function replaceSecrets(value: Json, path: string, replace: Replace): Json {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) => {
      const at = `${path}[${index}]`
      const isHidden = typeof item === 'string' && looksSecret(item)
      const kept = isHidden ? replace(at) : replaceSecrets(item, at, replace)
      // An array in an array, for flatMap() would take a list for several elements.
      return kept === undefined ? [] : [kept]
    })
  }
  if (!isJsonObject(value)) return value
  const members = Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`
    // Members of private keys wherever they stand, for a key may lack all that tells it to be one.
    const isHidden = PRIVATE_KEY_MEMBERS.includes(name) || isSecret(name, inner)
    const kept = isHidden ? replace(at) : replaceSecrets(inner, at, replace)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return Object.fromEntries(members)
}

const NOT_SHOWN = '(not shown)'

/** The value as it may be shown to people, who put it into tickets and chats. */
export function hideSecrets(name: string, value: Json): Json {
  return isSecret(name, value) ? NOT_SHOWN : replaceSecrets(value, '', () => NOT_SHOWN)
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
