import type { Json, JsonObject } from '../../model/json.ts'
import type { Finding } from '../../model/refusal.ts'
import { withMetadata, type JudgedFacts } from './build-activation.ts'
import type { CompiledEffect, CompiledPolicy } from '../compiled-policy.ts'
import { describeFailure } from './describe-failure.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import { findTypeMismatch } from '../member-type.ts'
import { openOptional, toJson } from './read-result.ts'

export interface AppliedEffects {
  readonly metadata: Readonly<Record<string, Json>>
  readonly findings: readonly Finding[]
}

/**
 * Makes the effective metadata: what was asked, as changed by the policy's effects in their order. Rules judge the outcome, so nothing
 * that an effect brings in reaches the identity server unjudged.
 */
export function applyEffects(policy: CompiledPolicy, activation: Activation, facts: JudgedFacts): AppliedEffects {
  let metadata: JsonObject = facts.requested
  let current = withMetadata(policy, activation, metadata)
  const findings: Finding[] = []
  for (const effect of policy.effects) {
    if (!effect.on.has(facts.operation)) continue
    try {
      const changed = applies(effect, current) ? applyEffect(policy, effect, current, metadata, findings) : metadata
      // Most effects find nothing to do; then everything computed so far still holds.
      if (changed !== metadata) current = withMetadata(policy, activation, (metadata = changed))
    } catch (failure) {
      findings.push(effectFailed('metadata', effect.when, failure))
    }
  }
  return { metadata, findings }
}

/** A condition that is neither true nor false must not silently leave out what the policy sets. */
function applies({ when }: CompiledEffect, current: Activation): boolean {
  const holds = when === null ? true : when.evaluate(current)
  if (typeof holds !== 'boolean') throw new TypeError('the condition gives neither true nor false')
  return holds
}

function applyEffect(
  policy: CompiledPolicy,
  effect: CompiledEffect,
  current: Activation,
  sent: JsonObject,
  findings: Finding[],
): JsonObject {
  const before = renameMembers(effect, sent)
  const removed = effect.removes.filter((name) => Object.hasOwn(before, name))
  const changes = [
    ...[...effect.defaults].filter(([name]) => !Object.hasOwn(before, name) || removed.includes(name)),
    ...effect.sets,
  ]
  if (removed.length === 0 && changes.length === 0) return before
  const metadata = Object.fromEntries(Object.entries(before).filter(([name]) => !removed.includes(name)))
  for (const [name, expression] of changes) {
    try {
      const value = openOptional(expression.evaluate(current))
      if (value !== undefined) metadata[name] = typedValue(policy, name, toJson(value))
    } catch (failure) {
      findings.push(effectFailed(name, expression, failure))
    }
  }
  return metadata
}

/** The very object when there is nothing to rename. What stands under the new name stays: it was sent under the right one. */
function renameMembers({ renames }: CompiledEffect, before: JsonObject): JsonObject {
  const moved = [...renames].filter(([from, to]) => Object.hasOwn(before, from) && !Object.hasOwn(before, to))
  if (moved.length === 0) return before
  const names = new Map(moved)
  return Object.fromEntries(Object.entries(before).map(([name, value]) => [names.get(name) ?? name, value]))
}

/** The declared type holds for what effects bring in as well, since the statement behind it may hold anything. */
function typedValue(policy: CompiledPolicy, name: string, value: Json): Json {
  const type = policy.members.get(name)
  const mismatch = type === undefined ? null : findTypeMismatch(name, value, type)
  if (mismatch !== null) throw new TypeError(`${mismatch.at} would be ${mismatch.found}, wanted ${mismatch.wanted}`)
  return value
}

function effectFailed(at: string, expression: CompiledExpression | null, failure: unknown): Finding {
  const message = `the value of ${at} could not be derived from the request and its software statement`
  return {
    reason: 'rule-failed',
    at,
    message,
    detail: `${expression?.text ?? ''}: ${describeFailure(failure)}`.slice(0, 500),
  }
}
