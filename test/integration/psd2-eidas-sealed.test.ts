import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SOFTWARE } from '../support/laboratory.ts'
import { mintClientCertificate, presentedChain, type MintOptions } from '../support/mint-certificates.ts'
import type { Subject } from '../support/mint-subject.ts'
import { openRegimeLaboratory, refusalOf, type RegimeLaboratory } from '../support/regime-laboratory.ts'
import type { RegistrantIdentity } from '../support/registrant.ts'
import { createStatementSigner } from '../support/sign-statement.ts'
import {
  FRENCH_STATEMENTS,
  psd2Statement,
  qcStatement,
  qcStatements,
  qcTypes,
  qualifiedExtension,
} from '../support/write-qualified-statements.ts'

const BANK = 'https://bank.example'
const HOST = 'tpp.exemple-agregation.fr'
const SEAL = qcStatements(
  qcStatement('0.4.0.1862.1.1'),
  qcTypes('0.4.0.1862.1.6.2'),
  psd2Statement([['0.4.0.19495.1.3', 'PSP_AI']], 'ACPR', 'FR-ACPR'),
)

function subjectOf(number: string): Subject {
  return [
    ['C', 'FR'],
    ['organizationIdentifier', number],
    ['CN', 'Exemple Agregation SAS'],
  ]
}

function payload(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return {
    ...{ aud: BANK, iat: now, exp: now + 300, jti: randomUUID() },
    client_name: 'Exemple Agregation',
    redirect_uris: [`https://${HOST}/psd2/cb`],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: HOST,
    id_token_signed_response_alg: 'PS256',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: 'aisp',
  }
}

describe('a payment service provider that seals its requests', () => {
  let regime: RegimeLaboratory
  let provider: RegistrantIdentity

  /** A registration that is signed with the key of this certificate, and carries its chain. */
  async function sealed(options: MintOptions = {}, label = 'seal'): Promise<string> {
    const { laboratory } = regime
    const certificate = await mintClientCertificate(laboratory.clientIssuer, {
      subject: subjectOf('PSDFR-ACPR-16958'),
      extraExtensions: [qualifiedExtension(SEAL)],
      extendedKeyUsage: null,
      keyUsage: ['nonRepudiation'],
      keyType: 'rsa',
      keyLabel: 'seal',
      ...options,
    })
    const signer = await createStatementSigner({ keyLabel: label })
    const x5c = presentedChain(certificate).map((der) => der.toString('base64'))
    return signer.sign(payload(), { kid: undefined, x5c })
  }
  const send = async (body: string) =>
    regime.create(provider, body, { headers: { 'content-type': 'application/jose' } })

  beforeAll(async () => {
    regime = await openRegimeLaboratory(
      { policy: 'psd2-eidas-sealed', parameters: { audiences: [BANK] } },
      { settings: () => ({ trust: { sandbox: 'trust/sandbox', 'qualified-seals': 'trust/sandbox' } }) },
    )
    provider = await regime.laboratory.registrant(SOFTWARE, {
      subject: subjectOf('PSDFR-ACPR-16958'),
      subjectAltNames: { dns: [HOST] },
      extraExtensions: [qualifiedExtension(FRENCH_STATEMENTS)],
    })
  })
  afterAll(() => regime.stop())

  it('is registered, once for each request (EU-MD-2)', async () => {
    const request = await sealed()
    const created = await send(request)
    expect(created.status, created.text).toBe(201)
    expect(created.body).toMatchObject({ software_id: 'PSDFR-ACPR-16958', scope: 'aisp' })
    // Sent again by the same party the very request gets the same answer; nothing is registered twice.
    expect((await send(request)).body['client_id']).toBe(created.body['client_id'])
    // Once the client is gone, it would be a second registration.
    expect((await regime.manage(provider, created, 'DELETE')).status).toBe(204)
    expect(refusalOf(await send(request))).toMatchObject({ status: 400, rules: ['request-used-once'] })
  })

  it.each<[string, MintOptions, string]>([
    ['the seal of another provider', { subject: subjectOf('PSDFR-ACPR-16959') }, 'sealed-by-provider'],
    [
      'a certificate for websites',
      { extraExtensions: [qualifiedExtension(FRENCH_STATEMENTS)] },
      'sealed-by-qualified-certificate',
    ],
    ['a key that may not sign', { keyUsage: ['keyEncipherment'] }, 'request-certificate-untrusted'],
    ['a seal that has expired', { notAfter: new Date(Date.now() - 1000) }, 'request-certificate-untrusted'],
  ])('is refused under %s', async (_, options, rule) => {
    expect(refusalOf(await send(await sealed(options)))).toMatchObject({ status: 400, rules: [rule] })
  })

  it('is refused when somebody else signed under its seal', async () => {
    expect(refusalOf(await send(await sealed({}, 'somebody else')))).toMatchObject({
      status: 400,
      rules: ['request-signature-invalid'],
    })
  })

  it('is refused when nobody signed', async () => {
    expect(refusalOf(await regime.create(provider, payload()))).toMatchObject({
      status: 400,
      rules: ['request-unsigned'],
    })
  })
})
