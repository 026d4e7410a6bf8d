import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  brazilianSubject,
  mintAuthority,
  mintClientCertificate,
  presentedChainPem,
} from '../support/mint-certificates.ts'
import { goodRegistration, OTHER_SOFTWARE, SOFTWARE } from '../support/laboratory.ts'
import {
  echoOf,
  openRegimeLaboratory,
  refusalOf,
  type RegimeGateway,
  type RegimeLaboratory,
} from '../support/regime-laboratory.ts'
import type { RegistrantAnswer, RegistrantIdentity } from '../support/registrant.ts'

interface Changes {
  readonly metadata?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
}

const MINUTE_MS = 60_000
const OLD_SUBJECT = [
  ['C', 'BR'],
  ['O', 'Banco Ipe SA'],
  ['OU', SOFTWARE.organisationId],
  ['UID', SOFTWARE.softwareId],
  ['CN', 'mtls.ipe.example.com.br'],
] as const

describe('software of Open Finance Brasil', () => {
  let regime: RegimeLaboratory
  let software: RegistrantIdentity
  let created: RegistrantAnswer

  const body = (changes: Changes = {}, now = new Date()): Record<string, unknown> =>
    goodRegistration(regime.laboratory, SOFTWARE, now, changes)
  const refused = async (changes: Changes, as = software, gateway: RegimeGateway = regime) =>
    refusalOf(await gateway.create(as, body(changes)))

  beforeAll(async () => {
    regime = await openRegimeLaboratory({ policy: 'open-finance-brasil', directories: ['demo'] })
    software = await regime.laboratory.registrant(SOFTWARE)
    created = await regime.create(software, body())
  })
  afterAll(() => regime.stop())

  it('is registered, read, and updated with what it was answered (BR-DCM-13)', async () => {
    expect(created.status, created.text).toBe(201)
    expect((await regime.manage(software, created, 'GET')).body['client_id']).toBe(created.body['client_id'])
    const { software_statement } = body()
    const updated = await regime.manage(software, created, 'PUT', { body: { ...echoOf(created), software_statement } })
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body['registration_client_uri']).toBe(created.body['registration_client_uri'])
  })

  it('goes on under a certificate of the older kind, which names its organisation in an OU (BR-BIND-03, BR-DCM-09)', async () => {
    const old = await regime.laboratory.registrant(SOFTWARE, { subject: OLD_SUBJECT })
    expect((await regime.manage(old, created, 'GET')).status).toBe(200)
    const { software_statement } = body()
    const updated = await regime.manage(old, created, 'PUT', { body: { ...echoOf(created), software_statement } })
    expect(updated.status, updated.text).toBe(200)
  })

  it.each<[string, Changes]>([
    [
      'redirect-uris-within-statement',
      { metadata: { redirect_uris: ['https://ipe.example.com.br/cb', 'https://evil.example'] } },
    ],
    ['redirect-uris-required', { metadata: { redirect_uris: undefined } }],
    ['jwks-by-value-forbidden', { metadata: { jwks: { keys: [] } } }],
    ['jwks-uri-of-statement', { metadata: { jwks_uri: 'https://evil.example/jwks' } }],
    ['scopes-granted-by-role', { claims: { software_statement_roles: [{ role: 'PAGTO', status: 'Active' }] } }],
    ['authentication-method', { metadata: { token_endpoint_auth_method: 'client_secret_basic' } }],
    ['signing-algorithm-ps256', { metadata: { request_object_signing_alg: 'RS256' } }],
    ['encryption-algorithm-rsa-oaep', { metadata: { id_token_encrypted_response_alg: 'RSA-OAEP-256' } }],
    ['subject-type', { metadata: { subject_type: 'pairwise' } }],
    ['organisation-active', { claims: { org_status: 'Withdrawn' } }],
    ['role-active', { claims: { software_statement_roles: [] }, metadata: { scope: 'openid' } }],
    ['webhook-uris-of-statement', { metadata: { webhook_uris: ['https://evil.example/base'] } }],
    ['certificate-names-software', { claims: { software_id: OTHER_SOFTWARE.softwareId } }],
    ['certificate-names-organisation', { claims: { org_id: OTHER_SOFTWARE.organisationId } }],
  ])('is refused over %s, with 400 and the rule', async (rule, changes) => {
    expect(await refused(changes)).toMatchObject({ status: 400, rules: [rule] })
  })

  it('is refused with a statement that is older than five minutes, on updates as well (BR-SSA-08, BR-DCM-04)', async () => {
    const stale = body({}, new Date(Date.now() - 6 * MINUTE_MS))
    const wanted = { status: 400, error: 'invalid_software_statement', rules: ['statement-too-old'] }
    expect(refusalOf(await regime.create(software, stale))).toEqual(wanted)
    const { software_statement } = stale
    const answer = await regime.manage(software, created, 'PUT', { body: { ...echoOf(created), software_statement } })
    expect(refusalOf(answer)).toEqual(wanted)
  })

  it('is refused with a statement whose signature was changed, byte by byte (BR-SSA-04)', async () => {
    const [header, payload, signature] = String(body()['software_statement']).split('.') as [string, string, string]
    const changed = Buffer.from(signature, 'base64url').map((byte) => byte ^ 0x5a)
    const statement = [header, payload, Buffer.from(changed).toString('base64url')].join('.')
    expect(await refused({ metadata: { software_statement: statement } })).toEqual({
      status: 400,
      error: 'invalid_software_statement',
      rules: ['statement-signature-invalid'],
    })
  })

  it.each(['GET', 'PUT', 'DELETE'] as const)(
    'trap 1, 2: %s without certificate, with a forged one or with a wrong token is answered 401 in JSON, never 403 (BR-DCM-01, BR-DCM-02)',
    async (method) => {
      const forger = await mintAuthority({ subject: regime.laboratory.clientIssuer.subject })
      const forged = await mintClientCertificate(forger, { subject: brazilianSubject(SOFTWARE) })
      const impostor = {
        ...software,
        certificate: presentedChainPem(forged),
        privateKey: forged.privateKeyPem,
      }
      const options = method === 'PUT' ? { body: { ...echoOf(created), ...body() } } : {}
      for (const answer of [
        await regime.manage(regime.laboratory.nobody, created, method, options),
        await regime.manage(impostor, created, method, options),
        await regime.manage(software, created, method, { ...options, token: 'foobar' }),
      ]) {
        expect(answer.status).toBe(401)
        expect(answer.headers['content-type']).toBe('application/json')
        expect(answer.body['error']).toMatch(/^invalid_(client|token)$/)
        expect(answer.body).not.toHaveProperty('client_id')
      }
    },
  )

  it('is held to its edition: FAPI-BR v2 knows no certificates as credentials and more scopes, Draft 1 wants the keys sent', async () => {
    const later = await regime.beside({ parameters: { edition: 'V2' } })
    const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' }
    expect((await refused({ metadata: method }, software, later)).rules).toEqual(['authentication-by-assertion'])
    const earlier = await regime.beside({ parameters: { edition: 'ID1' } })
    expect((await refused({}, software, earlier)).rules).toEqual(['jwks-uri-sent'])
  })

  it('may register again after it was deleted (BR-DUP-02, BR-DCM-17)', async () => {
    const deleted = await regime.manage(software, created, 'DELETE')
    expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' })
    expect((await regime.manage(software, created, 'GET')).status).toBe(401)
    expect((await regime.create(software, body())).status).toBe(201)
  })
})
