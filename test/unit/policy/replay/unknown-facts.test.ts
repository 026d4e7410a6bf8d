import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../../../src/model/decision.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { readFacts } from '../../../../src/policy/replay/read-facts.ts'
import { recordFacts } from '../../../../src/policy/replay/record-facts.ts'
import { replayDecision, type ReplayedDecision } from '../../../../src/policy/replay/replay-decision.ts'
import { loadPolicy } from '../policy-fixture.ts'

const HEAD = `
clientCertificate: { required: false }
members: { redirect_uris: list(string), jwks: 'map(string, dyn)', u: string }
softwareStatement: { create: optional, algorithms: [PS256], claims: { software_id: string } }
signedRequest:
  create: optional
  contentTypes: [application/jose]
  algorithms: [PS256]
  keys: { uri: statement.?software_id, hosts: any }
  claims: { api_key: string }
`

const rules = (require: string): string => `rules: [{ id: r, title: t, message: m, require: '${require}' }]\n`
const CERTIFICATE = { thumbprint: 't' }

/** Recorded by a policy without rules, and decided again by this one. */
async function replay(body: string, metadata: JsonObject): Promise<ReplayedDecision> {
  const [before, after] = [await loadPolicy(HEAD), await loadPolicy(HEAD + body)]
  return again(before, after, metadata)
}

function again(before: CompiledPolicy, after: CompiledPolicy, metadata: JsonObject): ReplayedDecision {
  const signature = { algorithm: 'PS256', keyId: 'k', type: null, claims: { api_key: 'v' }, certificate: CERTIFICATE }
  const request = {
    ...{ operation: 'create', location: null, contentType: 'application/jose', managementToken: null },
    ...{ passedHeaders: { 'x-api-key': 'v' }, signature, metadata },
  }
  const lookups = { values: {}, failures: [], server: null, outcomes: [] }
  const evidence = { request, client: null, statement: null, lookups } as unknown as Evidence
  const line = {
    ...{ event: 'decision', decisionId: 'd', receivedAt: '2026-11-27T12:00:00.000Z', decision: 'granted' },
    ...{ policy: { name: 'tested', version: '1', sha256: 'x' }, approved: true, findings: [], reported: [] },
    facts: recordFacts(before, {}, evidence, 'declared'),
  }
  const read = readFacts(JSON.stringify(line), () => null)
  if (typeof read === 'string') throw new Error(read)
  return replayDecision(after, read)
}

describe('what a decision rests on and was not written down is named', () => {
  it('where a secret was taken out below a member, by its place', async () => {
    const metadata = {
      redirect_uris: ['https://a.example/cb', 'https://a.example/cb?code=1'],
      jwks: { keys: [{ kty: 'OKP', d: 'x' }] },
    }
    const { unknown } = await replay(rules('size(metadata.redirect_uris) > 1'), metadata)
    expect(unknown).toEqual(expect.arrayContaining(['redirect_uris[1]', 'jwks.keys[0].d']))
  })

  it('where it is a claim of a signed request, a header, or the certificate of its signer', async () => {
    const body = rules('"x-api-key" in request.headers && has(request.claims.api_key) && has(request.certificate)')
    const { outcome, unknown } = await replay(body, {})
    expect(outcome).toBe('now refused')
    expect([...unknown].sort()).toEqual(['request.certificate', 'request.claims.api_key', 'request.headers.x-api-key'])
  })

  it('and not where the policy never looks at it', async () => {
    expect((await replay(rules('!has(metadata.u)'), {})).unknown).toEqual(['request.claims.api_key'])
  })

  it('where it would be looked up now, and was not then', async () => {
    const body = `lookups: { two: { url: requested.?u, hosts: any, type: list(string) } }
rules: [{ id: r, title: t, message: m, when: has(metadata.u), require: '"a" in lookups.two' }]
`
    const asked = await replay(body, { u: 'https://a.example/' })
    expect(asked).toMatchObject({ outcome: 'now refused' })
    expect(asked.unknown).toContain('lookups.two')
    expect((await replay(body, {})).unknown).not.toContain('lookups.two')
  })

  it('however many names the registrant sends that nobody declared', async () => {
    const flood = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`n${index}`, 1]))
    const { unknown } = await replay('', { ...flood, redirect_uris: ['https://a.example?code=1'] })
    expect(unknown).toContain('redirect_uris[0]')
  })
})
