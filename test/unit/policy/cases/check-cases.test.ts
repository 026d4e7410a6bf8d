import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCases } from '../../../../src/policy/cases/check-cases.ts'
import { loadCases } from '../../../../src/policy/cases/load-cases.ts'
import { loadPolicy } from '../policy-fixture.ts'

const policy = await loadPolicy(`
softwareStatement: { create: optional, algorithms: [PS256], claims: { org_id: string } }
members: { client_name: string, scope: string, max_bottles: int }
parameters: { mode: { type: string, default: strict, oneOf: [strict, lenient], meaning: m } }
scopes: { id: scopes-by-role, grantedBy: '["a"]', roles: { a: [b] } }
lookups:
  list: { url: requested.?client_name, hosts: any, type: list(string), onFailure: absent }
  keys: { url: requested.?client_name, hosts: any, type: jwks, onFailure: absent }
rules:
  - { id: name-required, title: t, message: m, require: has(metadata.client_name) }
  - { id: looked-up, title: t, message: m, require: 'has(lookups.list) || has(lookups.keys) || size(translations) == 0' }
once: [{ id: used-once, message: m, key: statement.?org_id, holdsSeconds: 60 }]
`)

/** Faults as `line path: wanted, found; hint`, without what is the same in all of them. */
async function faultsOf(cases: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cases-'))
  try {
    await writeFile(join(folder, 'cases.yaml'), cases)
    const { loaded, faults } = await loadCases(folder)
    if (loaded === null) throw new Error(JSON.stringify(faults))
    return checkCases(policy, loaded).map(
      ({ line, path, found, hint }) => `${line} ${path}: ${found}${hint === undefined ? '' : `; ${hint}`}`,
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

const approving = (facts: string): string => `given: {}\napprove:\n  - { name: x, ${facts} }\nreject: []\n`
const rejecting = (rules: string): string => `given: {}\napprove: []\nreject:\n  - { name: x, rules: [${rules}] }\n`

describe('checkCases', () => {
  it('finds nothing wrong with names that the policy declares', async () => {
    const cases = `
given: { statement: { iss: i, iat: 1, org_id: o }, metadata: { client_name: n, 'client_name#pt-BR': n } }
approve: [{ name: a, metadata: { max_bottles: null }, expect: { metadata: { scope: b } }, parameters: { mode: null }, lookups: { list: null, keys: [{ kid: a }] }, server: { issuer: i, scopes_supported: null } }]
reject: [{ name: b, rules: [name-required, scopes-by-role, metadata-member-invalid, certificate-class-unknown, client-owner-unknown, rule-failed, lookup-failed] }]
`
    expect(await faultsOf(cases)).toEqual([])
  })

  it.each([
    ['metadata: { max_botles: 5000 }', 'metadata.max_botles: max_botles; did you mean max_bottles?'],
    ['metadata: { max_botles: null }', 'metadata.max_botles: max_botles; did you mean max_bottles?'],
    ['metadata: { colour: red }', 'metadata.colour: colour; if it is meant, name it under undeclared'],
    ["metadata: { 'scope#pt': a }", 'metadata["scope#pt"]: scope#pt; did you mean scope?'],
    ['statement: { orgid: o }', 'statement.orgid: orgid; did you mean org_id?'],
    ['statement: { client_name: o }', 'statement.client_name: client_name; if it is meant, name it under undeclared'],
    ['expect: { metadata: { scop: b } }', 'expect.metadata.scop: scop; did you mean scope?'],
    ['registered: { scop: b }', 'registered.scop: scop; did you mean scope?'],
    ['lookups: { lst: [a] }', 'lookups.lst: lst; did you mean list?'],
    ['lookups: { list: a }', 'lookups.list: a string at list'],
    ['lookups: { list: [a, 5] }', 'lookups.list: a whole number at list[1]'],
    ['lookups: { keys: { keys: [] } }', 'lookups.keys: something else'],
    ['lookups: { keys: [{ kid: a }, { usage: enc }] }', 'lookups.keys: something else at keys[1]'],
    ['server: { scope_supported: [a] }', 'server.scope_supported: scope_supported; did you mean scopes_supported?'],
    ['server: { scopes_supported: a }', 'server.scopes_supported: string'],
    ['parameters: { mod: strict }', 'parameters.mod: mod; did you mean mode?'],
    ['parameters: { mode: loose }', 'parameters.mode: "loose"'],
    ['parameters: { mode: 5 }', 'parameters.mode: int'],
    ['certificate: { subject: no name }', /certificate\.subject: "no name": .* at offset/],
    ['certificate: { issuer: CN }', /certificate\.issuer: "CN": .* at offset/],
  ])('has a fault, with its line, in %s', async (facts, fault) => {
    const [found, ...others] = await faultsOf(approving(facts))
    expect(others).toEqual([])
    if (typeof fault === 'string') expect(found).toBe(`3 approve[0].${fault}`)
    else expect(found).toMatch(fault)
  })

  it('checks what is given as well', async () => {
    expect(await faultsOf('given:\n  metadata: { client_nam: n }\napprove: []\nreject: []\n')).toEqual([
      '2 given.metadata.client_nam: client_nam; did you mean client_name?',
    ])
  })

  it('lets a case name undeclared members and claims on purpose, its own and those of given', async () => {
    expect(
      await faultsOf(approving('metadata: { x_foo: 1 }, expect: { metadata: { x_foo: null } }, undeclared: [x_foo]')),
    ).toEqual([])
    const inherited = `
given: { statement: { x_bar: 1 }, undeclared: [x_bar] }
approve: [{ name: x, statement: { x_bar: 2 } }]
reject: []
`
    expect(await faultsOf(inherited)).toEqual([])
  })

  it.each([
    ['is declared', 'metadata: { scope: b }, undeclared: [scope]', 'scope'],
    ['is not used', 'metadata: { x_foo: 1 }, undeclared: [x_foo, x_fo]', 'x_fo'],
  ])('has a fault where a name is said to be undeclared and %s', async (_, facts, name) => {
    expect(await faultsOf(approving(facts))).toEqual([
      expect.stringMatching(new RegExp(`undeclared\\[\\d\\]: ${name}$`)),
    ])
  })

  it('has a fault where a reject case names no rule of the policy', async () => {
    expect(await faultsOf(rejecting('name-requird'))).toEqual([
      '4 reject[0].rules[0]: name-requird; did you mean name-required?',
    ])
    // A reason of an earlier stage, which no case reaches.
    expect(await faultsOf(rejecting('statement-expired'))).toEqual(['4 reject[0].rules[0]: statement-expired'])
  })

  it('has a fault where a case expects the key of nothing, and lets one refuse by an entry of once', async () => {
    expect(await faultsOf(approving('expect: { once: { used-onec: null } }'))).toEqual([
      '3 approve[0].expect.once.used-onec: used-onec; did you mean used-once?',
    ])
    expect(await faultsOf(rejecting('used-once'))).toEqual([])
  })

  it('has a fault where two cases have one name', async () => {
    const cases = 'given: {}\napprove:\n  - name: x\n  - name: x\nreject:\n  - { name: x, rules: [name-required] }\n'
    expect(await faultsOf(cases)).toEqual([
      '4 approve[1].name: that of approve[0] again',
      '6 reject[0].name: that of approve[0] again',
    ])
  })
})
