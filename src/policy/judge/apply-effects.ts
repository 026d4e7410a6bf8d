import type { Json, JsonObject } from '../../model/json.ts'
import type { Finding } from '../../model/refusal.ts'
import { baseOfTranslation } from './check-members.ts'
import { withMetadata, type FullActivation, type JudgedFacts } from './build-activation.ts'
import type { CompiledEffect, CompiledPolicy } from '../compiled-policy.ts'
import { describeFailure } from './describe-failure.ts'
import type { Activation, CompiledExpression } from '../expression/compile-expression.ts'
import { keepDeclared } from '../keep-declared.ts'
import { findTypeMismatch } from '../member-type.ts'
import { MetadataDraft } from './metadata-draft.ts'
import { openOptional, toJson } from './read-result.ts'

export interface AppliedEffects {
  readonly metadata: Readonly<Record<string, Json>>
  /** Those of members that no effect settled. */
  readonly translations: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
  /** With that metadata. */
  readonly activation: FullActivation
}

/**
 * Makes the effective metadata: what was asked, as changed by the policy's effects in their order. Rules judge the outcome, so nothing
 * that an effect brings in reaches the identity server unjudged.
 */
export function applyEffects(policy: CompiledPolicy, asRequested: FullActivation, facts: JudgedFacts): AppliedEffects {
  const draft = new MetadataDraft(facts.requested)
  let current = asRequested
  const findings: Finding[] = []
  const settled = new Set<string>()
  for (const effect of policy.effects) {
    if (!effect.on.has(facts.operation)) continue
    try {
      const changes = applies(effect, current) && applyEffect(policy, effect, current, draft, { findings, settled })
      // Most effects find nothing to do; then everything computed so far still holds.
      if (changes) current = withMetadata(policy, asRequested, draft.metadata)
    } catch (failure) {
      findings.push(effectFailed('metadata', effect.when, failure))
    }
  }
  const translations = withoutSettled(facts.translations, settled)
  return { metadata: draft.metadata, translations, findings, activation: current }
}

/**
 * A member that the policy renames, removes or gives a value has no forms in other languages but its own: a name from the statement would
 * be shown beside another one that the registrant made up. Not even where he sent the very value, for the rest is still his.
 */
function withoutSettled(
  translations: JudgedFacts['translations'],
  settled: ReadonlySet<string>,
): JudgedFacts['translations'] {
  const kept = Object.entries(translations).filter(([name]) => !settled.has(baseOfTranslation(name)))
  return kept.length === Object.keys(translations).length ? translations : Object.fromEntries(kept)
}

/** A condition that is neither true nor false must not silently leave out what the policy sets. */
function applies({ when }: CompiledEffect, current: Activation): boolean {
  const holds = when === null ? true : when.evaluate(current)
  if (typeof holds !== 'boolean') throw new TypeError('the condition gives neither true nor false')
  return holds
}

interface Notes {
  readonly findings: Finding[]
  /** Members that the policy decides, whatever was sent; not those with a default, which the registrant may give another value. */
  readonly settled: Set<string>
}

/** Whether there was anything to change. What the effect evaluates still sees the metadata as they were before it. */
function applyEffect(
  policy: CompiledPolicy,
  effect: CompiledEffect,
  current: Activation,
  draft: MetadataDraft,
  { findings, settled }: Notes,
): boolean {
  for (const name of effect.removes) settled.add(name)
  for (const name of effect.renames.keys()) settled.add(name)
  const kept = withoutMembers(renameMembers(effect, draft.metadata), effect.removes)
  const changes = new Map<string, Json>()
  const change = (name: string, expression: CompiledExpression, isSet: boolean): void => {
    try {
      const value = openOptional(expression.evaluate(current))
      if (value === undefined) return
      if (isSet) settled.add(name)
      const json = typedValue(policy, name, toJson(value))
      if (changes.has(name) || !Object.hasOwn(kept, name) || kept[name] !== json) changes.set(name, json)
    } catch (failure) {
      findings.push(effectFailed(name, expression, failure))
    }
  }
  for (const [name, expression] of effect.defaults) if (!Object.hasOwn(kept, name)) change(name, expression, false)
  for (const [name, expression] of effect.sets) change(name, expression, true)
  return draft.change(kept, changes)
}

/** The very same object where none of them is there. */
function withoutMembers(metadata: JsonObject, names: readonly string[]): JsonObject {
  if (!names.some((name) => Object.hasOwn(metadata, name))) return metadata
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !names.includes(name)))
}

/** The very object when there is nothing to rename. What stands under the new name stays: it was sent under the right one. */
export function renameMembers({ renames }: Pick<CompiledEffect, 'renames'>, before: JsonObject): JsonObject {
  if (renames.size === 0) return before
  const moved = [...renames].filter(([from, to]) => Object.hasOwn(before, from) && !Object.hasOwn(before, to))
  if (moved.length === 0) return before
  const names = new Map(moved)
  return Object.fromEntries(Object.entries(before).map(([name, value]) => [names.get(name) ?? name, value]))
}

/** The declared type holds for what effects bring in as well, since the statement behind it may hold anything. */
function typedValue(policy: CompiledPolicy, name: string, value: Json): Json {
  const type = policy.members.get(name)
  if (type === undefined) throw new Error(`an effect on ${name}, which nobody declared, was loaded`)
  const mismatch = findTypeMismatch(name, value, type)
  if (mismatch !== null) throw new TypeError(`${mismatch.at} would be ${mismatch.found}, wanted ${mismatch.wanted}`)
  return keepDeclared(value, type)
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
