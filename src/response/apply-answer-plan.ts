import type { AnswerPlan } from '../model/answer.ts'
import type { JsonObject } from '../model/json.ts'

/** The body of a granted answer as the policy wants it: what it keeps back, sets, fills in, and the statement, verbatim (RFC 7591 section 3.2.1). */
export function applyAnswerPlan(
  body: JsonObject,
  { removes, sets, fills, echoesStatement }: AnswerPlan,
  statement: string | null,
): JsonObject {
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !removes.includes(name)))
  const echo = echoesStatement && statement !== null ? { software_statement: statement } : {}
  return { ...fills, ...kept, ...sets, ...echo }
}
