import { Argument, Command } from 'commander'
import { trustJsonSchema } from '../certificate/trust/trust-json-schema.ts'
import { policyJsonSchema } from '../policy/schema/policy-json-schema.ts'
import { settingsJsonSchema } from '../settings/settings-schema-json.ts'

const SCHEMAS = { settings: settingsJsonSchema, policy: policyJsonSchema, trust: trustJsonSchema }

/** `schema`: JSON Schemas for editors. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of gateway.yaml, policy.yaml or trust.yaml')
    .addArgument(new Argument('<of>').choices(Object.keys(SCHEMAS)))
    .action((of: keyof typeof SCHEMAS) => {
      process.stdout.write(`${JSON.stringify(SCHEMAS[of](), null, 2)}\n`)
    })
}
