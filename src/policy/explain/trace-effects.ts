import type { Json, JsonObject } from '../../model/json.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { ResolvedPolicy } from '../compile/resolve-inheritance.ts'
import { applyEffects } from '../judge/apply-effects.ts'
import { withRequested } from '../judge/build-activation.ts'
import type { JudgementView, Verdict } from '../judge/judge.ts'

/** One change on the way from what was sent to what would be registered. */
export interface MemberChange {
  readonly member: string
  readonly change: 'dropped' | 'default' | 'set' | 'remove' | 'granted'
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
  { facts, base, illTyped }: JudgementView,
  verdict: Verdict,
): readonly MemberChange[] {
  if (verdict.metadata === null) return []
  const changes: MemberChange[] = []
  for (const [member, before] of Object.entries(sent)) {
    const known = [facts.requested, facts.translations].some((members) => Object.hasOwn(members, member))
    if (known || before === null || illTyped.metadata.has(member)) continue
    changes.push({ member, change: 'dropped', by: `${policy.name} members`, before, after: undefined })
  }
  let metadata: JsonObject = facts.requested
  let current = withRequested(policy, base)
  // Once more, effect by effect: the decision itself has no time to take notes.
  for (const [index, { source, path }] of effects.entries()) {
    const alone = { ...policy, effects: policy.effects.slice(index, index + 1) }
    const applied = applyEffects(alone, current, { ...facts, requested: metadata })
    const after: JsonObject = applied.metadata
    current = applied.activation
    const effect = policy.effects[index]
    const by = `${source.content.name} effects[${String(path[1])}]`
    for (const difference of differences(metadata, after)) {
      const { member } = difference
      const change = difference.after === undefined ? 'remove' : effect?.defaults.has(member) ? 'default' : 'set'
      changes.push({ ...difference, change, by })
    }
    metadata = after
  }
  const granted = differences(metadata, verdict.metadata).filter(({ member }) => member === 'scope')
  const by = `${policy.scopes?.declaredBy ?? ''} ${policy.scopes?.id ?? ''}`
  return [...changes, ...granted.map((difference) => ({ ...difference, change: 'granted' as const, by }))]
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
