import { z } from 'zod'
import { describeTypes, legalWords } from './describe-type.ts'
import { findSchemas } from './find-schemas.ts'
import { flattenIssues } from './flatten-issues.ts'
import { formatPath, valueAt, type KeyPath } from './key-path.ts'
import { nearestName } from './nearest-name.ts'
import { isSecretName } from '../model/secret-names.ts'
import { renderKind, renderValue, shorten } from './render-value.ts'
import { definitionOf, unfoldSchema } from './unfold-schema.ts'

type Schema = z.core.$ZodType
type Issue = z.core.$ZodIssue

/** One fault of the data, not yet tied to a line. */
export interface Explanation {
  readonly path: KeyPath
  readonly wanted: string
  readonly found: string
  readonly hint?: string
  /** The key that was meant, for a misspelt one. */
  readonly meant?: KeyPath
  readonly missing?: boolean
}

/** Turns what zod says into words for the person who wrote the file; one mistake becomes one explanation. */
export function explainIssues(schema: Schema, data: unknown, issues: readonly Issue[]): Explanation[] {
  const all = flattenIssues(issues).flatMap((issue) => explainIssue(schema, data, issue))
  // Two rules of a schema may say the same of one value.
  const explanations = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
  // A misspelt key is missing under its right name as well.
  const meant = new Set(explanations.flatMap((one) => (one.meant === undefined ? [] : [formatPath(one.meant)])))
  return explanations.filter((one) => !(one.missing === true && meant.has(formatPath(one.path))))
}

function explainIssue(root: Schema, data: unknown, issue: Issue): Explanation[] {
  const path = issue.path as KeyPath
  const { schemas, secret } = findSchemas(root, data, path)
  const value = valueAt(data, path)
  if (issue.code === 'unrecognized_keys' && !secret) {
    const legal = schemas.flatMap((schema) => unfoldSchema(schema, value)).flatMap(keysOf)
    return issue.keys.map((key) => explainKey(path, key, [...new Set(legal)]))
  }
  if (issue.code === 'invalid_key') return [explainName(root, data, path, issue.issues)]
  const hidden = secret || path.some((key) => typeof key === 'string' && isSecretName(key))
  const found = foundBy(issue) ?? (hidden ? renderKind : renderValue)(value)
  const near = typeof value === 'string' && !hidden ? nearestName(value, schemas.flatMap(legalWords)) : null
  // What is legal by itself, and wrong beside something else, was no misspelling.
  const hint = near === null || near === value ? quoteHint(issue, value) : didYouMean(near)
  return [{ path, wanted: worded(issue, refusing(schemas, value)), found, ...hint, missing: value === undefined }]
}

/** Of several branches, only one that does not take the value can be the one that was meant. */
function refusing(schemas: readonly Schema[], value: unknown): readonly Schema[] {
  const some = schemas.filter((schema) => !z.safeParse(schema, value).success)
  return some.length > 0 ? some : schemas
}

/** YAML tells text from numbers by the quotes alone: `version: 1.0` is a number, `port: "443"` is text. */
function quoteHint(issue: Issue, value: unknown): { hint?: string } {
  if (issue.code !== 'invalid_type') return {}
  if (issue.expected === 'string' && ['number', 'boolean'].includes(typeof value)) return { hint: 'put it in quotes' }
  const numeric = typeof value === 'string' && /^-?\d+$/.test(value)
  return numeric && ['number', 'int'].includes(issue.expected) ? { hint: 'leave out the quotes' } : {}
}

/** Checks over several keys say themselves what they found: the whole map would tell nobody anything. */
function foundBy(issue: Issue): string | null {
  const found: unknown = issue.code === 'custom' ? issue.params?.['found'] : undefined
  return typeof found === 'string' ? found : null
}

function explainKey(path: KeyPath, key: string, legal: readonly string[]): Explanation {
  const near = nearestName(key, legal)
  const explanation = { path: [...path, key], wanted: 'a known key', found: shorten(key) }
  if (near !== null) return { ...explanation, ...didYouMean(near), meant: [...path, near] }
  return { ...explanation, hint: `the keys here are ${legal.join(', ')}` }
}

/** A key of a map whose keys are chosen freely within a form. */
function explainName(root: Schema, data: unknown, path: KeyPath, issues: readonly Issue[]): Explanation {
  const maps = findSchemas(root, data, path.slice(0, -1)).schemas.flatMap((schema) => unfoldSchema(schema))
  const names = maps.map(definitionOf).flatMap((map) => (map.type === 'record' ? [map.keyType] : []))
  return { path, wanted: worded(issues[0], names), found: shorten(String(path.at(-1))) }
}

function keysOf(schema: Schema): string[] {
  const definition = definitionOf(schema)
  if (definition.type === 'record') return legalWords(definition.keyType)
  return definition.type === 'object' ? Object.keys(definition.shape) : []
}

function worded(issue: Issue | undefined, schemas: readonly Schema[]): string {
  return issue === undefined || issue.message === '' ? describeTypes(schemas) : issue.message
}

function didYouMean(near: string): { hint: string } {
  return { hint: `did you mean ${near}?` }
}
