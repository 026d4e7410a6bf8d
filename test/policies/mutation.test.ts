import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { checkCases } from '../../src/policy/cases/check-cases.ts'
import { loadCases, type LoadedCases } from '../../src/policy/cases/load-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import type { CompiledPolicy, CompiledRule } from '../../src/policy/compiled-policy.ts'
import { loadPolicies } from '../../src/policy/load-policies.ts'

const FOLDER = join(ROOT, 'policies')
const { policies } = await loadPolicies(FOLDER)
const published = await Promise.all(
  [...policies.values()].map(async (policy) => ({
    policy,
    cases: (await loadCases(join(FOLDER, policy.name))).loaded,
  })),
)

/** What `dcr-gateway test` says of a policy: whether all its cases come out as they say, and no rule is without. */
function isGreen(policy: CompiledPolicy, cases: LoadedCases): boolean {
  if (checkCases(policy, cases).length > 0) return false
  const { given, results, uncovered } = runCases(policy, cases.cases)
  return given === null && uncovered.length === 0 && results.every(({ problem }) => problem === null)
}

/** The policy with one rule in another form; null where the mutation would change nothing. */
type Mutation = (rule: CompiledRule) => CompiledRule | null

/** As if the expression were the literal. */
function always(value: boolean, like: CompiledRule['require']): CompiledRule['require'] {
  return { ...like, evaluate: () => value }
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'its condition deleted': (rule) => ({ ...rule, require: always(true, rule.require) }),
  'its condition never met': (rule) => ({ ...rule, require: always(false, rule.require) }),
  'its error changed': (rule) => ({
    ...rule,
    error: rule.error === 'invalid_target' ? 'access_denied' : 'invalid_target',
  }),
  'its status changed': (rule) => ({ ...rule, status: rule.status === 422 ? 409 : 422 }),
  'its id misspelt': (rule) => ({ ...rule, id: `${rule.id}x` }),
  'its "when" never met': (rule) => ({ ...rule, when: always(false, rule.when ?? rule.require) }),
  'its "when" always met': (rule) => (rule.when === null ? null : { ...rule, when: null }),
  'report in place of enforce, or the reverse': (rule) => ({ ...rule, enforced: !rule.enforced }),
  'no operation it is for': (rule) => ({ ...rule, on: new Set() }),
}

describe.each(published)('$policy.name, tested by its cases', ({ policy, cases }) => {
  it('is green as it is published', () => {
    expect(cases).not.toBeNull()
    expect(cases !== null && isGreen(policy, cases)).toBe(true)
  })

  const own = policy.rules.filter(({ declaredBy }) => declaredBy === policy.name)
  it.each(Object.entries(MUTATIONS))('turns red for every one of its rules with %s', (_, mutate) => {
    const survivors = own.flatMap((rule) => {
      const mutated = mutate(rule)
      if (mutated === null || cases === null) return []
      const rules = policy.rules.map((one) => (one === rule ? mutated : one))
      return isGreen({ ...policy, rules }, cases) ? [rule.id] : []
    })
    expect(survivors).toEqual([])
  })

  it('turns red without any one of its rules', () => {
    const survivors = own.filter(
      (rule) => cases !== null && isGreen({ ...policy, rules: policy.rules.filter((one) => one !== rule) }, cases),
    )
    expect(survivors.map(({ id }) => id)).toEqual([])
  })

  it('turns red without the scopes that a role grants, or with one more', () => {
    const { scopes } = policy
    if (scopes?.declaredBy !== policy.name || cases === null) return
    const roles = [...scopes.roles].flatMap(([role, granted]) => [
      ...granted.map((scope) => [role, granted.filter((one) => one !== scope)] as const),
      [role, [...granted, 'one-more']] as const,
    ])
    const survivors = roles.filter(([role, granted]) =>
      isGreen({ ...policy, scopes: { ...scopes, roles: new Map([...scopes.roles, [role, granted]]) } }, cases),
    )
    expect(survivors.map(([role, granted]) => `${role}: ${granted.join(' ')}`)).toEqual([])
  })
})
