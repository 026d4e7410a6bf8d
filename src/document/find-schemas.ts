import { z } from 'zod'
import type { KeyPath } from './key-path.ts'
import { definitionOf, unfoldSchema } from './unfold-schema.ts'

type Schema = z.core.$ZodType

export interface SchemasAtPath {
  /** What a value there may have to obey; several below a union, none below an unknown key. */
  readonly schemas: readonly Schema[]
  /** Whether one of them, or of those around them, is marked `writeOnly`: such values are never shown. */
  readonly secret: boolean
}

/** The schemas for the place a path names; `data` tells which branch of a discriminated union is meant. */
export function findSchemas(root: Schema, data: unknown, path: KeyPath): SchemasAtPath {
  let schemas: readonly Schema[] = [root]
  let value = data
  let secret = false
  for (const step of path) {
    const layers = schemas.flatMap((schema) => unfoldSchema(schema, value))
    secret ||= layers.some(isSecret)
    schemas = layers.flatMap((schema) => childSchema(schema, step) ?? [])
    value = (value as Record<string | number, unknown> | null | undefined)?.[step]
  }
  secret ||= schemas.flatMap((schema) => unfoldSchema(schema, value)).some(isSecret)
  return { schemas, secret }
}

function childSchema(schema: Schema, step: string | number): Schema | undefined {
  const definition = definitionOf(schema)
  if (typeof step === 'number') return definition.type === 'array' ? definition.element : undefined
  if (definition.type === 'record') return definition.valueType
  return definition.type === 'object' && Object.hasOwn(definition.shape, step) ? definition.shape[step] : undefined
}

/** `writeOnly` is what JSON Schema calls values that may be written and never shown. */
export function isSecret(schema: Schema): boolean {
  return z.globalRegistry.get(schema)?.['writeOnly'] === true
}
