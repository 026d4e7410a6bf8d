import { isSecret, replaceSecrets } from '../../json/replace-secrets.ts'
import type { Evidence } from '../../model/decision.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { isTranslation } from '../judge/check-members.ts'
import { findTypeMismatch, type MemberType } from '../member-type.ts'
import { presentFacts } from '../present-facts.ts'
import type { RecordedFacts } from './read-facts.ts'

/** `declared`: what the policy declares; `all`: whatever was sent and signed; secrets never. */
export type RecordedExtent = 'declared' | 'all'

/** The record itself says when. */
const NEVER = new Date(0)
/** Half of what a body may be: a record stays small however much was sent. */
const FACTS_LIMIT_CHARACTERS = 65_536
const OMITTED_LIMIT = 100

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
  const presented = presentFacts(evidence, evidence.lookups, parameters, NEVER)
  const { certificate: _, now: __, claims, signature, sent, headers, ...others } = presented
  const keeper = new Keeper(extent)
  const translated = (name: string): boolean => isTranslation(name, policy.members)
  // Whose seal it is would be a third of a record; readFacts() gives none back.
  if ((signature?.certificate ?? null) !== null) keeper.omit('request.certificate', true)
  const facts: Omit<RecordedFacts, 'omitted'> = {
    ...others,
    certificate: evidence.client === null ? null : evidence.client.clientCertHeader.replaceAll(':', ''),
    // Texts stay texts.
    headers: keeper.keep(headers, 'request.headers.', undefined) as Record<string, string>,
    signature:
      signature === null
        ? null
        : {
            ...signature,
            certificate: null,
            claims: keeper.keep(signature.claims, 'request.claims.', policy.requestClaims),
          },
    claims: claims === null ? null : keeper.keep(claims, 'statement.', policy.claims),
    sent: keeper.keep(sent, '', policy.members, translated),
  }
  const json = JSON.stringify(facts)
  if (json.length > FACTS_LIMIT_CHARACTERS) return { omitted: ['everything, since it is too large'] }
  return { ...(JSON.parse(json) as JsonObject), omitted: keeper.omitted }
}

/** Keeps what may be written down, and the names of what may not. */
class Keeper {
  readonly #declared: string[] = []
  readonly #others: string[] = []
  readonly #extent: RecordedExtent

  constructor(extent: RecordedExtent) {
    this.#extent = extent
  }

  /** What policies may ask for comes first: names that nobody declared a registrant can send as many of as he likes. */
  get omitted(): readonly string[] {
    return [...this.#declared, ...this.#others].slice(0, OMITTED_LIMIT)
  }

  /** `types` of those that are declared; undefined where all names are. */
  keep(
    values: JsonObject,
    prefix: string,
    types: ReadonlyMap<string, MemberType> | undefined,
    isDeclaredBesides: (name: string) => boolean = () => false,
  ): JsonObject {
    const kept: Record<string, Json> = {}
    for (const [name, value] of Object.entries(values)) {
      const type = types?.get(name)
      const isDeclared = types === undefined || type !== undefined || isDeclaredBesides(name)
      // Of another type than declared it may be anything, such as a key set that was sent as text.
      const isForeign = type !== undefined && value !== null && findTypeMismatch(name, value, type) !== null
      if (isSecret(name, value) || isForeign || !(isDeclared || this.#extent === 'all'))
        this.omit(`${prefix}${name}`, isDeclared)
      else kept[name] = replaceSecrets(value, `${prefix}${name}`, (path) => this.omit(path, isDeclared))
    }
    return kept
  }

  omit(path: string, isDeclared: boolean): undefined {
    const omitted = isDeclared ? this.#declared : this.#others
    omitted.push(path.slice(0, 100))
  }
}
