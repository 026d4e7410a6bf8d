import type { PolicyFile } from '../compile/policy-file.ts'

/** A rule, or an entry of once, that a policy takes from one it extends and does not leave as it was. */
export interface RuleChange {
  readonly kind: 'overridden' | 'switched off'
  readonly rule: string
  /** Name of the policy that does it, and the place where it says so. */
  readonly by: string
  readonly file: string
  readonly line: number
  /** Name of the policy whose rule it was. */
  readonly of: string
}

/** Every override and every `off` along a chain of policies, in the order in which they take effect. */
export function listRuleChanges(chain: readonly PolicyFile[]): readonly RuleChange[] {
  const owners = new Map<string, string>()
  const changes: RuleChange[] = []
  for (const source of chain) {
    const { name: by, off = [], rules = [], once = [] } = source.content
    const note = (kind: RuleChange['kind'], rule: string, path: readonly (string | number)[]): void => {
      const of = owners.get(rule)
      if (of !== undefined) changes.push({ kind, rule, by, of, file: source.file, line: source.locate(path).line })
    }
    for (const [index, rule] of off.entries()) {
      note('switched off', rule, ['off', index])
      owners.delete(rule)
    }
    for (const [section, entries] of Object.entries({ rules, once })) {
      for (const [index, { id }] of entries.entries()) {
        note('overridden', id, [section, index, 'id'])
        owners.set(id, by)
      }
    }
  }
  return changes
}
