import type { LookupType } from '../lookup/lookup-type.ts'
import type { MemberType, ObjectType } from '../member-type.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { FIXED_VOCABULARIES } from './fixed-vocabularies.ts'
import { meaningOfMember, wordMeaning, type Meaning } from './meaning.ts'

/** What the names of one policy mean: fields by the name of their type, and names that stand alone. */
export interface Dictionary {
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, Meaning>>
  readonly names: ReadonlyMap<string, Meaning>
  /** Filled as variables are compiled, each after those it may use. */
  readonly variables: Map<string, Meaning>
}

/** What is declared under names of its own; `parameters` tells the legal values of those that have a closed list of them. */
export interface DictionaryEntries {
  readonly members: ReadonlyMap<string, MemberType>
  readonly claims: ReadonlyMap<string, MemberType>
  readonly requestClaims: ReadonlyMap<string, MemberType>
  readonly lookups: ReadonlyMap<string, LookupType>
  readonly parameters: ReadonlyMap<string, Meaning>
  readonly objects: Iterable<ObjectType>
  readonly certificateClasses: readonly string[]
}

export function buildDictionary(entries: DictionaryEntries): Dictionary {
  const variables = new Map<string, Meaning>()
  const { members, claims, requestClaims, lookups, parameters, objects, certificateClasses } = entries
  const fields = new Map<string, ReadonlyMap<string, Meaning>>([
    ...Object.entries(FIXED_VOCABULARIES).map(([type, own]) => [type, new Map(Object.entries(own))] as const),
    ...[...objects].map((object) => [object.name, meaningsOf(object.fields)] as const),
    ['Metadata', meaningsOf(members)],
    ['Statement', meaningsOf(claims)],
    ['RequestClaims', meaningsOf(requestClaims)],
    ['Lookups', meaningsOf(withoutKeys(lookups))],
    ['Parameters', parameters],
    ['Variables', variables],
  ])
  const classes: Vocabulary = { name: 'certificateClasses', words: certificateClasses }
  return { fields, names: new Map([['certificateClass', wordMeaning(classes)]]), variables }
}

/** Keys have no words of a policy's. */
function withoutKeys(lookups: ReadonlyMap<string, LookupType>): ReadonlyMap<string, MemberType> {
  return new Map([...lookups].flatMap(([name, type]) => (type === 'jwks' ? [] : [[name, type] as const])))
}

function meaningsOf(types: ReadonlyMap<string, MemberType>): ReadonlyMap<string, Meaning> {
  return new Map([...types].map(([name, type]) => [name, meaningOfMember(type)]))
}
