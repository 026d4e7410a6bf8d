import type { ResolvedPolicy } from '../compile/resolve-inheritance.ts'
import { DEFAULT_ON } from '../compile/compile-rules.ts'
import { INHERITANCE } from '../compile/inheritance.ts'
import { lastOf } from '../compile/resolve-inheritance.ts'
import { describeItem } from './describe-item.ts'
import { describeSection } from './describe-sections.ts'
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

/** Sections that people look for in this place; whatever else the language has stands between them. */
const FIRST = ['rules', 'scopes'] as const
const LAST = ['parameters', 'effects', 'headers', 'members', 'variables'] as const

/** Whatever else the language has, now or later, is described as it stands: what is signed off must be all there is. */
export function describePolicy(resolved: ResolvedPolicy): DescribedPolicy {
  const { own, chain, sha256 } = resolved
  const { name, version, title, source } = own.content
  return {
    ...{ name, version, title, source, sha256 },
    madeOf: chain.map(({ file, content }) => ({ name: content.name, version: content.version, file })),
    ruleChanges: listRuleChanges(chain),
    items: [...FIRST, ...between(), ...LAST].flatMap((section) => describe(resolved, section)),
  }
}

type Section = keyof typeof INHERITANCE

function between(): readonly Section[] {
  const placed: readonly string[] = [...FIRST, ...LAST]
  return (Object.keys(INHERITANCE) as Section[]).filter(
    (section) => INHERITANCE[section] !== 'head' && !placed.includes(section),
  )
}

function describe(resolved: ResolvedPolicy, section: Section): readonly DescribedItem[] {
  switch (section) {
    case 'rules':
      return describeRules(resolved)
    case 'once':
      return resolved.once.map(({ source, value: { id, override: _, on = DEFAULT_ON, ...entry } }) =>
        describeItem('once', id, source.content.name, { on, ...entry }),
      )
    case 'effects':
      return describeEffects(resolved)
    case 'scopes':
      return describeScopes(resolved)
    default:
      return describeSection(resolved.chain, section)
  }
}

function describeRules({ rules }: ResolvedPolicy): readonly DescribedItem[] {
  return rules.map(({ source, value: { id, override: _, ...rule } }) => {
    const { title, clause, on = DEFAULT_ON, mode = 'enforce', ...others } = rule
    return describeItem('rules', id, source.content.name, { title, clause, on, mode, ...others })
  })
}

function describeScopes({ chain }: ResolvedPolicy): readonly DescribedItem[] {
  const sourced = lastOf(chain, 'scopes')
  if (sourced === null) return []
  const { id, ...fields } = sourced.value
  return [describeItem('scopes', id, sourced.source.content.name, fields)]
}

function describeEffects({ effects }: ResolvedPolicy): readonly DescribedItem[] {
  return effects.map(({ source, path, value: { on = DEFAULT_ON, ...others } }) => {
    const from = source.content.name
    return describeItem('effects', `${from} effects[${String(path[1])}]`, from, { on, ...others })
  })
}
