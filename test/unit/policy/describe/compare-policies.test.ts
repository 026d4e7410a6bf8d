import { describe, expect, it } from 'vitest'
import { areSame, comparePolicies, type PolicyDifferences } from '../../../../src/policy/describe/compare-policies.ts'
import { describePolicy, type DescribedPolicy } from '../../../../src/policy/describe/describe-policy.ts'
import { loadTexts } from '../policy-fixture.ts'

const OLD = `
members: { client_name: string, scope: string }
parameters: { strict: { type: bool, default: true, meaning: m } }
client: { key: metadata.?client_name, single: true }
effects: [{ default: { client_name: '"n"' } }]
scopes: { id: s, grantedBy: '["pilot"]', roles: { pilot: [tides] } }
rules:
  - { id: a, title: A, message: m, require: has(metadata.client_name) }
  - { id: b, title: B, message: m, require: has(metadata.client_name) }
`

async function read(text: string): Promise<DescribedPolicy> {
  const { resolved, faults } = await loadTexts({ tested: text })
  const source = resolved.get('tested')
  if (source === undefined) throw new Error(JSON.stringify(faults))
  return describePolicy(source)
}

const old = await read(OLD)

async function changed(from: string, to: string): Promise<PolicyDifferences> {
  expect(OLD).toContain(from)
  return comparePolicies(old, await read(OLD.replace(from, to)))
}

const NONE = { added: [], removed: [], changed: [] }

describe('two editions of a policy', () => {
  it('are the same when only comments and layout differ', async () => {
    const differences = await changed('parameters:', '# now\nparameters:')
    expect(differences).toEqual(NONE)
    expect(areSame(differences)).toBe(true)
  })

  it('differ in a part of what they say of clients', async () => {
    expect(await changed('single: true', 'single: false, owner: "certificate.subject.O[?0]"')).toMatchObject({
      ...NONE,
      added: [{ section: 'client', name: 'owner', fields: [['is', 'certificate.subject.O[?0]']] }],
      changed: [{ section: 'client', name: 'single', fields: [{ key: 'is', old: 'true', new: 'false' }] }],
    })
  })

  it('differ in a rule that is added, removed, or has a key more, less or otherwise', async () => {
    const rule = '  - { id: b, title: B, message: m, require: has(metadata.client_name) }\n'
    expect(await changed(rule, '')).toMatchObject({ ...NONE, removed: [{ section: 'rules', name: 'b' }] })
    const added = await changed(rule, `${rule}${rule.replaceAll('b,', 'x,')}`)
    expect(added).toMatchObject({ ...NONE, added: [{ section: 'rules', name: 'x' }] })
    expect(areSame(added)).toBe(false)
    expect(await changed('title: B, message: m', 'title: B, message: n, mode: report, status: 401')).toEqual({
      ...NONE,
      changed: [
        {
          section: 'rules',
          name: 'b',
          fields: [
            { key: 'mode', old: 'enforce', new: 'report' },
            { key: 'message', old: 'm', new: 'n' },
            { key: 'status', old: null, new: '401' },
          ],
        },
      ],
    })
  })

  it.each<[string, string, string, object]>([
    ['a parameter', 'default: true', 'default: false', { section: 'parameters', name: 'strict' }],
    ['a scope', 'pilot: [tides]', 'pilot: [tides, moorings]', { section: 'scopes', name: 's' }],
    ['a member', 'scope: string }', 'scope: string, x: int }', { section: 'members', name: 'x' }],
    [
      'the certificate it demands',
      'members:',
      'clientCertificate: { required: false }\nmembers:',
      { section: 'clientCertificate' },
    ],
  ])('differ in %s', async (_, from, to, expected) => {
    const { added, removed, changed: otherwise } = await changed(from, to)
    expect([...added, ...removed, ...otherwise]).toMatchObject([expected])
  })

  it('differ by the effect that is put in between and not by those behind it', async () => {
    const differences = await changed('effects: [', 'effects: [{ remove: [scope] }, ')
    expect(differences).toMatchObject({
      ...NONE,
      added: [
        {
          section: 'effects',
          fields: [
            ['on', 'create, update'],
            ['remove', 'scope'],
          ],
        },
      ],
    })
  })

  it.each<[string, string, string]>([
    [
      'two effects in another order',
      'effects: [{ remove: [a] }, { remove: [b] }]',
      'effects: [{ remove: [b] }, { remove: [a] }]',
    ],
    ['one effect once more', 'effects: [{ remove: [a] }]', 'effects: [{ remove: [a] }, { remove: [a] }]'],
    [
      'classes of certificates in another order',
      `certificateClasses: { x: 'certificate.subject.C == ["BR"]', y: 'certificate.subject.O == ["O"]' }`,
      `certificateClasses: { y: 'certificate.subject.O == ["O"]', x: 'certificate.subject.C == ["BR"]' }`,
    ],
    [
      'a blank within a literal',
      `variables: { v: '"x  y"' }\nheaders: { X-V: variables.v }`,
      `variables: { v: '"x y"' }\nheaders: { X-V: variables.v }`,
    ],
    [
      'a list that looks like another one',
      'parameters: { p: { type: list(string), default: ["a, b"], meaning: m } }',
      'parameters: { p: { type: list(string), default: [a, b], meaning: m } }',
    ],
    [
      'the first day of a rule',
      'rules: [{ id: r, title: t, message: m, require: has(metadata.a), from: 2027-01-01 }]',
      'rules: [{ id: r, title: t, message: m, require: has(metadata.a), from: 2027-01-02 }]',
    ],
  ])('differ in %s, and both texts tell what', async (_, before, after) => {
    const members = 'members: { a: string, b: string, n: int }\n'
    const differences = comparePolicies(await read(members + before), await read(members + after))
    expect(areSame(differences)).toBe(false)
    for (const { fields } of differences.changed) for (const field of fields) expect(field.old).not.toBe(field.new)
  })

  it('are the same where an expression is written on other lines', async () => {
    const before = await read(
      `members: { a: string }\nheaders: { X-V: variables.v }\nvariables: { v: '"x  y" + "z"' }\n`,
    )
    const after = await read(
      `members: { a: string }\nheaders: { X-V: variables.v }\nvariables:\n  v: |\n    "x  y"\n      + "z"\n`,
    )
    expect(areSame(comparePolicies(before, after))).toBe(true)
  })

  it('differ in everything where one of them is not there', () => {
    expect(comparePolicies(old, null).removed.length).toBe(old.items.length + 1)
    expect(comparePolicies(null, old).added.length).toBe(old.items.length + 1)
  })

  it('differ in the version alone, if that is all', () => {
    expect(comparePolicies(old, { ...old, version: '2' }).changed).toEqual([
      { section: 'policy', name: 'tested', fields: [{ key: 'version', old: '1', new: '2' }] },
    ])
  })
})
