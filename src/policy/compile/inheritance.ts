import type { PolicyFileContent } from '../schema/policy-file-schema.ts'

/**
 * What becomes of a section that several policies of a chain have. `head` says which file it is and is never inherited; `whole` is that of the
 * last one; `by key` and `by entry` take each key from the last one that has it, `by entry` of a map whose keys are names; `union` takes all;
 * `in order` those of all, one after the other; `by id` resolveInheritance() settles with `override` and `off`.
 */
export type Inheritance = 'head' | 'whole' | 'by key' | 'by entry' | 'union' | 'in order' | 'by id'

export const INHERITANCE = {
  apiVersion: 'head',
  name: 'head',
  version: 'head',
  title: 'head',
  source: 'head',
  extends: 'head',
  off: 'head',
  parameters: 'by entry',
  vocabularies: 'by entry',
  types: 'by entry',
  clientCertificate: 'by key',
  certificateClasses: 'whole',
  softwareStatement: 'by key',
  signedRequest: 'by key',
  members: 'by entry',
  unknownMembers: 'whole',
  lookups: 'by entry',
  variables: 'by entry',
  effects: 'in order',
  scopes: 'whole',
  rules: 'by id',
  headers: 'by entry',
  client: 'by key',
  once: 'by id',
  response: 'by key',
  errorAnswer: 'whole',
  reasons: 'by entry',
} as const satisfies Record<keyof PolicyFileContent, Inheritance>

/** Keys of sections inherited `by key` whose own keys are inherited one by one; all others are taken as they stand. */
export const INHERITANCE_OF_KEYS: Readonly<Record<string, 'by entry' | 'union'>> = {
  'softwareStatement.claims': 'by entry',
  'softwareStatement.directories': 'by entry',
  'signedRequest.claims': 'by entry',
  'response.set': 'by entry',
  'response.headers': 'by entry',
  'response.success': 'by entry',
  'response.remove': 'union',
}

/** Sections whose order decides: of effects each sees what those before it left, of classes of certificates the first one counts. */
export const ORDERED_SECTIONS = ['effects', 'certificateClasses'] as const

export type WholeSection = {
  [Section in keyof typeof INHERITANCE]: (typeof INHERITANCE)[Section] extends 'whole' ? Section : never
}[keyof typeof INHERITANCE]
