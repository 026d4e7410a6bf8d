import { X509Certificate } from 'node:crypto'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../src/certificate/parse/parse-certificate.ts'
import { writeDistinguishedName } from '../../src/distinguished-name/write-distinguished-name.ts'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

/** A regime with wishes of its own: each statement once, an old name, flattened claims, errors as the Berlin Group writes them. */
const REGIME = `
apiVersion: dcr-gateway/v1
name: regime
version: "1"
title: A regime with answers of its own
source: A test
extends: [open-finance-brasil]
softwareStatement: { claims: { jti: string } }
members: { tls_client_auth_dn: string }
effects: [{ rename: { tls_client_auth_dn: tls_client_auth_subject_dn } }]
once:
  - id: statement-used-once
    clause: 1.1 (10)
    key: statement.jti
    holdsSeconds: 600
    at: software_statement.jti
    message: the software statement was used before
    error: invalid_software_statement
response:
  flattenStatement: true
  remove: [subject_type]
  set: { registered_under: '"regime"' }
  headers: { x-fapi-interaction-id: 'request.headers[?"x-fapi-interaction-id"]' }
  success: { delete: { status: 200, body: '{"deleted": request.clientId}' } }
errorAnswer:
  contentType: application/problem+json
  body: '{"tppMessages": findings.map(f, {"category": "ERROR", "code": f.error, "text": f.message})}'
`

const SILENT = `
apiVersion: dcr-gateway/v1
name: silent
version: "1"
title: A regime whose registrations are answered without a body
source: A test
extends: [open-finance-brasil]
response: { success: { create: { status: 204 } } }
errorAnswer: { body: '{"never": findings[1000].rule}' }
`
const GIVEN_BY_SERVER = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

const log: LogEntry[] = []
let laboratory: Laboratory
let gateway: RunningGateway
let tpp: RegistrantIdentity

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  const folder = join(laboratory.folder, 'policies')
  await cp(join(ROOT, 'policies'), folder, { recursive: true, filter: (path) => !/\.(?:md|json)$/.test(path) })
  for (const [name, text] of Object.entries({ regime: REGIME, silent: SILENT })) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'policy.yaml'), text)
  }
  tpp = await laboratory.registrant(SOFTWARE)
})

afterAll(async () => {
  await laboratory.stop()
})

async function startUnder(policy: string): Promise<void> {
  const endpoint = { path: '/register', policy, trustedIssuers: 'sandbox', directories: ['demo'] }
  await laboratory.writeSettings({ ...laboratory.settings, endpoints: [endpoint] })
  gateway = await startLaboratoryGateway(laboratory, systemClock, log)
}

function send(method: string, body?: object, created?: RegistrantAnswer): Promise<RegistrantAnswer> {
  const path = created === undefined ? '/register' : new URL(String(created.body['registration_client_uri'])).pathname
  const token = { authorization: `Bearer ${String(created?.body['registration_access_token'])}` }
  return sendAs(tpp, {
    method,
    url: `https://127.0.0.1:${gateway.port}${path}`,
    headers: { 'x-fapi-interaction-id': 'interaction-1', ...(created === undefined ? {} : token) },
    ...(body === undefined ? {} : { body }),
  })
}

function subjectOf({ certificate }: RegistrantIdentity): string {
  return writeDistinguishedName(parseCertificate(new X509Certificate(certificate ?? '').raw).facts.subject)
}

function registration(jti: string, metadata: Record<string, unknown> = {}): Record<string, unknown> {
  return goodRegistration(laboratory, SOFTWARE, new Date(), { metadata, claims: { jti } })
}

describe('under a regime with answers of its own', () => {
  const first = { statement: '' }
  let created: RegistrantAnswer

  beforeAll(() => startUnder('regime'))
  afterAll(() => gateway.stop())

  it('a request that was refused uses nothing up: mended, it is granted with the very same statement', async () => {
    const bad = registration('jti-1', { redirect_uris: ['https://evil.example/cb'] })
    const refused = await send('POST', bad)
    expect(refused.status, refused.text).toBe(400)
    const { software_statement } = bad
    first.statement = String(software_statement)
    // Approved here, but not by the identity server, which knows of no such scope.
    const unknown = { ...registration('other', { scope: 'openid invoice-financings' }), software_statement }
    await send('POST', unknown)
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({ reason: 'upstream-refused', usedOnce: [] })
    const good = { ...registration('other'), software_statement }
    created = await send('POST', good)
    expect(created.status, created.text).toBe(201)
  })

  it('errors have the form of the regime, and the decision can be found by its header', async () => {
    const refused = await send('POST', registration('jti-2', { redirect_uris: ['https://evil.example/cb'] }))
    expect(refused.body).toEqual({
      tppMessages: [{ category: 'ERROR', code: 'invalid_redirect_uri', text: expect.any(String) as unknown }],
    })
    expect(refused.headers['content-type']).toBe('application/problem+json')
    const audit = await readAudit(laboratory)
    expect(audit.at(-1)).toMatchObject({
      decisionId: refused.headers['decision-id'],
      error: 'invalid_redirect_uri',
      usedOnce: [],
    })
  })

  it('the answer has statement, flattened claims, and what the policy sets, but not what it keeps back', () => {
    expect(created.body).toMatchObject({
      software_statement: first.statement,
      software_id: SOFTWARE.softwareId,
      org_id: SOFTWARE.organisationId,
      registered_under: 'regime',
    })
    expect(created.body).not.toHaveProperty('subject_type')
    expect(created.body).not.toHaveProperty('jti')
    expect(created.headers['x-fapi-interaction-id']).toBe('interaction-1')
  })

  it('a statement that was granted is good for nothing else, and the audit trail tells what was used up', async () => {
    const { client_id } = created.body
    const again = { ...registration('other', { client_id }), software_statement: first.statement }
    const refused = await send('PUT', again, created)
    expect({ status: refused.status, body: refused.body }).toEqual({
      status: 400,
      body: {
        tppMessages: [
          {
            category: 'ERROR',
            code: 'invalid_software_statement',
            text: 'the software statement was used before',
          },
        ],
      },
    })
    const audit = await readAudit(laboratory)
    expect(audit.at(-1)).toMatchObject({ reason: 'used-before', findings: [{ rule: 'statement-used-once' }] })
    expect(audit.filter(({ usedOnce }) => (usedOnce as string[]).length > 0)).toMatchObject([
      { decisionId: created.headers['decision-id'], usedOnce: ['statement-used-once'] },
    ])
  })

  it('takes its own registration, sent back with a fresh statement, for a good update (BR-DCM-13)', async () => {
    const echo = Object.fromEntries(Object.entries(created.body).filter(([name]) => !GIVEN_BY_SERVER.includes(name)))
    const { software_statement } = registration('jti-3')
    const updated = await send('PUT', { ...echo, software_statement }, created)
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body).toMatchObject({ software_statement, registered_under: 'regime' })
  })

  it('a read has what rests on no statement, and a deletion the body of the regime', async () => {
    const read = await send('GET', undefined, created)
    expect({ status: read.status, under: read.body['registered_under'] }).toEqual({ status: 200, under: 'regime' })
    const deleted = await send('DELETE', undefined, created)
    expect({ status: deleted.status, body: deleted.body }).toEqual({
      status: 200,
      body: { deleted: created.body['client_id'] },
    })
  })

  it('registers under its right name what was sent under the old one', async () => {
    const subject = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_dn: subjectOf(tpp) }
    const renamed = await send('POST', registration('jti-4', subject))
    expect(renamed.status, renamed.text).toBe(201)
    expect(renamed.body['tls_client_auth_subject_dn']).toBe(subject.tls_client_auth_dn)
    expect(renamed.body).not.toHaveProperty('tls_client_auth_dn')
  })
})

describe('under a regime that answers registrations without a body', () => {
  beforeAll(() => startUnder('silent'))
  afterAll(() => gateway.stop())

  it('the registrant gets 204, and the audit trail the client', async () => {
    const created = await send('POST', registration('jti-5'))
    expect({ status: created.status, text: created.text }).toEqual({ status: 204, text: '' })
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({
      decision: 'granted',
      clientId: expect.stringMatching(/^\S+$/) as unknown,
    })
  })

  it('an error that cannot be written in the form of the regime has that of RFC 7591', async () => {
    const refused = await send('POST', registration('jti-6', { redirect_uris: ['https://evil.example/cb'] }))
    expect(refused.body).toMatchObject({ error: 'invalid_redirect_uri', decision_id: refused.headers['decision-id'] })
    expect(log.filter(({ event }) => event === 'error-answer-failed')).toMatchObject([
      { level: 'error', facts: { endpoint: '/register', decisionId: refused.headers['decision-id'] } },
    ])
  })

  it('a request to no endpoint is refused in the form of RFC 7591', async () => {
    const url = `https://127.0.0.1:${gateway.port}/nowhere`
    expect((await sendAs(tpp, { method: 'POST', url, body: {} })).body['error']).toBe('invalid_request')
  })
})
