import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { describeFailure } from './describe-failure.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import { openOptional } from './read-result.ts'

const VALUE_LIMIT = 1024
/** RFC 9110 section 5.5 without obs-text: a value from a statement must not be able to end the header and begin another. */
const FIELD_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** Headers for the identity server, derived from verified facts; an optional without value sets none. */
export function deriveHeaders(
  policy: CompiledPolicy,
  activation: Activation,
): { headers: Readonly<Record<string, string>>; findings: Finding[] } {
  const headers: Record<string, string> = {}
  const findings: Finding[] = []
  for (const [name, expression] of policy.headers) {
    try {
      const value = evaluateHeader(expression, activation)
      if (value !== undefined) headers[name] = value
    } catch (failure) {
      findings.push({
        reason: 'rule-failed',
        at: 'software_statement',
        message: 'a fact the identity server needs is missing or unusable',
        detail: `${name}: ${describeFailure(failure)}`,
      })
    }
  }
  return { headers, findings }
}

/** Undefined for an optional without value. @throws TypeError for what no header field can hold, and whatever the expression fails with */
export function evaluateHeader(expression: CompiledExpression, activation: Activation): string | undefined {
  const value = openOptional(expression.evaluate(activation))
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.length > VALUE_LIMIT || !FIELD_VALUE.test(value))
    throw new TypeError('not a header field value')
  return value
}
