import { REASON_GROUPS, REASONS, type Reason, type ReasonOverride, type ReasonOverrides } from '../../model/reasons.ts'
import type { PolicyFile } from './policy-file.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'

type Written = NonNullable<PolicyFileContent['reasons']>

/** How a policy and those it extends word built-in checks, reason by reason; the last one that speaks of a reason wins. */
export function compileReasons(chain: readonly PolicyFile[]): ReasonOverrides {
  return Object.fromEntries(chain.flatMap((file) => expand(file.content.reasons ?? {})))
}

/** Groups first, so that what is said of a single reason wins over what is said of its group. */
function expand(written: Written): readonly (readonly [string, ReasonOverride])[] {
  const names = Object.keys(REASONS) as Reason[]
  const ofGroups = REASON_GROUPS.flatMap((group) => {
    const override = written[group]
    const members = names.filter((name) => name.startsWith(group.slice(0, -1)))
    return override === undefined ? [] : members.map((name) => [name, compact(override)] as const)
  })
  const single = names.flatMap((name) => {
    const override = written[name]
    return override === undefined ? [] : [[name, compact(override)] as const]
  })
  return [...ofGroups, ...single]
}

function compact(override: NonNullable<Written[Reason]>): ReasonOverride {
  return Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined))
}
