import type { Json, JsonObject } from '../../model/json.ts'
import type { CompiledEffect, CompiledPolicy } from '../compiled-policy.ts'
import type { ResolvedPolicy } from '../compile/resolve-inheritance.ts'
import { applyEffects, renameMembers } from '../judge/apply-effects.ts'
import { withRequested } from '../judge/build-activation.ts'
import type { JudgementView, Verdict } from '../judge/judge.ts'
import { findUndeclared } from '../keep-declared.ts'

/** One change on the way from what was sent to what would be registered. */
export interface MemberChange {
  /** Below a member its path: `address.note`. */
  readonly member: string
  readonly change: 'dropped' | 'rename' | 'default' | 'set' | 'remove' | 'granted'
  /** The name it had before it was renamed. */
  readonly from?: string
  /** Name of the policy and the place in it, such as `harbour effects[0]`. */
  readonly by: string
  /** Undefined where there was none, or is none any more. */
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** Every change that types, effects and scopes made to the metadata, in the order in which they made them. */
export function traceEffects(
  policy: CompiledPolicy,
  { effects }: ResolvedPolicy,
  sent: JsonObject,
  view: JudgementView,
  verdict: Verdict,
): readonly MemberChange[] {
  if (verdict.metadata === null) return []
  const { facts, base } = view
  const changes: MemberChange[] = [...traceDropped(policy, sent, view)]
  let { requested: metadata, translations } = facts
  let current = withRequested(policy, base)
  // Once more, effect by effect: the decision itself has no time to take notes.
  for (const [index, effect] of policy.effects.entries()) {
    const applied = applyEffects({ ...policy, effects: [effect] }, current, {
      ...facts,
      ...{ requested: metadata, translations },
    })
    const by = nameEffect(effects[index])
    changes.push(...traceEffect(effect, metadata, applied.metadata, by))
    // Those of a member that the effect settles go with it.
    changes.push(...traceEffect(effect, translations, applied.translations, by))
    ;({ metadata, translations, activation: current } = applied)
  }
  const granted = differences(metadata, verdict.metadata).filter(({ member }) => member === 'scope')
  const by = `${policy.scopes?.declaredBy ?? ''} ${policy.scopes?.id ?? ''}`
  return [...changes, ...granted.map((difference) => ({ ...difference, change: 'granted' as const, by }))]
}

/** What nobody declared, be it a member or something below one. */
function traceDropped(
  { name, members }: CompiledPolicy,
  sent: JsonObject,
  { facts, illTyped }: JudgementView,
): readonly MemberChange[] {
  const dropped = Object.entries(sent).flatMap(([member, value]) => {
    if (value === null || illTyped.metadata.has(member) || Object.hasOwn(facts.translations, member)) return []
    const type = members.get(member)
    return type === undefined ? [{ at: member, value }] : findUndeclared(member, value, type)
  })
  return dropped.map(({ at, value }) => ({
    ...{ member: at, change: 'dropped', by: `${name} members`, before: value, after: undefined },
  }))
}

function nameEffect(effect: ResolvedPolicy['effects'][number] | undefined): string {
  return effect === undefined ? '' : `${effect.source.content.name} effects[${String(effect.path[1])}]`
}

function traceEffect(
  effect: CompiledEffect,
  before: JsonObject,
  after: JsonObject,
  by: string,
): readonly MemberChange[] {
  // The very same: it did not apply, or found nothing to do.
  if (before === after) return []
  const renamed = renameMembers(effect, before)
  const renames = [...effect.renames].flatMap(([from, member]): readonly MemberChange[] =>
    Object.hasOwn(before, from) && !Object.hasOwn(renamed, from)
      ? [{ member, change: 'rename', from, by, before: before[from], after: renamed[member] }]
      : [],
  )
  const others = differences(renamed, after).map((difference): MemberChange => {
    const { member } = difference
    const change = difference.after === undefined ? 'remove' : effect.defaults.has(member) ? 'default' : 'set'
    return { ...difference, change, by }
  })
  return [...renames, ...others]
}

function differences(
  before: JsonObject,
  after: JsonObject,
): readonly Pick<MemberChange, 'member' | 'before' | 'after'>[] {
  const members = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...members]
    .map((member) => ({ member, before: before[member], after: after[member] }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after))
}
