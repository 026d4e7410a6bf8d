import type { ResolvedPolicy } from '../compile/resolve-inheritance.ts'
import { lastOf, mergedEntries } from '../compile/resolve-inheritance.ts'
import type { PolicyFile } from '../compile/policy-file.ts'
import { describeDemands } from './describe-demands.ts'
import { fieldsOf, textOf } from './describe-fields.ts'
import type { DescribedItem } from './described-item.ts'
import { listRuleChanges, type RuleChange } from './list-rule-changes.ts'

/** All that a policy says, flat and in words, for people to sign off and for comparing. */
export interface DescribedPolicy {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly source: string
  /** Hex, over this policy and all it extends. */
  readonly sha256: string
  /** Those it extends, and itself last. */
  readonly madeOf: readonly { readonly name: string; readonly version: string; readonly file: string }[]
  readonly ruleChanges: readonly RuleChange[]
  readonly items: readonly DescribedItem[]
}

/** Keys that are described in a way of their own, or say which file this is. */
const OWN_WAY = [
  'apiVersion',
  'name',
  'version',
  'title',
  'source',
  'extends',
  'off',
  'parameters',
  'members',
  'variables',
]
const HANDLED: ReadonlySet<string> = new Set([...OWN_WAY, 'effects', 'scopes', 'rules', 'headers'])

/** Whatever else the language has, now or later, is described as it stands: what is signed off must be all there is. */
export function describePolicy(resolved: ResolvedPolicy): DescribedPolicy {
  const { own, chain, sha256 } = resolved
  const { name, version, title, source } = own.content
  return {
    ...{ name, version, title, source, sha256 },
    madeOf: chain.map(({ file, content }) => ({ name: content.name, version: content.version, file })),
    ruleChanges: listRuleChanges(chain),
    items: [
      ...describeRules(resolved),
      ...describeScopes(chain),
      ...describeDemands(chain, HANDLED),
      ...describeEntries(chain, 'parameters'),
      ...describeEffects(resolved),
      ...describeEntries(chain, 'headers'),
      ...describeEntries(chain, 'members'),
      ...describeEntries(chain, 'variables'),
    ],
  }
}

function describeRules({ rules }: ResolvedPolicy): readonly DescribedItem[] {
  return rules.map(({ source, value: { id, override, ...rule } }) => {
    const { title, clause, on = ['create', 'update'], mode = 'enforce', ...others } = rule
    const fields = fieldsOf({ title, clause, on, mode, ...others })
    return { section: 'rules', name: id, from: source.content.name, fields }
  })
}

function describeScopes(chain: readonly PolicyFile[]): readonly DescribedItem[] {
  const sourced = lastOf(chain, 'scopes')
  if (sourced === null) return []
  const { id, ...fields } = sourced.value
  return [{ section: 'scopes', name: id, from: sourced.source.content.name, fields: fieldsOf(fields) }]
}

function describeEffects({ effects }: ResolvedPolicy): readonly DescribedItem[] {
  return effects.map(({ source, path, value }) => {
    const { on = ['create', 'update'], ...others } = value
    const from = source.content.name
    return {
      section: 'effects',
      name: `${from} effects[${String(path[1])}]`,
      from,
      fields: fieldsOf({ on, ...others }),
    }
  })
}

/** Maps that are merged entry by entry. */
function describeEntries(
  chain: readonly PolicyFile[],
  section: 'parameters' | 'members' | 'variables' | 'headers',
): readonly DescribedItem[] {
  const entries = mergedEntries<unknown>(chain, [section], (content) => content[section])
  return [...entries].map(([name, { source, value }]) => {
    const isMap = typeof value === 'object' && value !== null
    return { section, name, from: source.content.name, fields: isMap ? fieldsOf(value) : [['is', textOf(value)]] }
  })
}
