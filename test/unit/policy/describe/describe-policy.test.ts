import { describe, expect, it } from 'vitest'
import { writePolicy } from '../../../../src/commands/write-policy.ts'
import { writePolicyMarkdown } from '../../../../src/commands/write-policy-markdown.ts'
import { describePolicy, type DescribedPolicy } from '../../../../src/policy/describe/describe-policy.ts'
import type { DescribedItem } from '../../../../src/policy/describe/described-item.ts'
import { policyFileSchema } from '../../../../src/policy/schema/policy-file-schema.ts'
import { loadTexts } from '../policy-fixture.ts'

const BASE = `
clientCertificate: { required: true, revocation: { check: [crl], lastGoodHoldsSeconds: 60 } }
softwareStatement:
  create: optional
  algorithms: [PS256]
  directories: { old: { issuers: [i], jwksUri: https://old.example/jwks } }
  claims: { org: string }
members: { client_name: string, scope: string }
parameters: { strict: { type: bool, default: true, meaning: m } }
unknownMembers: strip
effects: [{ default: { client_name: '"n"' } }]
client: { key: statement.org, single: false }
reasons: { statement-too-old: { clause: '7.1' } }
rules:
  - { id: a, title: A, message: m, require: has(metadata.client_name) }
  - { id: b, title: B, message: m, require: has(metadata.client_name) }
  - { id: c, title: C, message: m, require: has(metadata.client_name) }
`
const OWN = `
extends: [base]
off: [b]
clientCertificate: { revocation: { check: [ocsp] } }
softwareStatement:
  directories: { live: { issuers: [j], jwksUri: https://live.example/jwks } }
  claims: { roles: list(string) }
variables: { roles: 'statement.?roles.orValue([])' }
effects: [{ on: [create], remove: [scope] }]
scopes: { id: s, grantedBy: variables.roles, roles: { pilot: [tides, moorings] } }
rules:
  - { id: c, override: true, title: 'C | <b>', clause: '7', from: 2027-01-01, mode: report, message: m, require: "has(metadata.client_name) ||\\n  now == now", error: invalid_x, status: 401 }
  - { id: d, title: D, message: m, on: [read], require: request.clientId != "" }
headers: { X-A: statement.?org }
client: { key: statement.?org, owner: 'certificate.subject.O[?0]' }
`

async function described(own: string): Promise<DescribedPolicy> {
  const { resolved, faults } = await loadTexts({ base: BASE, tested: own })
  const source = resolved.get('tested')
  if (source === undefined) throw new Error(JSON.stringify(faults))
  return describePolicy(source)
}

const policy = await described(OWN)

function items(section: string): readonly (readonly [string, string, object])[] {
  return policy.items
    .filter((item) => item.section === section)
    .map(({ name, from, fields }: DescribedItem) => [name, from, Object.fromEntries(fields)])
}

describe('what is told of a policy', () => {
  it('has the rules in force with whose they are, defaults spelt out, and expressions on one line', () => {
    const common = { on: 'create, update', mode: 'enforce', message: 'm' }
    expect(items('rules')).toEqual([
      ['a', 'base', { ...common, title: 'A', at: undefined, require: 'has(metadata.client_name)' }],
      [
        'c',
        'tested',
        {
          ...{ title: 'C | <b>', clause: '7', on: 'create, update', mode: 'report', message: 'm', from: '2027-01-01' },
          ...{ require: 'has(metadata.client_name) || now == now', error: 'invalid_x', status: '401' },
        },
      ],
      ['d', 'tested', { title: 'D', on: 'read', mode: 'enforce', message: 'm', require: 'request.clientId != ""' }],
    ])
    expect(policy.ruleChanges.map(({ kind, rule, by, of }) => [kind, rule, by, of])).toEqual([
      ['switched off', 'b', 'tested', 'base'],
      ['overridden', 'c', 'tested', 'base'],
    ])
  })

  it('merges sections as the gateway does: key by key, and claims and directories entry by entry', () => {
    expect(items('clientCertificate')).toEqual([
      ['required', 'base', { is: 'true' }],
      ['revocation', 'tested', { check: 'ocsp' }],
    ])
    expect(items('softwareStatement').map(([name, from]) => [name, from])).toEqual([
      ['create', 'base'],
      ['algorithms', 'base'],
      ['directories.old', 'base'],
      ['claims.org', 'base'],
      ['directories.live', 'tested'],
      ['claims.roles', 'tested'],
    ])
  })

  it('has scopes, effects, parameters, headers, members, variables and whatever else', () => {
    expect(items('scopes')).toEqual([
      ['s', 'tested', { grantedBy: 'variables.roles', 'roles.pilot': 'tides, moorings' }],
    ])
    expect(items('effects')).toEqual([
      ['base effects[0]', 'base', { on: 'create, update', 'default.client_name': '"n"' }],
      ['tested effects[0]', 'tested', { on: 'create', remove: 'scope' }],
    ])
    expect(items('parameters')).toEqual([['strict', 'base', { type: 'bool', default: 'true', meaning: 'm' }]])
    expect(items('headers')).toEqual([['X-A', 'tested', { is: 'statement.?org' }]])
    expect(items('client')).toEqual([
      ['single', 'base', { is: 'false' }],
      ['key', 'tested', { is: 'statement.?org' }],
      ['owner', 'tested', { is: 'certificate.subject.O[?0]' }],
    ])
    expect(items('reasons')).toEqual([['statement-too-old', 'base', { clause: '7.1' }]])
  })

  it('leaves out no key that a policy file may have', () => {
    const told = new Set(['apiVersion', 'name', 'version', 'title', 'source', 'extends', 'off'])
    for (const { section } of policy.items) told.add(section)
    const possible = Object.keys(policyFileSchema.shape).filter((key) => key in BASE_AND_OWN)
    expect(possible.filter((key) => !told.has(key))).toEqual([])
  })

  it('is a document in which no word of the policy turns into markup', () => {
    const document = writePolicyMarkdown(policy)
    expect(document).toContain(
      '| 7 | `c` | C \\| \\<b\\><br>`has(metadata.client_name) \\|\\| now == now` | create, update | reported only<br>from 2027-01-01 | `401 invalid_x` | tested |',
    )
    expect(document).toContain('`400 invalid_client_metadata`')
    const widths = document
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.replaceAll('\\|', '').split('|').length)
    expect(new Set(widths)).toEqual(new Set([4, 5, 6, 9]))
  })

  it('is a list for a terminal with every item of every section', () => {
    const text = writePolicy(policy, (_, plain) => plain)
    for (const { name } of policy.items) expect(text).toContain(`\n  ${name}`)
    expect(text).toContain(
      'changed rules (2)\n  b of base, switched off by tested\n  c of base, overridden by tested\n',
    )
  })
})

/** Keys that the two texts have at the first level. */
const BASE_AND_OWN = Object.fromEntries([...`${BASE}${OWN}`.matchAll(/^(\w+):/gm)].map(([, key = '']) => [key, true]))
