import { describe, expect, it } from 'vitest'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { loadSound, loadTexts, policyOf, present } from '../policy-fixture.ts'

const STATEMENT = 'softwareStatement: { create: optional, algorithms: [PS256], claims: { roles: list(role) } }\n'
const rule = (id: string, require: string): string => `{ id: ${id}, title: t, message: m, require: ${require} }`

/** Of the named policy, whatever else stands in the folder. */
async function findingsOf(bodies: Readonly<Record<string, string>>, name: string, sent: object): Promise<unknown> {
  const policy = policyOf(await loadSound(bodies), name)
  return judge(policy, present({ sent: { ...sent } })).findings.map((finding) => finding.rule)
}

describe('policies that declare the same names', () => {
  const base = `members: { a: string, b: string }\nvariables: { short: size(metadata.a) < 3 }\nrules: [${rule('short', 'variables.short')}]`

  it('share what is compiled, and nothing of one judgement reaches the next', async () => {
    const policies = await loadSound({
      base,
      heir: `extends: [base]\nrules: [${rule('same', 'metadata.a == metadata.b')}]`,
    })
    const [one, other] = [policyOf(policies, 'base'), policyOf(policies, 'heir')]
    expect(other.rules[0]?.require).toBe(one.rules[0]?.require)
    expect(other.variables).toBe(one.variables)
    for (const [a, broken] of [
      ['x', []],
      ['long', ['short']],
      ['y', []],
    ] as const) {
      expect(judge(one, present({ sent: { a, b: a } })).findings.map((finding) => finding.rule)).toEqual(broken)
      expect(judge(other, present({ sent: { a, b: a } })).findings.map((finding) => finding.rule)).toEqual(broken)
    }
  })

  it.each([
    ['a variable', 'variables: { short: size(metadata.a) > 3 }'],
    ['the default of a parameter', 'parameters: { least: { type: int, default: 9, meaning: m } }'],
  ])('differ as soon as one declares %s otherwise', async (_, declared) => {
    const bodies = {
      base: `parameters: { least: { type: int, default: 1, meaning: m } }\n${base.replace('< 3', '< 3 && size(metadata.a) >= parameters.least')}`,
      heir: `extends: [base]\n${declared}`,
    }
    const policies = await loadSound(bodies)
    expect(policyOf(policies, 'heir').variables).not.toBe(policyOf(policies, 'base').variables)
    expect(policyOf(policies, 'heir').parameters).not.toBe(policyOf(policies, 'base').parameters)
  })

  it('do not share a wanted type: what gives a text is no condition, though it is a value elsewhere', async () => {
    const { faults } = await loadTexts({
      base: `members: { a: string, b: string }\neffects: [{ set: { b: metadata.a } }]`,
      heir: `extends: [base]\nrules: [${rule('text', 'metadata.a')}]`,
    })
    expect(faults).toMatchObject([{ path: 'rules[0].require', found: expect.stringContaining('string') as string }])
  })

  it('share no words that only one of them has', async () => {
    const variables = `variables: { pays: '"PISP" in statement.?roles.orValue([])' }\nrules: [${rule('pays', 'variables.pays')}]\n`
    const base = `vocabularies: { role: [AISP, PISP] }\n${STATEMENT}${variables}`
    // Read first: what it inherits is none of its faults, and is one of the policy that has the same names and wrote them itself.
    const heir = 'extends: [base]\nvocabularies: { role: [AISP] }\n'
    const own = `vocabularies: { role: [AISP] }\n${STATEMENT}${variables}`
    const { faults, policies } = await loadTexts({ a: heir, base, z: own })
    expect(faults).toMatchObject([{ file: 'z/policy.yaml', path: 'variables.pays' }])
    expect([...policies.keys()]).toEqual(['a', 'base'])
  })
})

describe('a variable that an effect asks for before the metadata change', () => {
  it.each([
    ['size(metadata.a)', 'is another one afterwards', ['changed']],
    ['variables.inner', 'is another one afterwards, though it names them by another variable only', ['changed']],
    ['size(requested.a)', 'stays, when it asks what was sent', []],
  ])('%s: %s', async (text, _, broken) => {
    const body = `members: { a: string, b: string }
variables: { inner: size(metadata.a), outer: ${text} }
headers: { X-Inner: string(variables.inner) }
effects:
  - { when: variables.outer == 1, set: { a: '"longer"' } }
rules: [${rule('changed', 'variables.outer == 1')}]`
    expect(await findingsOf({ tested: body }, 'tested', { a: 'x' })).toEqual(broken)
  })
})
