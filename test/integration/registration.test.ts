import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import {
  goodRegistration,
  openLaboratory,
  SOFTWARE,
  INITIAL_ACCESS_TOKEN,
  type Laboratory,
} from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'
import { ROOT } from '../architecture/source-files.ts'

describe.each(['ec', 'rsa'] as const)('a client of a TPP with an %s certificate', (keyType) => {
  let laboratory: Laboratory
  let gateway: RunningGateway
  let tpp: RegistrantIdentity
  let url: string
  let created: RegistrantAnswer

  const manage = (method: string, body?: object): Promise<RegistrantAnswer> =>
    sendAs(tpp, {
      method,
      url: String(created.body['registration_client_uri']).replace(
        'https://127.0.0.1:8443',
        `https://127.0.0.1:${gateway.port}`,
      ),
      headers: { authorization: `Bearer ${String(created.body['registration_access_token'])}` },
      ...(body === undefined ? {} : { body }),
    })
  const lastSeen = (): (typeof laboratory.identityServer.seen)[number] => {
    const seen = laboratory.identityServer.seen.at(-1)
    if (seen === undefined) throw new Error('the identity server saw nothing')
    return seen
  }

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies'), keyType })
    gateway = await startLaboratoryGateway(laboratory)
    tpp = await laboratory.registrant(SOFTWARE, { keyType })
    url = `https://127.0.0.1:${gateway.port}/register`
    created = await sendAs(tpp, { method: 'POST', url, body: goodRegistration(laboratory, SOFTWARE, new Date()) })
  })
  afterAll(async () => {
    await gateway.stop()
    await laboratory.stop()
  })

  it('is registered with credentials of the identity server (RFC 7591 section 3.2.1)', () => {
    expect(created.status).toBe(201)
    expect(created.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    })
    expect(created.body).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'openid accounts resources',
    })
    expect(created.body['registration_access_token']).toMatch(/^\S{20,}$/)
  })

  it('has the values of the software statement where they count more than its own (7.1 (10))', () => {
    expect(created.body).toMatchObject({
      client_name: 'Ipe Contas',
      software_id: SOFTWARE.softwareId,
      tls_client_certificate_bound_access_tokens: true,
      jwks_uri: expect.stringContaining('/application.jwks') as unknown,
    })
  })

  it('is announced to the identity server with what the gateway verified, and with its own token (RFC 9440)', () => {
    const headers: Readonly<Record<string, string>> = laboratory.identityServer.seen[0]?.headers ?? {}
    const leaf = Buffer.from((tpp.certificate ?? '').split('-----')[2] ?? '', 'base64').toString('base64')
    expect(headers).toMatchObject({
      'client-cert': `:${leaf}:`,
      'client-cert-chain': `:${laboratory.clientIssuer.der.toString('base64')}:`,
      'x-verified-organisation-id': SOFTWARE.organisationId,
      'x-verified-software-id': SOFTWARE.softwareId,
      authorization: `Bearer ${INITIAL_ACCESS_TOKEN}`,
      'decision-id': created.headers['decision-id'],
    })
    expect(headers['transfer-encoding']).toBeUndefined()
  })

  it('is read, updated and read again under one and the same URI (RFC 7592 sections 2.1 and 2.2)', async () => {
    const uri = created.body['registration_client_uri']
    const read = await manage('GET')
    expect({ status: read.status, uri: read.body['registration_client_uri'] }).toEqual({ status: 200, uri })
    const { client_id } = created.body
    const update = goodRegistration(laboratory, SOFTWARE, new Date(), {
      metadata: { client_id, scope: 'openid accounts' },
    })
    const updated = await manage('PUT', update)
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body).toMatchObject({ scope: 'openid accounts', registration_client_uri: uri, client_id })
    expect((await manage('GET')).body['scope']).toBe('openid accounts')
    // The identity server sees the token that it issued itself, which its registrant never held.
    expect(lastSeen().headers['authorization']).toMatch(/^Bearer ./)
    expect(lastSeen().headers['authorization']).not.toContain(created.body['registration_access_token'])
  })

  it('takes its own registration, sent back with a fresh statement, for a good update (BR-DCM-13)', async () => {
    const echo = Object.fromEntries(
      Object.entries(created.body).filter(
        ([name]) =>
          ![
            'registration_access_token',
            'registration_client_uri',
            'client_secret_expires_at',
            'client_id_issued_at',
          ].includes(name),
      ),
    )
    const { software_statement } = goodRegistration(laboratory, SOFTWARE, new Date())
    const updated = await manage('PUT', { ...echo, software_statement })
    expect(updated.status, updated.text).toBe(200)
  })

  it('is updated under the same rules as it was registered, and a refused update changes nothing', async () => {
    const before = await manage('GET')
    const foreign = goodRegistration(laboratory, SOFTWARE, new Date(), {
      metadata: { client_id: created.body['client_id'], redirect_uris: ['https://evil.example/cb'] },
    })
    const refused = await manage('PUT', foreign)
    expect({ status: refused.status, error: refused.body['error'] }).toEqual({
      status: 400,
      error: 'invalid_redirect_uri',
    })
    expect((await manage('GET')).body).toEqual(before.body)
  })

  it('is gone after its deletion, and its token is worth nothing (RFC 7592 section 2.3)', async () => {
    const deleted = await manage('DELETE')
    expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' })
    const gone = await manage('GET')
    expect({ status: gone.status, error: gone.body['error'], challenge: gone.headers['www-authenticate'] }).toEqual({
      status: 401,
      error: 'invalid_token',
      challenge: 'Bearer error="invalid_token"',
    })
  })

  it('leaves a record of every decision and no secret in it', async () => {
    const records = await readAudit(laboratory)
    expect(records.map(({ operation, decision }) => `${String(operation)} ${String(decision)}`).slice(0, 2)).toEqual([
      'create granted',
      'read granted',
    ])
    expect(records[0]).toMatchObject({
      decisionId: created.headers['decision-id'],
      status: 201,
      clientId: created.body['client_id'],
      policy: {
        name: 'open-finance-brasil',
        version: '1.0-id3',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      },
      certificate: { subject: expect.stringContaining(`UID=${SOFTWARE.softwareId}`) as unknown, trust: 'sandbox' },
      statement: { softwareId: SOFTWARE.softwareId, organisationId: SOFTWARE.organisationId, keyId: 'signer' },
      upstream: { status: 201 },
    })
    const refusal = records.find(({ decision }) => decision === 'refused')
    expect(refusal).toMatchObject({
      operation: 'update',
      reason: 'rule-broken',
      findings: [{ rule: 'redirect-uris-within-statement', clause: '7.1 (6)' }],
    })
    const text = await readFile(join(laboratory.folder, 'audit.jsonl'), 'utf8')
    expect(text).not.toContain(String(created.body['registration_access_token']))
    expect(text).not.toContain(INITIAL_ACCESS_TOKEN)
    // Three letters alone turn up in a certificate's base64 now and then; no certificate has a JWS's dots.
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]*\./)
  })
})
