import { z } from 'zod'
import { trustSettingsSchema } from './trust-settings-schema.ts'

/** JSON Schema (2020-12) of trust.yaml as an operator writes it, for editors; kept as certs/trust.schema.json. */
export function trustJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(trustSettingsSchema, { io: 'input', unrepresentable: 'throw' })
  return { $schema, title: 'trust.yaml of dcr-gateway', ...rest }
}
