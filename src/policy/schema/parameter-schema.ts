import { z } from 'zod'
import { innermostName } from '../parse-member-type.ts'
import { line } from './values.ts'

/** What an operator writes on one line of gateway.yaml. */
const parameterType = z
  .string()
  .refine(isParameterType, 'string, bool, int, list(string), a vocabulary or list(vocabulary)')

export const parameter = z
  .strictObject({
    type: parameterType,
    default: z.union([z.string(), z.boolean(), z.int(), z.array(z.string())]),
    oneOf: z
      .array(z.union([z.string(), z.int()]))
      .min(1)
      .optional(),
    meaning: line,
  })
  .describe('a switch that gateway.yaml may set without editing this file')

export type ParameterContent = z.infer<typeof parameter>

function isParameterType(text: string): boolean {
  const name = /^list\((.*)\)$/.exec(text)?.[1] ?? text
  if (name === 'bool' || name === 'int') return name === text
  return name === innermostName(name) && /^[a-z]/.test(name) && !['double', 'timestamp', 'dyn'].includes(name)
}
