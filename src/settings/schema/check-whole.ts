import type { z } from 'zod'

/** A rule over several keys of a section. Values may be of any type: the rule is asked even when single keys have faults. */
export type WholeRule = (section: Readonly<Record<string, unknown>>, report: ReportWhole) => void
export type ReportWhole = (path: readonly (string | number)[], wanted: string, found?: string) => void

/** Adds a rule that runs beside the checks of the single keys, so that all faults come out at once. */
export function checkWhole<T extends z.ZodType>(schema: T, rule: WholeRule): T {
  return schema.superRefine(
    (section, context) => {
      rule(section as Readonly<Record<string, unknown>>, (path, message, found) =>
        context.addIssue({
          code: 'custom',
          path: [...path],
          message,
          ...(found === undefined ? {} : { params: { found } }),
        }),
      )
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
}
