import type { z } from 'zod'

type Schema = z.core.$ZodType

/** A schema with everything it wraps, and the branches of unions that may apply to the value. */
export function unfoldSchema(schema: Schema, value?: unknown): Schema[] {
  return [schema, ...innerSchemas(schema, value).flatMap((inner) => unfoldSchema(inner, value))]
}

/** The definition, typed as the closed union zod documents for walking schemas. */
export function definitionOf(schema: Schema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def
}

function innerSchemas(schema: Schema, value: unknown): readonly Schema[] {
  const definition = definitionOf(schema)
  if (definition.type === 'union') return branches(definition, value)
  if (definition.type === 'pipe') return [definition.in]
  if (definition.type === 'lazy') return [definition.getter()]
  return 'innerType' in definition ? [definition.innerType] : []
}

function branches(
  definition: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef,
  value: unknown,
): readonly Schema[] {
  if (!('discriminator' in definition) || typeof value !== 'object' || value === null) return definition.options
  const key = definition.discriminator
  const tag = (value as Record<string, unknown>)[key]
  const chosen = definition.options.filter((option) => option._zod.propValues?.[key]?.has(tag as z.core.util.Primitive))
  return chosen.length > 0 ? chosen : definition.options
}
