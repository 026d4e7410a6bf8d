import { z } from 'zod'
import { expression, memberName, on } from './values.ts'

export const effectValue = z
  .union([expression, z.boolean(), z.number()], {
    error: `an expression, such as '"text"', '["one", "two"]', true or 5`,
  })
  .transform(String)

export const effect = z
  .strictObject({
    on: on.optional(),
    when: expression.optional(),
    rename: z
      .record(memberName, memberName)
      .optional()
      .describe('members that get another name, old to new; none is moved over one that is there'),
    default: z
      .record(memberName, effectValue)
      .optional()
      .describe('members given a value where the registrant sent none'),
    set: z.record(memberName, effectValue).optional().describe('members given a value whatever the registrant sent'),
    remove: z.array(memberName).min(1).optional().describe('members taken out'),
  })
  .describe('a change to the metadata, made before the rules judge it; an optional without value changes nothing')

export type EffectContent = z.infer<typeof effect>
