import { describe, expect, it } from 'vitest'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import type { VerifiedClient } from '../../../src/model/client.ts'
import { NO_STATEMENTS } from '../../../src/model/qualified-statements.ts'
import type { Evidence } from '../../../src/model/decision.ts'
import { prove } from '../../../src/model/proof.ts'
import { Secret } from '../../../src/model/secret.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import type { RequestFacts } from '../../../src/model/registration-request.ts'
import type { VerifiedStatement } from '../../../src/model/statement.ts'
import { bindPolicy } from '../../../src/policy/bind-policy.ts'
import { decide } from '../../../src/policy/decide.ts'
import { PLAIN_ANSWER } from '../../support/plain-answer.ts'
import { loadPolicy } from './policy-fixture.ts'

const NOW = new Date('2026-01-01T12:00:00Z')
const IDENTITY = { name: 'tested', version: '1', sha256: 'hash' }
const policy = await loadPolicy(`
softwareStatement:
  create: optional
  algorithms: [PS256]
  directories: { live: { issuers: [directory], jwksUri: https://directory.example/jwks } }
  claims: { org_id: string }
members: { client_name: string, redirect_uris: list(string), jwks: dyn }
parameters: { prefix: { type: string, default: '', meaning: m } }
rules:
  - { id: name, title: t, message: name is wrong, require: metadata.client_name.startsWith(parameters.prefix) }
  - { id: org, title: t, message: org is wrong, require: 'statement.?org_id.orValue("o") == "o"' }
  - { id: certificate, title: t, message: certificate is wrong, when: request.hasCertificate, require: 'certificate.thumbprint == "t"' }
  - { id: client, title: t, message: client is wrong, require: 'request.clientId == (request.operation == "create" ? "" : "c")' }
  - { id: time, title: t, message: time is wrong, require: 'now == timestamp("2026-01-01T12:00:00Z")' }
  - { id: reported, title: t, message: only reported, mode: report, require: size(translations) > 0 }
headers: { X-Org: statement.?org_id }
client: { key: statement.?org_id, owner: 'certificate.subject.CN[0]' }
reasons: { statement-expired: { clause: '7.1' } }
`)

function evidence(request: Partial<RequestFacts>, org?: string, thumbprint?: string): Evidence {
  return {
    request: prove('request', {
      operation: 'create',
      location: null,
      managementToken: null,
      metadata: { client_name: 'a' },
      softwareStatement: null,
      passedHeaders: {},
      bodyBytes: 0,
      contentType: 'application/json',
      signature: null,
      ...request,
    }),
    client: thumbprint === undefined ? null : clientWith(thumbprint),
    statement: org === undefined ? null : statementOf(org),
    lookups: prove('lookups', { values: {}, failures: [], server: null, outcomes: [] }),
    managed: null,
  }
}

function clientWith(thumbprint: string): VerifiedClient {
  const name = parseDistinguishedName('CN=a')
  const publicKey = { type: 'rsa', bits: 2048 }
  const subjectAltNames = { otherName: [], directoryName: [] }
  const names = { subject: name, issuer: name, subjectAltNames, organizationIdentifier: null }
  const certificate = { ...names, publicKey, thumbprint, qualified: NO_STATEMENTS }
  return prove('client', { certificate } as never)
}

function statementOf(org: string): VerifiedStatement {
  return prove('statement', { claims: { org_id: org } } as never)
}

describe('decide', () => {
  it('approves what keeps every rule, with the very evidence it rests on', () => {
    const given = evidence({ metadata: { client_name: 'a', unknown: 1 } }, 'o', 't')
    expect(decide(policy, IDENTITY, { prefix: 'a' }, given, NOW)).toEqual({
      evidence: given,
      policy: IDENTITY,
      metadata: { client_name: 'a' },
      headers: { 'X-Org': 'o' },
      clientKey: 'o',
      owner: 'a',
      once: [],
      answer: PLAIN_ANSWER,
      reported: [{ reason: 'rule-broken', rule: 'reported', at: 'request', message: 'only reported' }],
    })
  })

  it('refuses with every finding, never with the first alone', () => {
    const refused = (): unknown => decide(policy, IDENTITY, { prefix: 'b' }, evidence({}, 'x', 'y'), new Date(0))
    expect(refused).toThrow(Refusal)
    try {
      refused()
    } catch (refusal) {
      expect((refusal as Refusal).findings.map(({ rule }) => rule)).toEqual(['name', 'org', 'certificate', 'time'])
    }
  })

  it('knows the client that a read is about, and has no metadata for it', async () => {
    const reading = await loadPolicy(
      'rules: [{ id: c, on: [read], title: t, message: m, require: request.clientId == "c" }]',
    )
    const location = { suffix: '/c', query: '', clientId: 'c' }
    const request = { operation: 'read', location, metadata: {} } as const
    expect(decide(reading, IDENTITY, {}, evidence(request), NOW).metadata).toBeNull()
    expect(() => decide(reading, IDENTITY, {}, evidence({ ...request, location: null }), NOW)).toThrow(Refusal)
  })

  it.each([
    ['request', { ...evidence({}), request: { ...(evidence({}).request as object) } }],
    ['client', { ...evidence({}), client: { ...(clientWith('t') as object) } }],
    ['statement', { ...evidence({}), statement: { ...(statementOf('o') as object) } }],
  ])('decides nothing upon a %s that was copied rather than verified', (name, forged) => {
    const decided = (): unknown => decide(policy, IDENTITY, { prefix: '' }, forged as never, NOW)
    expect(decided).toThrow(new TypeError(`not a proof of ${name}`))
  })

  it('gives what nobody can change afterwards', () => {
    const metadata = { client_name: 'a', redirect_uris: ['b'], jwks: { keys: [{ kty: 'RSA' }] } }
    const approved = decide(policy, IDENTITY, { prefix: '' }, evidence({ metadata }, 'o'), NOW)
    const parts = [
      approved,
      approved.metadata,
      approved.metadata?.['redirect_uris'],
      approved.metadata?.['jwks'],
      (approved.metadata?.['jwks'] as typeof metadata.jwks).keys,
      (approved.metadata?.['jwks'] as typeof metadata.jwks).keys[0],
      approved.headers,
      approved.reported,
      approved.evidence,
      approved.evidence.request.metadata,
    ]
    expect(parts.map((part) => typeof part === 'object' && Object.isFrozen(part))).toEqual(parts.map(() => true))
  })
})

describe('bindPolicy', () => {
  it('decides with the parameters of its endpoint', () => {
    const { decide: judge } = bindPolicy(policy, { prefix: 'b' })
    expect(() => judge(evidence({}), NOW)).toThrow(Refusal)
    expect(judge(evidence({ metadata: { client_name: 'bank' } }), NOW).metadata).toEqual({ client_name: 'bank' })
  })

  it('names the policy and what it demands of other stages', () => {
    const bound = bindPolicy(policy, { prefix: '' })
    expect(bound.identity).toEqual({ name: 'tested', version: '1', sha256: policy.sha256 })
    expect(Object.isFrozen(bound.identity)).toBe(true)
    expect(bound.decide(evidence({}), NOW).policy).toBe(bound.identity)
    expect(bound).toMatchObject({
      certificate: { required: true, policies: null, revocation: null },
      statement: { mode: { create: 'optional' }, algorithms: ['PS256'] },
      directories: [{ name: 'live', issuers: ['directory'] }],
      reasons: { 'statement-expired': { clause: '7.1' } },
    })
  })
})

describe('token', () => {
  it.each<[string, Partial<RequestFacts>, boolean]>([
    ['a management token', { managementToken: new Secret('t') }, true],
    ['an initial access token that is passed on', { passedHeaders: { authorization: 'Bearer t' } }, true],
    ['another header', { passedHeaders: { 'x-request-id': 't' } }, false],
    ['none', {}, false],
  ])('is presented with %s, or not', async (_, request, presented) => {
    const asked = await loadPolicy('rules: [{ id: r, title: t, message: m, require: token.presented }]')
    const decided = (): unknown => decide(asked, IDENTITY, {}, evidence({ metadata: {}, ...request }), NOW)
    if (presented) expect(decided()).toMatchObject({ metadata: {} })
    else expect(decided).toThrow(Refusal)
  })
})
