import { z } from 'zod'
import { REASON_GROUPS, REASONS, type Reason } from '../../model/reasons.ts'
import { errorCode, line, status } from './values.ts'

const reasonOverride = z.strictObject({
  clause: line.optional(),
  status: status.optional(),
  error: errorCode.optional(),
})
const reasonNames = Object.keys(REASONS) as [Reason, ...Reason[]]

export const reasons = z
  .partialRecord(z.enum([...reasonNames, ...REASON_GROUPS]), reasonOverride)
  .describe(
    'clause, status or error of built-in checks; a name that ends in -* is for those that begin so and are not named',
  )
