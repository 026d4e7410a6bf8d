import { z } from 'zod'
import { settingsSchema } from './schema/settings-schema.ts'

/** JSON Schema (2020-12) of gateway.yaml as an operator writes it, for editors that complete and underline. */
export function settingsJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'throw' })
  return { $schema, title: 'Settings of dcr-gateway', ...rest }
}
