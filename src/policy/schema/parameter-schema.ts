import { z } from 'zod'
import { line } from './values.ts'

export const parameter = z
  .strictObject({
    type: z.enum(['string', 'bool', 'int', 'list(string)']),
    default: z.union([z.string(), z.boolean(), z.int(), z.array(z.string())]),
    oneOf: z
      .array(z.union([z.string(), z.int()]))
      .min(1)
      .optional(),
    meaning: line,
  })
  .describe('a switch that gateway.yaml may set without editing this file')

export type ParameterContent = z.infer<typeof parameter>
