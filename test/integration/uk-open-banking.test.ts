import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BRITISH_PARAMETERS, openBritishLaboratory, type BritishLaboratory } from '../support/british-laboratory.ts'
import {
  BRITISH_NUMBER,
  BRITISH_ORGANISATION,
  BRITISH_SOFTWARE,
  britishSubject,
  obwac,
  secondsFromNow,
  signBritishRegistration,
  type BritishSigners,
} from '../support/british-software.ts'
import type { DirectoryServer } from '../support/directory-server.ts'
import { readAudit } from '../support/gateway.ts'
import { SOFTWARE } from '../support/laboratory.ts'
import type { MintOptions } from '../support/mint-certificates.ts'
import { refusalOf, type RegimeGateway, type RegimeLaboratory } from '../support/regime-laboratory.ts'
import type { RegistrantAnswer, RegistrantIdentity } from '../support/registrant.ts'
import { createStatementSigner } from '../support/sign-statement.ts'
import { psd2Statement, qcStatements, qcTypes } from '../support/write-qualified-statements.ts'

const JOSE = { headers: { 'content-type': 'application/jose' } }

interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly request?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

describe('software of UK Open Banking', () => {
  let british: BritishLaboratory
  let regime: RegimeLaboratory
  let keystore: DirectoryServer
  let signers: BritishSigners
  let software: RegistrantIdentity
  let created: RegistrantAnswer

  const signed = (changes: Changes = {}): string => signBritishRegistration(signers, changes)
  const refused = async (changes: Changes, as = software, gateway: RegimeGateway = regime) =>
    refusalOf(await gateway.create(as, signed(changes), JOSE))
  const holder = (options: MintOptions): Promise<RegistrantIdentity> => regime.laboratory.registrant(SOFTWARE, options)

  beforeAll(async () => {
    british = await openBritishLaboratory()
    ;({ regime, keystore, signers } = british)
    software = await holder(obwac())
    created = await regime.create(software, signed(), JOSE)
  })
  afterAll(async () => {
    await british.stop()
  })

  it('is registered with the keys and the names of its statement (DCR-002, UK-MD-13)', () => {
    expect(created.status, created.text).toBe(201)
    expect(created.body).toMatchObject({
      scope: 'openid accounts',
      jwks_uri: signers.jwksUri,
      client_name: 'Larkfield Ledger',
      tls_client_certificate_bound_access_tokens: true,
    })
  })

  it('is answered with its statement and the claims in it (UK-MGT-4)', () => {
    expect(created.body).toMatchObject({
      software_statement: expect.stringMatching(/^eyJ[^.]+\.[^.]+\.[^.]+$/) as unknown,
      org_id: BRITISH_ORGANISATION,
      software_roles: ['AISP'],
      organisation_competent_authority_claims: { registration_id: '918273' },
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    })
  })

  it('is announced to the identity server by organisation, number, software and roles', () => {
    expect(regime.laboratory.identityServer.seen[0]?.headers).toMatchObject({
      'x-verified-organisation-id': BRITISH_ORGANISATION,
      'x-verified-organisation-number': BRITISH_NUMBER,
      'x-verified-software-id': BRITISH_SOFTWARE,
      'x-verified-roles': 'AISP',
      'content-type': 'application/json',
    })
  })

  it('is read and updated, under application/jwt as well (DCR-005, DCR-008, UK-ENV-1)', async () => {
    expect((await regime.manage(software, created, 'GET')).body['client_id']).toBe(created.body['client_id'])
    const body = signed({ request: { redirect_uris: ['https://ledger.larkfield.example/cb2'] } })
    const updated = await regime.manage(software, created, 'PUT', {
      body,
      headers: { 'content-type': 'application/jwt' },
    })
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body).toMatchObject({ redirect_uris: ['https://ledger.larkfield.example/cb2'] })
  })

  it('hears the number of its interaction again', async () => {
    const headers = { ...JOSE.headers, 'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d' }
    const answer = await regime.create(software, signed(), { headers })
    expect(answer.headers['x-fapi-interaction-id']).toBe('93bac548-d2de-4546-b106-880a5018460d')
  })

  it('cannot send a request twice, unless the first was refused (UK-ENV-10, trap 6.1 (4))', async () => {
    const request = { jti: '3D0F6C0E-6F0F-4A53-9C56-0F6D7F4F9B21' }
    expect((await refused({ request: { ...request, scope: 'openid payments' } })).rules).toEqual([
      'scopes-granted-by-role',
    ])
    expect((await regime.create(software, signed({ request }), JOSE)).status).toBe(201)
    expect(await refused({ request })).toMatchObject({ status: 400, rules: ['request-used-once'] })
    // Another operation of the same software is the same request.
    const answer = await regime.manage(software, created, 'PUT', { body: signed({ request }), ...JOSE })
    expect(refusalOf(answer)).toMatchObject({ status: 400, rules: ['request-used-once'] })
  })

  it.each<[string, Changes]>([
    ['request-expired', { request: { exp: secondsFromNow(-3600) } }],
    ['request-issuer-is-software', { request: { iss: 'foo.is/invalid' } }],
    ['request-issuer-is-software', { request: { iss: '' } }],
    ['request-issuer-is-software', { request: { iss: '123456789012345678901234567890' } }],
    ['signing-algorithms-of-profile', { request: { id_token_signed_response_alg: 'RS256' } }],
    ['response-types-known', { request: { response_types: ['id_token', 'token'] } }],
  ])('is refused as the official test tool wants it, over %s (DCR-004, DCR-011)', async (rule, changes) => {
    expect(await refused(changes)).toMatchObject({ status: 400, rules: [rule] })
  })

  it.each<[string, Changes]>([
    ['request-audience-wrong', { request: { aud: 'another bank' } }],
    ['request-from-future', { request: { iat: secondsFromNow(300), exp: secondsFromNow(600) } }],
    ['request-lifetime-too-long', { request: { exp: secondsFromNow(100_000) } }],
    ['request-id-is-uuid', { request: { jti: '1' } }],
    ['request-header-forbidden', { header: { jku: 'https://evil.example/jwks' } }],
    ['request-key-unknown', { header: { kid: 'another' } }],
    ['organisation-active', { claims: { org_status: 'Withdrawn' } }],
    ['software-id-of-statement', { request: { software_id: 'another' } }],
    [
      'redirect-uris-within-statement',
      { request: { redirect_uris: ['https://ledger.larkfield.example/cb', 'https://evil.example'] } },
    ],
    ['scopes-granted-by-role', { request: { scope: 'openid accounts payments' } }],
    ['scope-sent', { request: { scope: undefined } }],
    ['roles-authorised', { claims: { software_roles: ['AISP', 'CBPII'] } }],
    ['tls-client-auth-subject-dn-presented', { request: { tls_client_auth_subject_dn: 'CN=other,C=GB' } }],
    ['statement-issuer-untrusted', { claims: { iss: BRITISH_SOFTWARE } }],
    ['statement-too-old', { claims: { iat: secondsFromNow(-3600) } }],
    ['request-keys-address-invalid', { claims: { software_jwks_endpoint: 'https://evil.example/jwks' } }],
  ])('is refused over %s', async (rule, changes) => {
    const { status, rules } = await refused(changes)
    expect({ status, rules: rules.filter((id) => id !== 'certificate-states-roles') }).toEqual({
      status: 400,
      rules: [rule],
    })
  })

  it('is refused when its request is signed by anybody else (UK-ENV-4)', async () => {
    const forger = await createStatementSigner({ kid: 'lark-sig-4', keyLabel: 'forger' })
    const body = signBritishRegistration({ ...signers, software: forger })
    expect(refusalOf(await regime.create(software, body, JOSE))).toMatchObject({
      status: 400,
      rules: ['request-signature-invalid'],
    })
  })

  it('is refused when it sends JSON that nobody signed (UK-ENV-1)', async () => {
    expect(refusalOf(await regime.create(software, { software_statement: 'a.b.c' }))).toMatchObject({
      status: 400,
      rules: ['request-unsigned'],
    })
  })

  it.each<[string, MintOptions, readonly string[]]>([
    [
      'of another organisation',
      obwac(undefined, { subject: britishSubject('PSDGB-FCA-1', '0015800009zQxTkAAX') }),
      ['certificate-names-organisation', 'tls-client-auth-subject-dn-presented'],
    ],
    [
      'without the role of the software',
      obwac(qcStatements(qcTypes('0.4.0.1862.1.6.3'), psd2Statement([['0.4.0.19495.1.2', 'PSP_PI']], 'FCA', 'GB-FCA'))),
      ['certificate-states-roles', 'role-held', 'scopes-granted-by-role'],
    ],
    [
      'of the older kind',
      {
        subject: [
          ['C', 'GB'],
          ['OU', BRITISH_ORGANISATION],
          ['CN', BRITISH_SOFTWARE],
        ],
      },
      ['certificate-kind', 'tls-client-auth-subject-dn-presented'],
    ],
    [
      'for seals',
      obwac(qcStatements(qcTypes('0.4.0.1862.1.6.2'), psd2Statement([['0.4.0.19495.1.3', 'PSP_AI']], 'FCA', 'GB-FCA'))),
      ['certificate-class-unknown', 'certificate-kind'],
    ],
  ])('is refused with a certificate %s (UK-CERT-1, UK-CERT-2, UK-CERT-5)', async (_, options, rules) => {
    const answer = await refused({}, await holder(options))
    expect({ ...answer, rules: [...answer.rules].sort() }).toMatchObject({ rules })
  })

  it('is authorised for fewer roles, where excess ones count for nothing (UK-SSA-8)', async () => {
    const lenient = await regime.beside({
      parameters: { ...BRITISH_PARAMETERS, excessRoles: 'restrict', excessScopes: 'trim' },
    })
    const changes = {
      claims: { software_roles: ['AISP', 'CBPII'] },
      request: { scope: 'openid accounts fundsconfirmations' },
    }
    const answer = await lenient.create(software, signed(changes), JOSE)
    expect(answer.body, answer.text).toMatchObject({ scope: 'openid accounts' })
  })

  it('is answered 503 while the keystore is silent, and 401 with a wrong token (DCR-007)', async () => {
    expect((await regime.manage(software, created, 'GET', { token: 'foobar' })).status).toBe(401)
    const fresh = await regime.beside({})
    keystore.behave({ kind: 'reset' })
    const answer = await fresh.create(software, signed(), JOSE)
    expect({ ...refusalOf(answer), retry: answer.headers['retry-after'] }).toMatchObject({
      status: 503,
      rules: ['request-keys-unavailable'],
      retry: expect.stringMatching(/^[0-9]+$/) as unknown,
    })
    keystore.behave({ kind: 'keys', keys: [signers.software.jwk] })
  })

  it('is gone after its deletion, to reads and updates alike (DCR-003, DCR-009, DCR-010)', async () => {
    expect((await regime.manage(software, created, 'DELETE')).status).toBe(204)
    expect((await regime.manage(software, created, 'GET')).status).toBe(401)
    expect((await regime.manage(software, created, 'PUT', { body: signed(), ...JOSE })).status).toBe(401)
  })

  it('leaves a record of who signed the request', async () => {
    const [record] = await readAudit(regime.laboratory)
    expect(record).toMatchObject({ operation: 'create', decision: 'granted', policy: { name: 'laboratory' } })
  })
})
