import type { z } from 'zod'
import { definitionOf, unfoldSchema } from './unfold-schema.ts'

type Schema = z.core.$ZodType

const SHOWN_LIMIT = 12

/** What a schema accepts, in words that follow "wanted"; the schema's own words where it has some. */
export function describeType(schema: Schema): string {
  const own = ownWords(schema)
  if (own !== null) return own
  const definition = definitionOf(schema)
  if (definition.type === 'default') return describeType(definition.innerType)
  // z.json() holds itself: to describe what it holds would have no end.
  if (definition.type === 'lazy' && holdsItself(schema)) return 'a JSON value'
  if (definition.type === 'string') return describeString(schema)
  if (definition.type === 'number') return describeNumber(schema)
  if (definition.type === 'boolean') return 'true or false'
  if (definition.type === 'array') return describeList(schema, definition.element)
  if (definition.type === 'record') return `a map, each value ${describeType(definition.valueType)}`
  if (definition.type === 'object') return `a map with the keys ${listWords(Object.keys(definition.shape))}`
  const words = legalWords(schema)
  if (words.length > 0) return oneOf(words)
  const inner = unfoldSchema(schema).filter((layer) => layer !== schema && unfoldSchema(layer).length === 1)
  return inner.length === 0 ? 'a value' : describeTypes(inner)
}

/** What several schemas accept between them. */
export function describeTypes(schemas: readonly Schema[]): string {
  const words = schemas.flatMap(legalWords)
  const others = schemas.filter((schema) => legalWords(schema).length === 0).map(describeType)
  return [...new Set([...(words.length > 0 ? [oneOf(words)] : []), ...others])].join(' or ')
}

/** The values of enums and literals; empty for everything else. */
export function legalWords(schema: Schema): string[] {
  return unfoldSchema(schema).flatMap((layer) => {
    const definition = definitionOf(layer)
    if (definition.type === 'enum') return Object.values(definition.entries).map(String)
    return definition.type === 'literal' ? definition.values.map(String) : []
  })
}

/** Schemas that take a message say in it what they want. */
function ownWords(schema: Schema): string | null {
  const definition = definitionOf(schema)
  const makers = [definition.error, ...(definition.checks ?? []).map((check) => check._zod.def.error)] as (
    z.core.$ZodErrorMap | undefined
  )[]
  for (const maker of makers) {
    const message = maker?.({ code: 'custom', input: undefined, path: [] })
    if (message !== undefined && message !== null) return typeof message === 'string' ? message : message.message
  }
  return null
}

function describeString(schema: Schema): string {
  const definition = definitionOf(schema) as z.core.$ZodStringDef | z.core.$ZodURLDef
  const format: string | null = 'format' in definition ? definition.format : null
  if (format === 'date') return 'a date such as 2026-01-31'
  if (format === 'datetime') return 'a time such as 2027-01-01T00:00:00Z'
  if (format !== 'url') return `text${describeRange(schema, 'of', ' characters')}`
  return 'protocol' in definition && definition.protocol?.test('https') && !definition.protocol.test('http')
    ? 'an https URL'
    : 'a URL'
}

function describeNumber(schema: Schema): string {
  return `a ${'format' in definitionOf(schema) ? 'whole ' : ''}number${describeRange(schema, 'from', '')}`
}

function describeList(schema: Schema, element: Schema): string {
  return `a list${describeRange(schema, 'of', '')}, each entry ${describeType(element)}`
}

function describeRange(schema: Schema, preposition: string, unit: string): string {
  const { minimum, maximum } = rangeOf(schema)
  if (minimum !== undefined && maximum !== undefined) return ` ${preposition} ${minimum} to ${maximum}${unit}`
  if (minimum !== undefined) return ` of at least ${minimum}${unit}`
  return maximum === undefined ? '' : ` of at most ${maximum}${unit}`
}

/** Bounds that are themselves allowed; schemas here have no others. */
function rangeOf(schema: Schema): { minimum?: string; maximum?: string } {
  const range: { minimum?: string; maximum?: string } = {}
  for (const check of (definitionOf(schema).checks ?? []) as readonly unknown[] as readonly z.core.$ZodChecks[]) {
    const { def } = check._zod
    if (def.check === 'greater_than' && def.inclusive) range.minimum = String(def.value)
    if (def.check === 'less_than' && def.inclusive) range.maximum = String(def.value)
    if (def.check === 'min_length') range.minimum = String(def.minimum)
    if (def.check === 'max_length') range.maximum = String(def.maximum)
  }
  return range
}

function oneOf(words: readonly string[]): string {
  return words.length > 2 ? `one of ${listWords(words)}` : words.join(' or ')
}

function listWords(words: readonly string[]): string {
  const more = words.length - SHOWN_LIMIT
  return words.slice(0, SHOWN_LIMIT).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function holdsItself(schema: Schema): boolean {
  return unfoldSchema(schema).some((layer) => {
    const definition = definitionOf(layer)
    return definition.type === 'array' && definition.element === schema
  })
}
