import { STRING_TYPE_NAMES } from '../../asn1/string-type-name.ts'
import { KEY_TYPES, KEY_USAGES, NAMED_CURVES } from '../../model/client.ts'
import { OPERATIONS } from '../../model/operation.ts'
import { PSD2_ROLES, QUALIFIED_TYPES } from '../../model/qualified-statements.ts'
import type { FIXED_TYPES } from '../expression/facts.ts'
import { wordMeaning, type Meaning } from './meaning.ts'

/** What has no name in a certificate is told by its OID. */
const OBJECT_IDENTIFIER = /^[0-2](\.(0|[1-9][0-9]*))+$/

function one(name: string, words: readonly string[], beside?: RegExp): Meaning {
  return wordMeaning({ name, words, ...(beside === undefined ? {} : { beside }) })
}

function many(name: string, words: readonly string[], beside?: RegExp): Meaning {
  return { kind: 'list', of: one(name, words, beside) }
}

/** Fields of the gateway's own types that hold words of a closed list, by type and field. */
export const FIXED_VOCABULARIES: {
  readonly [Type in keyof typeof FIXED_TYPES]?: {
    readonly [Field in keyof (typeof FIXED_TYPES)[Type]]?: Meaning
  }
} = {
  Request: { operation: one('request.operation', OPERATIONS) },
  Attribute: { stringType: one('string types', STRING_TYPE_NAMES) },
  PublicKey: { type: one('publicKey.type', KEY_TYPES), curve: one('publicKey.curve', NAMED_CURVES) },
  Certificate: { keyUsage: many('keyUsage', KEY_USAGES) },
  QualifiedStatements: { types: many('qualified.types', Object.keys(QUALIFIED_TYPES), OBJECT_IDENTIFIER) },
  Psd2Statement: { roles: many('psd2.roles', Object.keys(PSD2_ROLES), OBJECT_IDENTIFIER) },
}
