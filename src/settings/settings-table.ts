import { z } from 'zod'
import { describeType } from '../document/describe-type.ts'
import { isSecret } from '../document/find-schemas.ts'
import { definitionOf, unfoldSchema } from '../document/unfold-schema.ts'
import { settingsSchema } from './schema/settings-schema.ts'

type Schema = z.core.$ZodType

/** One key of gateway.yaml, or of another file with a schema, all columns as text. */
export interface SettingsRow {
  readonly key: string
  readonly type: string
  /** `required`, `none`, or the value as YAML. */
  readonly default: string
  readonly meaning: string
}

/** Every key that holds a value, in the order of the schema; `<name>` stands for chosen names, `[]` for entries of a list. */
export function settingsTable(schema: Schema = settingsSchema): readonly SettingsRow[] {
  const rows = new Map<string, SettingsRow>()
  for (const row of rowsOf('', schema)) {
    const { type } = rows.get(row.key) ?? row
    // Kinds of a section share keys; only the one that names the kind differs between them.
    rows.set(row.key, { ...row, type: type === row.type ? type : `${type} or ${row.type}` })
  }
  return [...rows.values()]
}

/** The same as a table in Markdown. */
export function writeSettingsTable(schema?: Schema): string {
  const rows = settingsTable(schema).map((row) => [`\`${row.key}\``, row.type, row.default, row.meaning])
  const lines = [['Key', 'Type', 'Default', 'Meaning'], ['---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')
}

/** `given` is what the key gets from a default of its section. */
function rowsOf(key: string, schema: Schema, given?: unknown): readonly SettingsRow[] {
  const layers = unfoldSchema(schema)
  const standard = layers.map(defaultOf).find((value) => value !== undefined) ?? given
  const below = layers.some(isSecret) ? [] : layers.flatMap((layer) => rowsBelow(key, layer, standard))
  if (below.length > 0) return below
  const optional = layers.some((layer) => definitionOf(layer).type === 'optional') || key.endsWith('>')
  const words = standard === undefined ? (optional ? 'none' : 'required') : writeValue(standard)
  return [{ key, type: describeType(schema), default: words, meaning: z.globalRegistry.get(schema)?.description ?? '' }]
}

/** Rows below a section, a map with chosen names or a list of sections. */
function rowsBelow(key: string, schema: Schema, standard: unknown): readonly SettingsRow[] {
  const definition = definitionOf(schema)
  if (definition.type === 'record') return rowsOf(`${key}.<name>`, definition.valueType)
  if (definition.type === 'array' && definitionOf(definition.element).type === 'object')
    return rowsOf(`${key}[]`, definition.element)
  if (definition.type !== 'object') return []
  return Object.entries(definition.shape).flatMap(([name, inner]) =>
    rowsOf(key === '' ? name : `${key}.${name}`, inner, (standard as Record<string, unknown> | undefined)?.[name]),
  )
}

function defaultOf(schema: Schema): unknown {
  const definition = definitionOf(schema)
  return definition.type === 'default' || definition.type === 'prefault' ? definition.defaultValue : undefined
}

function writeValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}
