import { z } from 'zod'
import { errorCode, expression, line, name, on, status } from './values.ts'

/** The longest that anything is remembered: 31 days. */
export const MAX_HOLD_SECONDS = 2_678_400

const onceKeys = z.strictObject({
  id: name,
  clause: line.optional().describe('where the regime demands it'),
  on: on.optional(),
  when: expression.optional().describe('it applies only where this holds'),
  key: expression.describe('what may happen only once, as text; an optional without value: nothing'),
  until: expression
    .optional()
    .describe(
      'until when it is remembered, a timestamp at most 31 days ahead: when the request can no longer be repeated',
    ),
  holdsSeconds: z
    .int()
    .min(1)
    .max(MAX_HOLD_SECONDS)
    .optional()
    .describe('how long it is remembered where until is left out or has no value'),
  at: line.optional().describe('metadata member or claim the registrant should look at'),
  message: line.describe('what is wrong when it happens again, for the registrant'),
  error: errorCode.optional(),
  status: status.optional(),
  override: z.boolean().optional().describe('replaces the entry of the same id in a policy this one extends'),
})

export const once = onceKeys
  .refine(({ until, holdsSeconds }) => until !== undefined || holdsSeconds !== undefined, {
    error: 'until or holdsSeconds, or both',
    params: { found: 'neither' },
  })
  .describe('what may happen only once: reserved while the decision runs, used up only when it is granted')

export type OnceContent = z.infer<typeof onceKeys>
