import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildExplainedFacts, NOT_FETCHED, withoutUnfetched } from '../../../src/commands/build-explained-facts.ts'
import { explainJudgement } from '../../../src/policy/explain/explain-judgement.ts'
import { loadTexts, policyOf } from '../policy/policy-fixture.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const { policies, resolved, faults } = await loadTexts({
  signing: `
clientCertificate: { required: false }
softwareStatement:
  create: required
  update: required
  algorithms: [PS256]
  claims: { software_id: string, jwks_endpoint: string }
members: { client_name: string, jti: string }
signedRequest:
  create: required
  update: optional
  contentTypes: [application/jose]
  algorithms: [PS256]
  keys: { uri: statement.jwks_endpoint, hosts: [keys.example] }
  claims: { iss: string, regime: string }
rules:
  - id: of-the-software
    title: The request is of the software
    message: m
    require: request.claims.iss == statement.software_id && request.header.kid == "k" && has(request.claims.regime)
`,
  looking: `
clientCertificate: { required: false }
members: { sector: string }
lookups: { uris: { url: requested.?sector, hosts: any, type: list(string) } }
rules:
  - { id: listed, title: t, message: m, when: has(metadata.sector), require: '"a" in lookups.uris' }
`,
  unsigned: `
clientCertificate: { required: false }
softwareStatement: { create: forbidden, update: forbidden }
members: { client_name: string }
rules:
  - { id: named, title: It has a name, message: m, require: has(metadata.client_name) }
`,
})

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'dcr-explained-'))))
afterAll(() => rm(folder, { recursive: true }))

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const jws = (payload: object): string => `${part({ alg: 'PS256', kid: 'k', typ: 'JWT' })}.${part(payload)}.c2ln`
const statement = jws({ software_id: 's-1', jwks_endpoint: 'https://keys.example/s-1' })
const payload = {
  iss: 's-1',
  jti: 'j-1',
  aud: 'bank',
  regime: 'r',
  client_name: 'Tides',
  software_statement: statement,
}

async function explain(name: 'signing' | 'unsigned', body: string, operation: 'create' | 'update' = 'create') {
  const [policy, request] = [policyOf(policies, name), join(folder, 'body')]
  await writeFile(request, body)
  const own = resolved.get(name)
  if (own === undefined) throw new Error('not resolved')
  const facts = await buildExplainedFacts(
    { policy, resolved: own, folder, parameters: {} },
    { request, operation, parameter: {} },
    NOW,
  )
  if (!('sent' in facts)) throw new Error(JSON.stringify(facts))
  const { earlier, verdict } = explainJudgement(policy, own, facts)
  return { facts, reasons: [...earlier, ...verdict.findings].map(({ reason, rule }) => rule ?? reason) }
}

describe('a signed request that is explained', () => {
  it('is judged by sound policies', () => expect(faults).toEqual([]))

  it('is taken apart as the gateway does: claims are no metadata, the statement is that of the payload', async () => {
    const { facts, reasons } = await explain('signing', `${jws(payload)}\n`)
    expect(facts.sent).toEqual({ client_name: 'Tides' })
    expect(facts.claims).toMatchObject({ software_id: 's-1' })
    expect(facts.signature).toMatchObject({ algorithm: 'PS256', keyId: 'k', type: 'JWT' })
    expect(facts.contentType).toBe('application/jose')
    expect(reasons).toEqual([])
  })

  it('is judged by what it says of itself', async () => {
    expect((await explain('signing', jws({ ...payload, iss: 's-2' }))).reasons).toEqual(['of-the-software'])
  })

  it('is refused as the gateway would refuse it where the policy takes none', async () => {
    expect((await explain('unsigned', jws({ client_name: 'Tides' }))).reasons).toEqual(['request-signature-forbidden'])
  })
})

describe('a request in JSON that is explained', () => {
  const { iss: _, ...json } = payload

  it('is refused where the policy demands a signed one, and not where it may be signed', async () => {
    expect((await explain('signing', JSON.stringify(json))).reasons).toContain('request-unsigned')
    expect((await explain('signing', JSON.stringify(json), 'update')).reasons).not.toContain('request-unsigned')
  })
})

describe('a request whose policy looks something up', () => {
  it('is not judged by rules that need what nobody fetches here, and says so', async () => {
    const file = join(folder, 'looking.json')
    await writeFile(file, '{"sector":"https://app.example/s"}')
    const [policy, source] = [policyOf(policies, 'looking'), resolved.get('looking')]
    if (source === undefined) throw new Error('no looking')
    const chosen = { policy, resolved: source, parameters: {}, folder }
    const facts = await buildExplainedFacts(chosen, { request: file, parameter: {} }, NOW)
    if (!('operation' in facts)) throw new Error(JSON.stringify(facts))
    const explained = explainJudgement(policy, source, facts)
    expect(explained.rules).toMatchObject(
      [{ id: 'listed', verdict: 'not-judged', because: /lookups\.uris/ }].map((one) => ({
        ...one,
        because: expect.stringMatching(one.because) as unknown,
      })),
    )
    expect(explained.verdict.findings).toMatchObject([{ reason: 'lookup-failed', detail: NOT_FETCHED }])
    expect(withoutUnfetched(explained).verdict.findings).toEqual([])
  })
})

describe('a case that is explained', () => {
  const CASES = `given: { metadata: { client_name: n } }
approve:
  - name: sound
  - name: misspelt
    metadata: { client_nme: n }
  - name: nameless
    certificate: { subject: "CN=a,Nobody=b" }
reject: []
`
  const explainCase = async (name: string): Promise<unknown> => {
    await writeFile(join(folder, 'cases.yaml'), CASES)
    const [policy, source] = [policyOf(policies, 'unsigned'), resolved.get('unsigned')]
    if (source === undefined) throw new Error('not resolved')
    return buildExplainedFacts({ policy, resolved: source, folder, parameters: {} }, { case: name, parameter: {} }, NOW)
  }

  it('is refused where it names what is not there, with the place and what was meant', async () => {
    expect(await explainCase('misspelt')).toMatchObject([
      { line: 5, column: 17, path: 'approve[1].metadata.client_nme', hint: 'did you mean client_name?' },
    ])
    expect(await explainCase('nameless')).toMatchObject([
      { line: 7, column: 35, excerpt: { text: '    certificate: { subject: "CN=a,Nobody=b" }', caret: 34 } },
    ])
  })

  it('is judged whatever is wrong with others', async () => {
    expect(await explainCase('sound')).toMatchObject({ sent: { client_name: 'n' } })
  })
})
