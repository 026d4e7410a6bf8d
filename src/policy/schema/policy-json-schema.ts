import { z } from 'zod'
import { policyFileSchema } from './policy-file-schema.ts'

/** JSON Schema of policy.yaml, for editors; kept beside the policies as policy.schema.json. */
export function policyJsonSchema(): object {
  return {
    ...z.toJSONSchema(policyFileSchema, { io: 'input', unrepresentable: 'any' }),
    title: 'policy.yaml of dcr-gateway',
  }
}
