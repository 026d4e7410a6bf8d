import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { org_name: string, jwks_uri: string, anything: dyn }
members:
  client_name: string
  jwks_uri: string
  redirect_uris: list(string)
  default_max_age: int
  tls_client_certificate_bound_access_tokens: bool
  contacts: list(string)
  software_version: dyn
  ratio: double
effects:
`

async function apply(
  effects: string,
  {
    sent = {},
    claims = null,
    operation = 'create',
  }: { sent?: JsonObject; claims?: JsonObject | null; operation?: Operation },
): Promise<Verdict> {
  return judge(await loadPolicy(HEAD + effects), present({ sent, claims, operation }))
}

describe('effects', () => {
  it('give a default only where the registrant sent nothing', async () => {
    const effects = `  - default: { client_name: '"default"', default_max_age: 60 }`
    expect((await apply(effects, {})).metadata).toEqual({ client_name: 'default', default_max_age: 60 })
    expect((await apply(effects, { sent: { client_name: '', default_max_age: null } })).metadata).toEqual({
      client_name: '',
      default_max_age: 60,
    })
  })

  it('set a value whatever the registrant sent', async () => {
    const effects = '  - set: { tls_client_certificate_bound_access_tokens: true, ratio: 1.5 }'
    const sent = { tls_client_certificate_bound_access_tokens: false }
    expect((await apply(effects, { sent })).metadata).toEqual({
      tls_client_certificate_bound_access_tokens: true,
      ratio: 1.5,
    })
  })

  it('give a member its other name, before the same effect gives what is absent', async () => {
    const effects = `  - rename: { jwks_uri: client_name }\n    default: { client_name: '"default"', jwks_uri: '"default"' }`
    expect((await apply(effects, { sent: { jwks_uri: 'a' } })).metadata).toEqual({
      client_name: 'a',
      jwks_uri: 'default',
    })
    expect((await apply(effects, {})).metadata).toEqual({ client_name: 'default', jwks_uri: 'default' })
  })

  it('never move a member over one that is there', async () => {
    const sent = { jwks_uri: 'a', client_name: 'b' }
    expect((await apply('  - rename: { jwks_uri: client_name }', { sent })).metadata).toEqual(sent)
  })

  it('that rename show the rules the new name alone', async () => {
    const effects = `  - rename: { jwks_uri: client_name }
rules:
  - { id: old, title: t, message: m, require: '!has(metadata.jwks_uri)' }
  - { id: new, title: t, message: m, require: metadata.client_name == "a" }
`
    expect((await apply(effects, { sent: { jwks_uri: 'a' } })).held).toEqual(['old', 'new'])
  })

  it('take members out, before the same effect gives them anew', async () => {
    const sent = { client_name: 'a', contacts: ['b'], jwks_uri: 'c' }
    expect((await apply('  - remove: [contacts, client_name]', { sent })).metadata).toEqual({ jwks_uri: 'c' })
    const effects = `  - remove: [client_name]\n    default: { client_name: metadata.client_name + "!" }`
    expect((await apply(effects, { sent })).metadata).toMatchObject({ client_name: 'a!' })
  })

  it('follow each other, each seeing what those before it made of the metadata', async () => {
    const effects = `
  - set: { client_name: metadata.client_name + "b" }
  - set: { client_name: metadata.client_name + "c" }
  - when: metadata.client_name == "abc"
    set: { jwks_uri: requested.client_name }
`
    expect((await apply(effects, { sent: { client_name: 'a' } })).metadata).toEqual({
      client_name: 'abc',
      jwks_uri: 'a',
    })
  })

  it('see variables over the metadata as it stands', async () => {
    const effects = `
  - set: { client_name: variables.greeting }
  - set: { client_name: variables.greeting }
variables: { greeting: '"hello " + metadata.client_name' }
`
    expect((await apply(effects, { sent: { client_name: 'you' } })).metadata).toEqual({
      client_name: 'hello hello you',
    })
  })

  it('leave variables as they were computed where nothing changes, and compute them anew where something does', async () => {
    const effects = `
  - default: { client_name: variables.greeting }
  - remove: [jwks_uri]
  - set: { client_name: variables.greeting }
variables: { greeting: '"hello " + metadata.client_name + metadata.?jwks_uri.orValue("")' }
`
    const sent = { client_name: 'you', jwks_uri: '!' }
    expect((await apply(effects, { sent })).metadata).toEqual({ client_name: 'hello you' })
    expect((await apply(effects, { sent: { client_name: 'you' } })).metadata).toEqual({ client_name: 'hello you' })
  })

  it('of one effect see the metadata before it', async () => {
    const effects = '  - set: { client_name: metadata.jwks_uri, jwks_uri: metadata.client_name }'
    const sent = { client_name: 'a', jwks_uri: 'b' }
    expect((await apply(effects, { sent })).metadata).toEqual({ client_name: 'b', jwks_uri: 'a' })
  })

  it('apply only where their condition holds', async () => {
    const effects = `  - when: request.operation == "update"\n    set: { client_name: '"set"' }`
    expect((await apply(effects, {})).metadata).toEqual({})
    expect((await apply(effects, { operation: 'update' })).metadata).toEqual({ client_name: 'set' })
  })

  it('apply to create and update when they do not say to what', async () => {
    const effects = `  - set: { client_name: '"set"' }\n  - on: [update]\n    set: { jwks_uri: '"set"' }`
    expect((await apply(effects, {})).metadata).toEqual({ client_name: 'set' })
    expect((await apply(effects, { operation: 'update' })).metadata).toEqual({ client_name: 'set', jwks_uri: 'set' })
  })

  it.each(['read', 'delete'] as const)('do not touch a %s, which has no metadata', async (operation) => {
    const verdict = await apply('  - set: { client_name: metadata.jwks_uri }', { operation })
    expect(verdict).toMatchObject({ metadata: null, findings: [] })
  })

  it('change nothing for an optional without value', async () => {
    const effects = '  - set: { client_name: statement.?org_name }\n    default: { jwks_uri: statement.?jwks_uri }'
    expect(await apply(effects, { sent: { client_name: 'a' }, claims: {} })).toMatchObject({
      metadata: { client_name: 'a' },
      findings: [],
    })
    expect((await apply(effects, { claims: { org_name: 'o', jwks_uri: 'j' } })).metadata).toEqual({
      client_name: 'o',
      jwks_uri: 'j',
    })
  })

  it('turn lists, maps and times into JSON', async () => {
    const effects = `
  - set: { contacts: 'metadata.contacts.map(c, c + "!")', software_version: '{"n": [1]}', default_max_age: now.getFullYear() }
`
    expect((await apply(effects, { sent: { contacts: ['a'] } })).metadata).toEqual({
      contacts: ['a!'],
      software_version: { n: [1] },
      default_max_age: 2026,
    })
  })

  it('that bring in another type than declared refuse the request', async () => {
    const claims = { anything: ['a', 5] }
    const { findings, metadata } = await apply('  - set: { contacts: statement.anything }', { claims })
    expect(findings).toEqual([
      {
        reason: 'rule-failed',
        at: 'contacts',
        message: 'the value of contacts could not be derived from the request and its software statement',
        detail: 'statement.anything: contacts[1] would be int, wanted string',
      },
    ])
    expect(metadata).toEqual({})
  })

  it('that fail refuse the request, and the others are still made', async () => {
    const effects = `
  - set: { client_name: statement.org_name, jwks_uri: '"set"' }
  - when: statement.org_name == "x"
    set: { contacts: '["a"]' }
  - set: { default_max_age: 5 }
`
    const { findings, metadata } = await apply(effects, { claims: {} })
    expect(findings.map(({ reason, at, detail }) => [reason, at, detail])).toEqual([
      ['rule-failed', 'client_name', 'statement.org_name: No such key: org_name'],
      ['rule-failed', 'metadata', 'statement.org_name == "x": No such key: org_name'],
    ])
    expect(metadata).toEqual({ jwks_uri: 'set', default_max_age: 5 })
  })

  it('whose condition is neither true nor false refuse the request', async () => {
    const effects = `  - when: statement.anything\n    set: { client_name: '"set"' }`
    expect((await apply(effects, { claims: { anything: 'true' } })).findings).toMatchObject([
      {
        reason: 'rule-failed',
        at: 'metadata',
        detail: 'statement.anything: the condition gives neither true nor false',
      },
    ])
    expect((await apply(effects, { claims: { anything: true } })).metadata).toEqual({ client_name: 'set' })
    expect((await apply(effects, { claims: { anything: false } })).metadata).toEqual({})
  })

  it('that give what JSON cannot hold refuse the request', async () => {
    const { findings } = await apply('  - set: { software_version: url("https://a.example") }', {})
    expect(findings).toMatchObject([{ reason: 'rule-failed', at: 'software_version' }])
  })

  it('tell the operator no more than 500 characters', async () => {
    const condition = Array(40).fill('statement.org_name == ""').join(' || ')
    const { findings } = await apply(`  - when: ${condition}\n    remove: [contacts]`, { claims: {} })
    expect(findings[0]?.detail).toHaveLength(500)
  })

  it('may give a member whose name every object inherits', async () => {
    const effects = `  - default: { constructor: '"set"' }\n`
    const policy = await loadPolicy(`members: { constructor: string }\neffects:\n${effects}`)
    expect(judge(policy, present({})).metadata).toEqual({ constructor: 'set' })
  })
})
