import type { AnswerPlan } from '../../model/answer.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { carriesMetadata } from '../../model/operation.ts'
import type { Finding } from '../../model/refusal.ts'
import { REGISTERED_CLAIMS } from '../../model/registered-claims.ts'
import { SERVER_MEMBERS } from '../../model/server-members.ts'
import type { CompiledPolicy, CompiledResponse } from '../compiled-policy.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import type { JudgedFacts } from './build-activation.ts'
import { evaluateHeader } from './derive-headers.ts'
import { describeFailure } from './describe-failure.ts'
import { openOptional, toJson } from './read-result.ts'

/** Of what expressions put into one answer: a statement is bounded where it is read, but an expression may repeat it. */
const SETS_LIMIT_CHARACTERS = 65_536

/**
 * Settles what of the answer is the policy's, before anything is sent: an expression that fails then refuses a request, where later it
 * could only withhold credentials that the identity server has already given. Nothing the identity server says is an input.
 */
export function planAnswer(
  { response }: CompiledPolicy,
  activation: Activation,
  facts: JudgedFacts,
  claims: JsonObject | null,
): { readonly plan: AnswerPlan; readonly findings: readonly Finding[] } {
  const { operation } = facts
  const findings: Finding[] = []
  const evaluate = <Value>(
    entries: ReadonlyMap<string, CompiledExpression>,
    read: (expression: CompiledExpression) => Value | undefined,
  ): Record<string, Value> => {
    const usable = [...entries].filter(([, expression]) => carriesMetadata(operation) || !restsOnBody(expression))
    const values = usable.map(([name, expression]) => [name, attempt(name, () => read(expression), findings)] as const)
    return Object.fromEntries(values.filter((entry): entry is [string, Value] => entry[1] !== undefined))
  }
  const sets = operation === 'delete' ? {} : evaluate(response.sets, (expression) => jsonOf(expression, activation))
  if (JSON.stringify(sets).length > SETS_LIMIT_CHARACTERS) findings.push(unanswerable('response', 'too large'))
  const plan: AnswerPlan = {
    status: response.statuses.get(operation) ?? null,
    headers: evaluate(response.headers, (expression) => evaluateHeader(expression, activation)),
    removes: response.removes,
    sets,
    fills: response.flattensStatement ? flatten(claims ?? {}, response) : {},
    echoesStatement: response.echoesStatement && carriesMetadata(operation),
    deletionBody: operation === 'delete' ? deletionBody(response, activation, findings) : null,
  }
  return { plan, findings }
}

/** A read or a delete has neither metadata nor a statement: what rests on them is left out of its answer. */
function restsOnBody({ metadataNamed, claimsNamed }: CompiledExpression): boolean {
  return metadataNamed.size > 0 || claimsNamed.size > 0
}

function attempt<Value>(name: string, read: () => Value, findings: Finding[]): Value | undefined {
  try {
    return read()
  } catch (failure) {
    findings.push(unanswerable(name, describeFailure(failure)))
    return undefined
  }
}

function jsonOf(expression: CompiledExpression, activation: Activation): Json | undefined {
  const value = openOptional(expression.evaluate(activation))
  return value === undefined ? undefined : toJson(value)
}

function deletionBody(
  { deletionBody: expression }: CompiledResponse,
  activation: Activation,
  findings: Finding[],
): JsonObject | null {
  const body = expression === null ? undefined : attempt('body', () => jsonOf(expression, activation), findings)
  if (isJsonObject(body)) return body
  if (body !== undefined) findings.push(unanswerable('body', 'no map'))
  return null
}

function flatten(claims: JsonObject, { removes }: CompiledResponse): JsonObject {
  const isForeign = (name: string): boolean =>
    REGISTERED_CLAIMS.has(name) || SERVER_MEMBERS.has(name) || name === 'software_statement' || removes.includes(name)
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !isForeign(name)))
}

function unanswerable(name: string, why: string): Finding {
  const message = 'a fact that the answer must hold is missing or unusable'
  return { reason: 'rule-failed', at: 'response', message, detail: `${name}: ${why}` }
}
