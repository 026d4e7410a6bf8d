import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { Refusal, type Finding } from '../../../../src/model/refusal.ts'
import { bindParameters } from '../../../../src/policy/bind-parameters.ts'
import { lookUp } from '../../../../src/policy/lookup/look-up.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'
import { loadPolicy, policyOf } from '../policy-fixture.ts'
import { evidenceOf, NOW, sourcesOf } from './lookup-fixture.ts'

const DECLARED = `
members: { client_name: string, scope: string }
parameters:
  judges: { type: bool, default: true, meaning: m }
  mode: { type: string, default: strict, oneOf: [strict, lenient], meaning: m }
`
const rule = (more: string): string => `rules:\n  - { id: offered, title: t, message: m, ${more} }\n`
const READS = `require: 'has(server.issuer)'`

interface Asked {
  readonly parameters?: JsonObject
  readonly operation?: Operation
  readonly now?: Date
  readonly server?: JsonObject
  readonly isServerDemanded?: boolean
}

/** What refuses while nothing is known of the identity server, or null. */
async function refusalOf(text: string, asked: Asked = {}): Promise<Finding | null> {
  const policy = await loadPolicy(`${DECLARED}${text}`)
  const { parameters = {}, operation = 'create', now = NOW, server, isServerDemanded = true } = asked
  const { values } = bindParameters(policy, parameters)
  const sources = { ...sourcesOf({}, server), isServerDemanded }
  try {
    await lookUp(policy, values, evidenceOf({ client_name: 'n' }, null, operation), now, sources)
    return null
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return refusal.findings[0]
  }
}

const readerOf = async (text: string, asked: Asked = {}): Promise<string | null> =>
  (await refusalOf(text, asked))?.detail?.replace(/^.* asked for by /, '') ?? null

describe('a policy that looks at the identity server while nothing is known of it', () => {
  it('refuses with a reason of its own, and tells the operator alone which rules ask', async () => {
    expect(await refusalOf(rule(READS))).toEqual({
      reason: 'lookup-unavailable',
      at: 'request',
      message: 'what the identity server offers, which the decision needs, is not known at the moment',
      detail: 'nothing was had from upstream.metadataUrl yet; asked for by rule offered',
    })
  })

  it('decides once something is known, be it nothing that the rule asks for', async () => {
    expect(await refusalOf(rule(READS), { server: {} })).toBeNull()
  })

  it('decides where the operator demands nothing', async () => {
    expect(await refusalOf(rule(READS), { isServerDemanded: false })).toBeNull()
  })

  it.each([
    ['in a condition', rule(`when: 'has(server.issuer)', require: metadata.client_name != ""`), 'rule offered'],
    ['by a variable', `variables: { known: has(server.issuer) }\n${rule('require: variables.known')}`, 'rule offered'],
    [
      'by a variable of a variable',
      `variables: { known: has(server.issuer), all: variables.known }\n${rule('require: variables.all')}`,
      'rule offered',
    ],
    ['in an effect', 'effects: [{ default: { scope: "server.?issuer" } }]', 'effects'],
    ['in the condition of an effect', `effects: [{ when: has(server.issuer), set: { scope: '"openid"' } }]`, 'effects'],
    [
      'in scopes',
      'scopes: { id: granted, grantedBy: "server.?scopes_supported.orValue([])", roles: { a: [b] } }',
      'scopes granted',
    ],
    ['in a header', 'headers: { X-Issuer: server.?issuer }', 'header X-Issuer'],
    [
      'in what may happen once',
      `once: [{ id: one, message: m, key: 'server.?issuer.orValue("") + metadata.client_name', holdsSeconds: 60 }]`,
      'once one',
    ],
    ['in an answer', 'response: { set: { issuer: server.?issuer } }', 'response'],
    [
      'in the address of a look-up',
      `lookups: { keys: { url: server.?jwks_uri, hosts: any, type: jwks } }\n${rule('require: has(lookups.keys)')}`,
      'look-up keys',
    ],
    ['in the key of clients', `client: { key: 'metadata.client_name + server.?issuer.orValue("")' }`, 'client.key'],
  ])('refuses where it does so %s', async (_, text, reader) => {
    expect(await readerOf(text)).toBe(reader)
  })

  it.each<[string, string, Asked]>([
    ['another operation', rule(`on: [update], ${READS}`), {}],
    ['a day to come', rule(`from: 2026-01-02, ${READS}`), {}],
    ['a day gone by', rule(`until: 2025-12-31, ${READS}`), {}],
    ['the report alone', rule(`mode: report, ${READS}`), {}],
    ['what is shown alone', rule(`require: metadata.client_name != "", found: server.?issuer`), {}],
    ['another parameter', rule(`when: parameters.judges, ${READS}`), { parameters: { judges: false } }],
    [
      'another parameter, in the rule itself',
      rule(`require: 'parameters.mode == "lenient" || has(server.issuer)'`),
      { parameters: { mode: 'lenient' } },
    ],
    [
      'another parameter, by a variable',
      `variables: { strict: parameters.mode == "strict" }\n${rule(`when: variables.strict && has(server.issuer), ${READS}`)}`,
      { parameters: { mode: 'lenient' } },
    ],
  ])('goes on where it does so for %s', async (_, text, asked) => {
    expect(await readerOf(text, asked)).toBeNull()
    const { parameters: __, ...others } = asked
    const day = text.includes('from:') ? '2026-01-03' : text.includes('until:') ? '2025-12-31' : '2026-01-01'
    const meant = { ...others, now: new Date(`${day}T12:00:00Z`), operation: 'update' as const }
    const silent = text.includes('report') || text.includes('found:')
    expect(await readerOf(text, meant)).toBe(silent ? null : 'rule offered')
  })

  it('asks no certificate of another class', async () => {
    const classes = `certificateClasses: { good: 'parameters.judges', bad: '!parameters.judges' }\n`
    expect(await readerOf(`${classes}${rule(`certificate: [good], ${READS}`)}`)).toBeNull()
  })

  it('lets reads and deletions go on under the published rules, and names theirs', async () => {
    const { policies } = await loadPolicies('policies')
    const policy = policyOf(policies, 'rfc7591')
    const { values } = bindParameters(policy, {})
    const sources = { ...sourcesOf({}), isServerDemanded: true }
    for (const operation of ['read', 'delete'] as const)
      expect((await lookUp(policy, values, evidenceOf({}, null, operation), NOW, sources)).server).toBeNull()
    await expect(lookUp(policy, values, evidenceOf({}), NOW, sources)).rejects.toMatchObject({
      findings: [{ reason: 'lookup-unavailable', detail: expect.stringContaining('rule grants-offered') as string }],
    })
    const ignoring = bindParameters(policy, { serverMetadata: 'ignore' }).values
    expect((await lookUp(policy, ignoring, evidenceOf({}), NOW, sources)).values).toEqual({})
  })
})
