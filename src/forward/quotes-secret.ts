import type { Json, JsonObject } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import { isSecretName } from '../model/secret-names.ts'

/**
 * So many characters of a secret in a row count as the secret: identity servers like to show the beginning of a token they refuse. Eight of
 * base64url are 48 bits; fewer help nobody to guess the rest, and would be found in ordinary words.
 */
const TELLING_CHARACTERS = 8

/** Whether a text quotes a secret, whole or in a telling part, in any letter case, percent-encoded or not. */
export function quotesSecret(text: string, secrets: readonly Secret[]): boolean {
  return createSearch(secrets)(text)
}

/** The same of any text or member name of a decoded value: bytes would not do, since JSON has many spellings for one text. */
export function valueQuotesSecret(value: Json, secrets: readonly Secret[]): boolean {
  const quotes = createSearch(secrets)
  return [...textsOf(value)].some(quotes)
}

/** Whether a secret stands there whole: for texts that hold much else, where a part may be a coincidence. */
export function valueHoldsSecret(value: Json, secret: Secret): boolean {
  return [...textsOf(value)].some((text) => text.includes(secret.reveal()))
}

function createSearch(secrets: readonly Secret[]): (text: string) => boolean {
  const values = secrets.map((secret) => secret.reveal().toLowerCase()).filter((value) => value !== '')
  const whole = values.filter((value) => value.length <= TELLING_CHARACTERS)
  const parts = new Set(values.flatMap((value) => [...partsOf(value)]))
  return (text) =>
    [text, withoutEscapes(text)].some((spelling) => {
      const lower = spelling.toLowerCase()
      return whole.some((value) => lower.includes(value)) || [...partsOf(lower)].some((part) => parts.has(part))
    })
}

function* partsOf(text: string): Generator<string> {
  for (let start = 0; start + TELLING_CHARACTERS <= text.length; start += 1)
    yield text.slice(start, start + TELLING_CHARACTERS)
}

function withoutEscapes(text: string): string {
  return text.replace(/%[2-7][0-9A-Fa-f]/g, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)))
}

function* textsOf(value: Json): Generator<string> {
  if (typeof value === 'string') yield value
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield* Object.keys(value)
  for (const item of Object.values(value as JsonObject | readonly Json[])) yield* textsOf(item)
}

/** Texts of members that are secret by their name, at any depth: `client_secret` of an update above all (RFC 7592 section 2.2). */
export function secretMembers(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(secretMembers)
  return Object.entries(value).flatMap(([name, member]) =>
    isSecretName(name) ? [...textsOf(member)] : secretMembers(member),
  )
}
