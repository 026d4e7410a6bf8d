import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { Evidence } from '../../model/decision.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { presentFacts } from '../present-facts.ts'
import { isTranslation } from '../judge/check-members.ts'

/** `declared`: what the policy declares; `all`: whatever was sent and signed; secrets never. */
export type RecordedExtent = 'declared' | 'all'

/** The record itself says when. */
const NEVER = new Date(0)
/** Half of what a body may be: a record stays small however much was sent. */
const FACTS_LIMIT_CHARACTERS = 65_536
/** Credentials that RFC 7591, RFC 7592 and their users put into metadata, in whatever spelling. */
const SECRET_NAME = /secret|password|passphrase|(?:^|_)token$|private_key$|^token$/i
const NO_SECRET = '_expires_at'
/** Members of private and symmetric keys (RFC 7518 section 6). */
const PRIVATE_KEY_MEMBERS = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])

/**
 * What a policy was asked about, in a form that readFacts() gives back to another edition of it: the facts of one decision without its
 * secrets. What is left out is named under `omitted`; where all of it would be too much, nothing but that is said.
 */
export function recordFacts(
  policy: CompiledPolicy,
  parameters: JsonObject,
  evidence: Evidence,
  extent: RecordedExtent,
): JsonObject {
  const { client, lookups } = evidence
  const omitted: string[] = []
  const keep = (values: JsonObject, isDeclared: (name: string) => boolean, prefix: string): JsonObject =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        if (!isSecret(name) && (extent === 'all' || isDeclared(name))) return [[name, withoutPrivateKeys(value)]]
        omitted.push(`${prefix}${name}`.slice(0, 100))
        return []
      }),
    )
  const {
    certificate: _,
    claims,
    signature,
    sent,
    now: __,
    ...others
  } = presentFacts(evidence, lookups, parameters, NEVER)
  const facts = {
    ...others,
    certificate: client === null ? null : client.clientCertHeader.replaceAll(':', ''),
    signature:
      signature === null
        ? null
        : {
            ...signature,
            certificate: null,
            claims: keep(signature.claims, (name) => policy.requestClaims.has(name), 'request.claims.'),
          },
    claims: claims === null ? null : keep(claims, (name) => policy.claims.has(name), 'statement.'),
    sent: keep(sent, (name) => policy.members.has(name) || isTranslation(name, policy.members), ''),
  }
  const json = JSON.stringify(facts)
  if (json.length <= FACTS_LIMIT_CHARACTERS)
    return { ...(JSON.parse(json) as JsonObject), omitted: omitted.slice(0, 100) }
  return { omitted: ['everything, since it is too large'] }
}

function isSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !name.endsWith(NO_SECRET)
}

/** A registrant that sends its private key is refused for it; the trail must not keep the key. */
function withoutPrivateKeys(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutPrivateKeys)
  if (!isJsonObject(value)) return value
  const isKey = Object.hasOwn(value, 'kty')
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !isSecret(name) && !(isKey && PRIVATE_KEY_MEMBERS.has(name)))
      .map(([name, inner]) => [name, withoutPrivateKeys(inner)]),
  )
}
