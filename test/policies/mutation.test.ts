import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { checkCases } from '../../src/policy/cases/check-cases.ts'
import { loadCases } from '../../src/policy/cases/load-cases.ts'
import { prepareCases, type PreparedCase } from '../../src/policy/cases/prepare-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import type { ClientPart, CompiledClient, CompiledPolicy, CompiledRule } from '../../src/policy/compiled-policy.ts'
import { loadPolicies } from '../../src/policy/load-policies.ts'

const FOLDER = join(ROOT, 'policies')
const { policies } = await loadPolicies(FOLDER)
const published = await Promise.all(
  [...policies.values()].map(async (policy) => {
    const { loaded } = await loadCases(join(FOLDER, policy.name))
    if (loaded === null) throw new Error(`${policy.name} has no cases`)
    return { policy, loaded, cases: allOf(policy, loaded.cases) }
  }),
)

function allOf(...[policy, file]: Parameters<typeof prepareCases>): readonly PreparedCase[] {
  const { given, tests } = prepareCases(policy, file)
  return [given, ...tests]
}

/** Whether every case comes out as it says; it stops at the first that does not. */
function isGreen(policy: CompiledPolicy, cases: readonly PreparedCase[]): boolean {
  return cases.every((one) => one.judge(policy).problem === null)
}

/** The policy with one rule in another form; null where the mutation would change nothing. */
type Mutation = (rule: CompiledRule) => CompiledRule | null

/** As if the expression were the literal. */
function always(value: boolean, like: CompiledRule['require']): CompiledRule['require'] {
  return { ...like, evaluate: () => value }
}

/** A rule that is only reported has neither error nor status. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'its condition deleted': (rule) => ({ ...rule, require: always(true, rule.require) }),
  'its condition never met': (rule) => ({ ...rule, require: always(false, rule.require) }),
  'its error changed': (rule) =>
    rule.enforced ? { ...rule, error: rule.error === 'invalid_target' ? 'access_denied' : 'invalid_target' } : null,
  'its status changed': (rule) => (rule.enforced ? { ...rule, status: rule.status === 422 ? 409 : 422 } : null),
  'its id misspelt': (rule) => ({ ...rule, id: `${rule.id}x` }),
  'its "when" never met': (rule) => ({ ...rule, when: always(false, rule.when ?? rule.require) }),
  'its "when" always met': (rule) => (rule.when === null ? null : { ...rule, when: null }),
  'report in place of enforce, or the reverse': (rule) => ({ ...rule, enforced: !rule.enforced }),
  'no operation it is for': (rule) => ({ ...rule, on: new Set() }),
}

/** As if the expression gave the text. */
function gives(text: string, like: CompiledRule['require']): CompiledRule['require'] {
  return { ...like, evaluate: () => text }
}

/** Other forms of one part of `client`; none where the policy leaves the part to those it extends. */
const CLIENT_MUTATIONS: Readonly<Record<ClientPart, (client: CompiledClient) => readonly Partial<CompiledClient>[]>> = {
  key: ({ key }) => [{ key: null }, ...(key === null ? [] : [{ key: gives('', key) }, { key: gives('other', key) }])],
  single: ({ single }) => [true, false].filter((other) => other !== single).map((other) => ({ single: other })),
  owner: ({ owner }) => [{ owner: null }, ...(owner === null ? [] : [{ owner: gives('other', owner) }])],
  registered: ({ registered }) => [
    { registered: null },
    ...(registered === null ? [] : [{ registered: gives('other', registered) }]),
  ],
}

describe.each(published)('$policy.name, tested by its cases', ({ policy, loaded, cases }) => {
  it('is green as it is published', () => {
    expect(checkCases(policy, loaded)).toEqual([])
    expect(runCases(policy, loaded.cases)).toMatchObject({ given: null, uncovered: [] })
    expect(isGreen(policy, cases)).toBe(true)
  })

  const own = policy.rules.filter(({ declaredBy }) => declaredBy === policy.name)
  const namedBy = new Map(
    own.map(({ id }) => {
      const naming = loaded.cases.reject.flatMap(({ name, rules }) => (rules.includes(id) ? [name] : []))
      return [id, new Set(naming)] as const
    }),
  )
  /** Those that name the rule come first: most mutations turn the first of them red. */
  function likeliestFirst(rule: CompiledRule): readonly PreparedCase[] {
    const names = namedBy.get(rule.id)
    return cases.toSorted((left, right) => Number(names?.has(right.name)) - Number(names?.has(left.name)))
  }

  it.each(Object.entries(MUTATIONS))('turns red for every one of its rules with %s', (_, mutate) => {
    const survivors = own.flatMap((rule) => {
      const mutated = mutate(rule)
      if (mutated === null) return []
      const rules = policy.rules.map((one) => (one === rule ? mutated : one))
      return isGreen({ ...policy, rules }, likeliestFirst(rule)) ? [rule.id] : []
    })
    expect(survivors).toEqual([])
  })

  it('turns red for every operation that a rule is no longer for', () => {
    const survivors = own.flatMap((rule) =>
      [...rule.on].flatMap((operation) => {
        const mutated = { ...rule, on: new Set([...rule.on].filter((one) => one !== operation)) }
        const rules = policy.rules.map((one) => (one === rule ? mutated : one))
        return isGreen({ ...policy, rules }, likeliestFirst(rule)) ? [`${rule.id} on ${operation}`] : []
      }),
    )
    expect(survivors).toEqual([])
  })

  it('turns red without any one of its rules', () => {
    const survivors = own.filter((rule) =>
      isGreen({ ...policy, rules: policy.rules.filter((one) => one !== rule) }, likeliestFirst(rule)),
    )
    expect(survivors.map(({ id }) => id)).toEqual([])
  })

  it('turns red without any scope that a role grants, or where it grants all and one more', () => {
    const { scopes } = policy
    if (scopes?.declaredBy !== policy.name) return
    const all = [...scopes.roles.values()].flat()
    const roles = [...scopes.roles].flatMap(([role, granted]) => [
      ...granted.map((scope) => [role, granted.filter((one) => one !== scope)] as const),
      [role, [...new Set([...granted, ...all, 'one-more'])]] as const,
    ])
    const survivors = roles.filter(([role, granted]) =>
      isGreen({ ...policy, scopes: { ...scopes, roles: new Map([...scopes.roles, [role, granted]]) } }, cases),
    )
    expect(survivors.map(([role, granted]) => `${role}: ${granted.join(' ')}`)).toEqual([])
  })

  it('turns red without any part of what it says of clients, and with any part changed', () => {
    const { client } = policy
    const parts = (Object.keys(CLIENT_MUTATIONS) as ClientPart[]).filter(
      (part) => client.declaredBy[part] === policy.name,
    )
    const survivors = parts.flatMap((part) =>
      CLIENT_MUTATIONS[part](client).flatMap((mutated, index) =>
        isGreen({ ...policy, client: { ...client, ...mutated } }, cases) ? [`${part} (${index})`] : [],
      ),
    )
    expect(survivors).toEqual([])
  })
})
