import { z } from 'zod'
import { errorCode, expression, line, name, on, status } from './values.ts'

const ruleKeys = z.strictObject({
  id: name,
  title: line.describe('what the rule demands, for a table a regulator can sign off'),
  clause: line.optional().describe('where the regime demands it'),
  on: on.optional(),
  certificate: z
    .array(name)
    .min(1)
    .optional()
    .describe('classes of certificates it applies to; all, and none, when left out'),
  when: expression.optional().describe('the rule applies only where this holds'),
  require: expression.describe('must hold, or the rule is broken'),
  at: line.optional().describe('metadata member, claim or certificate field the registrant should look at'),
  message: line.describe('what is wrong, for the registrant'),
  wanted: expression.optional().describe('value that would have been accepted'),
  found: expression.optional().describe('value that was not'),
  error: errorCode.optional(),
  description: z
    .string()
    .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,400}$/, 'up to 400 printable ASCII characters other than " and \\')
    .optional()
    .describe('error_description of the answer where the regime fixes its words and this rule decides; taken verbatim'),
  status: status.optional(),
  mode: z.enum(['enforce', 'report']).optional().describe('report: written to the audit trail, not refused'),
  from: z.iso.date().optional().describe('first day (UTC) the rule is in force'),
  until: z.iso.date().optional().describe('last day (UTC) the rule is in force'),
  override: z.boolean().optional().describe('replaces the rule of the same id in a policy this one extends'),
})

/** Dates in this form compare as text. A rule that ends before it begins would be loaded and never applied. */
export const rule = ruleKeys.superRefine(({ from, until }, context) => {
  if (from === undefined || until === undefined || from <= until) return
  const message = `a day on or after the first one, ${from}`
  context.addIssue({ code: 'custom', path: ['until'], message, params: { found: until } })
})

export type RuleContent = z.infer<typeof rule>
