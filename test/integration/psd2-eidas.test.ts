import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MintOptions } from '../support/mint-certificates.ts'
import type { Subject } from '../support/mint-subject.ts'
import { readAudit } from '../support/gateway.ts'
import { SOFTWARE } from '../support/laboratory.ts'
import {
  echoOf,
  openRegimeLaboratory,
  refusalOf,
  type RegimeGateway,
  type RegimeLaboratory,
} from '../support/regime-laboratory.ts'
import type { RegistrantAnswer, RegistrantIdentity } from '../support/registrant.ts'
import {
  FRENCH_STATEMENTS,
  psd2Statement,
  qcStatement,
  qcStatements,
  qcTypes,
  qualifiedExtension,
} from '../support/write-qualified-statements.ts'

const NUMBER = 'PSDFR-ACPR-16958'
const HOST = 'tpp.exemple-agregation.fr'
const WEB = '0.4.0.1862.1.6.3'
const COMPLIANCE = qcStatement('0.4.0.1862.1.1')
const ACCOUNT_ROLE = psd2Statement([['0.4.0.19495.1.3', 'PSP_AI']], 'ACPR', 'FR-ACPR')

function subjectOf(number: string, commonName = HOST): Subject {
  return [
    ['C', 'FR'],
    ['L', 'Lyon'],
    ['O', 'Exemple Agregation SAS'],
    ['organizationIdentifier', number],
    ['CN', commonName],
  ]
}

/** Options of a QWAC as it is issued in France, with other statements where given. */
function qwac(statements: Buffer = FRENCH_STATEMENTS, options: MintOptions = {}): MintOptions {
  return {
    subject: subjectOf(NUMBER),
    subjectAltNames: { dns: [HOST] },
    extraExtensions: [qualifiedExtension(statements)],
    ...options,
  }
}

function registration(changes: object = {}): Record<string, unknown> {
  return {
    client_name: 'Exemple Agregation',
    redirect_uris: [`https://${HOST}/psd2/cb`],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: HOST,
    id_token_signed_response_alg: 'PS256',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    scope: 'aisp extended_transaction_history',
    ...changes,
  }
}

describe('a payment service provider with a qualified certificate', () => {
  let regime: RegimeLaboratory
  let provider: RegistrantIdentity
  let created: RegistrantAnswer

  /** Somebody with a certificate of the trusted issuer. */
  const holder = (options: MintOptions): Promise<RegistrantIdentity> => regime.laboratory.registrant(SOFTWARE, options)
  const refused = async (options: MintOptions, changes: object = {}, gateway: RegimeGateway = regime) =>
    refusalOf(await gateway.create(await holder(options), registration(changes)))

  beforeAll(async () => {
    regime = await openRegimeLaboratory({ policy: 'psd2-eidas' })
    provider = await holder(qwac())
    created = await regime.create(provider, registration())
  })
  afterAll(() => regime.stop())

  it('is registered as its number, with the scopes of its role (EU-ID-1, EU-ROLE-1)', () => {
    expect(created.status, created.text).toBe(201)
    expect(created.body).toMatchObject({ software_id: NUMBER, scope: 'aisp extended_transaction_history' })
  })

  it('is announced to the identity server by number, authority and roles (EU-ID-1)', () => {
    expect(regime.laboratory.identityServer.seen[0]?.headers).toMatchObject({
      'x-verified-organisation-id': NUMBER,
      'x-verified-software-id': NUMBER,
      'x-verified-competent-authority': 'FR-ACPR',
      'x-verified-roles': 'PSP_AI',
    })
  })

  it('reads and updates its client under a certificate that was issued anew (EU-MGT-1, EU-MD-3)', async () => {
    const renewed = await holder(
      qwac(FRENCH_STATEMENTS, {
        subject: subjectOf(NUMBER, 'new.exemple-agregation.fr'),
        subjectAltNames: { dns: [HOST, 'new.exemple-agregation.fr'] },
        keyLabel: 'renewed',
      }),
    )
    expect((await regime.manage(renewed, created, 'GET')).body['client_id']).toBe(created.body['client_id'])
    const { tls_client_auth_san_dns, ...rest } = echoOf(created)
    expect(tls_client_auth_san_dns).toBe(HOST)
    const changed = { ...rest, tls_client_auth_subject_dn: `organizationIdentifier=${NUMBER},C=FR`, scope: 'aisp' }
    const updated = await regime.manage(renewed, created, 'PUT', { body: changed })
    expect(updated.status, updated.text).toBe(200)
    expect(updated.body).toMatchObject({ scope: 'aisp', software_id: NUMBER })
  })

  it('gets no scope of another role by an update (EU-ROLE-1)', async () => {
    const body = { ...echoOf(created), scope: 'aisp pisp' }
    expect(refusalOf(await regime.manage(provider, created, 'PUT', { body }))).toEqual({
      status: 400,
      error: 'invalid_client_metadata',
      rules: ['scopes-granted-by-role'],
    })
  })

  it('is nobody without a certificate, or with one that no trusted authority issued (EU-CERT-1)', async () => {
    expect(refusalOf(await regime.create(regime.laboratory.nobody, registration()))).toMatchObject({
      status: 401,
      rules: ['client-certificate-required'],
    })
  })

  it.each([
    ['a seal', qcStatements(COMPLIANCE, qcTypes('0.4.0.1862.1.6.2'), ACCOUNT_ROLE), ['website-certificate']],
    ['no word of being qualified', qcStatements(qcTypes(WEB), ACCOUNT_ROLE), ['qualified-certificate']],
    [
      'no payment services',
      qcStatements(COMPLIANCE, qcTypes(WEB)),
      ['scopes-granted-by-role', 'provider-stated', 'number-of-authority', 'role-held'],
    ],
    [
      'a role in words of the issuer’s own',
      qcStatements(
        COMPLIANCE,
        qcTypes(WEB),
        psd2Statement([['0.4.0.19495.1.3', 'Account Information']], 'ACPR', 'FR-ACPR'),
      ),
      ['role-names-of-their-oids'],
    ],
    [
      'another authority',
      qcStatements(COMPLIANCE, qcTypes(WEB), psd2Statement([['0.4.0.19495.1.3', 'PSP_AI']], 'BaFin', 'DE-BAFIN')),
      ['number-of-authority'],
    ],
    [
      'the role of an account servicer alone',
      qcStatements(COMPLIANCE, qcTypes(WEB), psd2Statement([['0.4.0.19495.1.1', 'PSP_AS']], 'ACPR', 'FR-ACPR')),
      ['scopes-granted-by-role', 'role-held'],
    ],
  ])('is refused with a certificate that states %s (EU-CERT-3 to 6, EU-ROLE-2)', async (_, statements, rules) => {
    expect((await refused(qwac(statements))).rules).toEqual(rules)
  })

  it('is refused with 401 over its certificate, and with 400 over its metadata', async () => {
    const seal = qwac(qcStatements(COMPLIANCE, qcTypes('0.4.0.1862.1.6.2'), ACCOUNT_ROLE))
    expect(await refused(seal)).toMatchObject({ status: 401, error: 'invalid_client' })
    expect(await refused(qwac(), { scope: 'pisp' })).toMatchObject({ status: 400, error: 'invalid_client_metadata' })
  })

  it.each([
    ['redirect-hosts-of-provider', { redirect_uris: [`https://${HOST}/psd2/cb`, 'https://evil.example/cb'] }],
    ['tls-client-auth-san-presented', { tls_client_auth_san_dns: 'tpp.andere.example' }],
    [
      'tls-client-auth-subject-dn-presented',
      { tls_client_auth_san_dns: undefined, tls_client_auth_subject_dn: 'organizationIdentifier=PSDFR-ACPR-1,C=FR' },
    ],
    [
      'authentication-method',
      { token_endpoint_auth_method: 'client_secret_basic', tls_client_auth_san_dns: undefined },
    ],
    ['statement-forbidden', { software_statement: 'a.b.c' }],
  ])('is refused over %s (EU-MD-1, EU-MD-3)', async (rule, changes) => {
    expect((await refused(qwac(), changes)).rules).toEqual([rule])
  })

  it('is refused where its authority has no say, and where the register has taken its role away (EU-ROLE-3)', async () => {
    const passported = await regime.beside({ parameters: { competentAuthorities: ['DE-BAFIN'] } })
    expect((await refused(qwac(), {}, passported)).rules).toEqual(['authority-accepted'])
    const registered = await regime.beside({ parameters: { registeredRoles: [`${NUMBER}=PSP_PI`] } })
    expect((await refused(qwac(), {}, registered)).rules).toEqual(['scopes-granted-by-role', 'role-held'])
  })

  it('manages no client whose id is not its number, where ids are numbers (EU-MGT-1)', async () => {
    const own = await regime.beside({ parameters: { clientId: 'organisation' } })
    expect(refusalOf(await own.manage(provider, created, 'GET'))).toEqual({
      status: 401,
      error: 'invalid_token',
      rules: ['client-of-provider'],
    })
  })

  it('deletes its client, which is gone then (RFC 7592 section 2.3)', async () => {
    expect((await regime.manage(provider, created, 'DELETE')).status).toBe(204)
    expect((await regime.manage(provider, created, 'GET')).status).toBe(401)
  })

  it('leaves a record of every decision, with the rule and its clause', async () => {
    const records = await readAudit(regime.laboratory)
    expect(records[0]).toMatchObject({ operation: 'create', decision: 'granted', policy: { name: 'psd2-eidas' } })
    expect(records.find(({ decision }) => decision === 'refused')).toMatchObject({
      findings: [{ rule: 'scopes-granted-by-role', clause: 'TS 119 495 5.1; PSD2 articles 65 to 67' }],
    })
  })
})
