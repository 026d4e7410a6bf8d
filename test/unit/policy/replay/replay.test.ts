import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { Evidence } from '../../../../src/model/decision.ts'
import type { JsonObject } from '../../../../src/model/json.ts'
import { prove } from '../../../../src/model/proof.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { bindParameters } from '../../../../src/policy/bind-parameters.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { presentFacts } from '../../../../src/policy/present-facts.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'
import { readFacts, type RecordedDecision } from '../../../../src/policy/replay/read-facts.ts'
import { recordFacts, type RecordedExtent } from '../../../../src/policy/replay/record-facts.ts'
import { replayDecision } from '../../../../src/policy/replay/replay-decision.ts'
import { brazilianSubject, mintAuthority, mintClientCertificate } from '../../../support/mint-certificates.ts'
import { brazilianClaims } from '../../../support/sign-statement.ts'
import { SOFTWARE } from '../../../support/laboratory.ts'

const NOW = new Date('2026-11-27T12:00:00Z')

async function policyOf(folder: string, name = 'open-finance-brasil'): Promise<CompiledPolicy> {
  const { policies, faults } = await loadPolicies(folder)
  const policy = policies.get(name)
  if (policy === undefined) throw new Error(JSON.stringify(faults))
  return policy
}

describe('a decision that is made again', () => {
  let policy: CompiledPolicy
  let newer: CompiledPolicy
  let der: Buffer
  let folder: string

  beforeAll(async () => {
    policy = await policyOf('policies')
    folder = await mkdtemp(join(tmpdir(), 'dcr-gateway-'))
    await cp('policies', folder, { recursive: true })
    const file = join(folder, 'open-finance-brasil/policy.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace(
        'require: variables.redirectUris.all(u, size(u) <= 255)',
        'require: variables.redirectUris.all(u, size(u) <= 25)',
      ),
    )
    newer = await policyOf(folder)
    const authority = await mintAuthority()
    const minted = await mintClientCertificate(authority, { subject: brazilianSubject(SOFTWARE) })
    der = minted.der
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const evidence = (
    metadata: JsonObject,
    claims: JsonObject = {},
    passedHeaders: Readonly<Record<string, string>> = {},
  ): Evidence => ({
    request: prove('request', {
      operation: 'create',
      location: null,
      managementToken: new Secret('management-secret'),
      metadata: {
        redirect_uris: ['https://ipe.example.com.br/cb'],
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
        response_types: ['code id_token'],
        ...metadata,
      },
      softwareStatement: 'compact.jws.signature',
      passedHeaders,
      bodyBytes: 10,
      contentType: 'application/json',
      signature: null,
    }),
    client: prove('client', {
      certificate: parseCertificate(der).facts,
      revocation: null,
      trust: 'sandbox',
      clientCertHeader: `:${der.toString('base64')}:`,
      clientCertChainHeader: '',
    }),
    statement: prove('statement', {
      directory: 'sandbox',
      issuer: 'directory',
      keyId: 'signer',
      algorithm: 'PS256',
      claims: brazilianClaims(NOW, {
        software_id: SOFTWARE.softwareId,
        org_id: SOFTWARE.organisationId,
        ...claims,
      }) as JsonObject,
      issuedAt: NOW,
      sha256: 'hash',
    }),
    lookups: prove('lookups', { values: {}, failures: [], server: null, outcomes: [] }),
    managed: null,
  })

  /** What the audit trail would hold of it, and what is read back from there. */
  function recordAndRead(
    facts: Evidence,
    extent: RecordedExtent = 'declared',
    by: CompiledPolicy = policy,
  ): { line: string; read: RecordedDecision } {
    const { values } = bindParameters(by, {})
    const verdict = judge(by, presentFacts(facts, facts.lookups, values, NOW))
    const rules = (findings: typeof verdict.findings) => findings.map(({ rule, reason }) => ({ rule: rule ?? reason }))
    const approved = verdict.findings.length === 0
    const line = JSON.stringify({
      event: 'decision',
      decisionId: 'd-1',
      receivedAt: NOW.toISOString(),
      decision: approved ? 'granted' : 'refused',
      policy: { name: by.name, version: by.version, sha256: by.sha256 },
      approved,
      findings: rules(verdict.findings),
      reported: rules(verdict.reported),
      facts: recordFacts(by, values, facts, extent),
    })
    const read = readFacts(line, (bytes) => parseCertificate(bytes).facts)
    if (typeof read === 'string') throw new Error(read)
    return { line, read }
  }

  it('comes out the same under the same policy, approved or refused', () => {
    for (const metadata of [
      {},
      { jwks: { keys: [] } },
      { redirect_uris: ['https://evil.example/cb'], scope: 'payments x' },
    ]) {
      const { read } = recordAndRead(evidence(metadata))
      expect(replayDecision(policy, read)).toMatchObject({ outcome: 'same', mended: [], unknown: [] })
    }
  })

  it('says which rule refuses it now', () => {
    const { read } = recordAndRead(evidence({}))
    expect(read.approved).toBe(true)
    const { outcome, findings } = replayDecision(newer, read)
    expect({ outcome, rules: findings.map(({ rule }) => rule) }).toEqual({
      outcome: 'now refused',
      rules: ['redirect-uris-short'],
    })
  })

  it('says which rule no longer refuses it', () => {
    const { read } = recordAndRead(evidence({}), 'declared', newer)
    expect(read.broken).toEqual(['redirect-uris-short'])
    expect(replayDecision(policy, read)).toMatchObject({ outcome: 'now approved', mended: ['redirect-uris-short'] })
  })

  it('says what the new policy asks for that was not written down', () => {
    const { read } = recordAndRead(evidence({ berth: 'north' }))
    expect(read.omitted).toContain('berth')
    const asking = { ...policy, members: new Map([...policy.members, ['berth', { kind: 'string' } as const]]) }
    expect(replayDecision(asking, read).unknown).toEqual(['berth'])
  })

  it('has undeclared members and claims only where the trail keeps all', () => {
    const facts = evidence({ berth: 'north' }, { internal_rating: 'B' })
    expect(recordAndRead(facts).line).not.toMatch(/north|"B"/)
    expect(recordAndRead(facts, 'all').line).toMatch(/"berth":"north".*|"internal_rating":"B"/)
  })

  it.each<RecordedExtent>(['declared', 'all'])('leaves no secret in the trail that keeps %s', (extent) => {
    const { line } = recordAndRead(
      evidence({
        client_secret: 'sssh-1',
        registration_access_token: 'sssh-2',
        software_password: 'sssh-3',
        jwks: {
          keys: [
            { kty: 'RSA', n: 'n', e: 'AQAB', d: 'sssh-4', p: 'sssh-5' },
            { kty: 'oct', k: 'sssh-6' },
          ],
        },
        nested: { client_secret: 'sssh-7' },
      }),
      extent,
    )
    expect(line).not.toMatch(/sssh-|management-secret|compact\.jws/)
  })

  it.each<RecordedExtent>(['declared', 'all'])('leaves none that hides in the trail that keeps %s', (extent) => {
    const hiding = {
      jwks: JSON.stringify({ keys: [{ kty: 'RSA', d: 'sssh-1' }] }),
      jwks_uri: 'https://user:sssh-2@app.example/jwks',
      client_uri: 'https://app.example/?access_token=sssh-3',
      contacts: ['-----BEGIN PRIVATE KEY-----sssh-4'],
      accessToken: 'sssh-5',
      'access-token': 'sssh-6',
      apiKey: 'sssh-7',
      privateKey: 'sssh-8',
      client_secret_expires_at: 'sssh-9',
      nested: { kid: 'x', d: 'sssh-10' },
      client_name: 'App',
      tls_client_certificate_bound_access_tokens: true,
    }
    const headers = { 'x-api-key': 'sssh-11', 'x-initial-access-token': 'sssh-12', 'x-fapi-interaction-id': 'seen-1' }
    const { line } = recordAndRead(evidence(hiding, {}, headers), extent)
    expect(line).not.toMatch(/sssh-/)
    expect(line).toMatch(/"tls_client_certificate_bound_access_tokens":true/)
    expect(line).toMatch(/seen-1/)
    expect(JSON.parse(line)).toMatchObject({
      facts: { omitted: expect.arrayContaining(['jwks_uri', 'request.headers.x-api-key']) as unknown },
    })
  })

  it('takes no longer over a text that is made of beginnings of secrets', () => {
    const hiding = {
      client_name: '?token'.repeat(9_000),
      client_uri: `https://app.example/${'?token&'.repeat(100)}key=sssh-1`,
    }
    const { line } = recordAndRead(evidence(hiding), 'all')
    expect(line).not.toMatch(/sssh-/)
    expect(JSON.parse(line)).toMatchObject({ facts: { sent: { client_name: hiding.client_name } } })
  })

  it('is not written down where it would be too large', () => {
    const facts = recordFacts(policy, {}, evidence({ client_name: 'x'.repeat(70_000) }), 'declared')
    expect(facts).toEqual({ omitted: ['everything, since it is too large'] })
  })

  it.each([
    ['{"event":"opened"}', 'no decision'],
    ['not json', 'unreadable'],
    ['[]', 'no decision'],
    ['{"event":"decision","approved":null,"facts":null}', 'not decided by a policy'],
    ['{"event":"decision","approved":true,"facts":null}', 'facts not recorded'],
    [
      '{"event":"decision","approved":true,"facts":{"omitted":["everything, since it is too large"]}}',
      'facts not recorded',
    ],
    ['{"event":"decision","approved":true,"facts":{"operation":"burn"}}', 'unreadable'],
  ])('cannot be told from %s', (line, why) => {
    expect(readFacts(line, () => null)).toBe(why)
  })
})
