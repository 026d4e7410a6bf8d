import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { goodRegistration, openLaboratory, OTHER_SOFTWARE, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import {
  brazilianSubject,
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  presentedChainPem,
  SERVER_AUTH,
  type MintedCertificate,
} from '../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'
import { brazilianClaims, createStatementSigner } from '../support/sign-statement.ts'

const DAY_MS = 86_400_000

describe.each(['ec', 'rsa'] as const)('nothing reaches the identity server from %s certificates', (keyType) => {
  let laboratory: Laboratory
  let gateway: RunningGateway
  let tpp: RegistrantIdentity

  beforeAll(async () => {
    laboratory = await openLaboratory({ policies: join(ROOT, 'policies'), keyType })
    gateway = await startLaboratoryGateway(laboratory)
    tpp = await laboratory.registrant(SOFTWARE, { keyType })
  })
  afterAll(async () => {
    await gateway.stop()
    await laboratory.stop()
  })

  const as = (certificate: MintedCertificate): RegistrantIdentity => ({
    certificate: certificate.issuer === null ? certificate.pem : presentedChainPem(certificate),
    privateKey: certificate.privateKeyPem,
    serverCa: laboratory.nobody.serverCa,
  })
  const subject = brazilianSubject(SOFTWARE)

  async function refusal(
    identity: RegistrantIdentity,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<[number, unknown, readonly string[]]> {
    const before = laboratory.identityServer.seen.length
    const answer: RegistrantAnswer = await sendAs(identity, {
      method: 'POST',
      url: `https://127.0.0.1:${gateway.port}/register`,
      body: body as object | string,
      headers,
    })
    expect(laboratory.identityServer.seen, 'nothing may reach the identity server').toHaveLength(before)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.body['decision_id']).toBe(answer.headers['decision-id'])
    const record = (await readAudit(laboratory)).at(-1)
    expect(record).toMatchObject({ decisionId: answer.body['decision_id'], decision: 'refused', status: answer.status })
    const findings = answer.body['findings'] as readonly { rule: string }[]
    return [answer.status, answer.body['error'], findings.map(({ rule }) => rule)]
  }
  const good = (): Record<string, unknown> => goodRegistration(laboratory, SOFTWARE, new Date())

  const certificates: readonly [string, () => Promise<MintedCertificate>, string][] = [
    ['signed itself', () => mintSelfSigned({ keyType, subject }), 'client-certificate-issuer-unknown'],
    [
      'comes from an issuer of the same name with another key',
      async () =>
        mintClientCertificate(await mintAuthority({ keyType, subject: laboratory.clientIssuer.subject }), {
          keyType,
          subject,
        }),
      'client-certificate-signature-invalid',
    ],
    [
      'comes from another authority',
      async () =>
        mintClientCertificate(await mintAuthority({ keyType, subject: [['CN', 'Elsewhere']] }), { keyType, subject }),
      'client-certificate-issuer-unknown',
    ],
    [
      'has expired',
      () =>
        mintClientCertificate(laboratory.clientIssuer, {
          keyType,
          subject,
          notAfter: new Date(Date.now() - DAY_MS / 2),
        }),
      'client-certificate-expired',
    ],
    [
      'is not valid yet',
      () =>
        mintClientCertificate(laboratory.clientIssuer, { keyType, subject, notBefore: new Date(Date.now() + DAY_MS) }),
      'client-certificate-not-yet-valid',
    ],
    [
      'is for servers',
      () => mintClientCertificate(laboratory.clientIssuer, { keyType, subject, extendedKeyUsage: [SERVER_AUTH] }),
      'client-certificate-wrong-purpose',
    ],
    [
      'was issued by a client',
      async () => {
        const client = await mintClientCertificate(laboratory.clientRoot, { keyType, subject: [['CN', 'not a CA']] })
        return mintClientCertificate(client, { keyType, subject })
      },
      'client-certificate-issuer-not-ca',
    ],
    [
      'lies beyond the path length of its issuer',
      async () =>
        mintClientCertificate(
          await mintAuthority({ keyType, issuer: laboratory.clientIssuer, subject: [['CN', 'Sub']] }),
          { keyType, subject },
        ),
      'client-certificate-path-too-long',
    ],
  ]
  it.each(certificates)('when the certificate %s', async (_, mint, reason) => {
    expect(await refusal(as(await mint()), good())).toEqual([401, 'invalid_client', [reason]])
  })

  it('when the RSA key of the certificate is weak', async () => {
    const weak = await mintClientCertificate(laboratory.clientIssuer, { keyType: 'rsa-1024' as never, subject })
    expect(await refusal(as(weak), good())).toEqual([401, 'invalid_client', ['client-certificate-weak-key']])
  })

  it.each([
    ['no JSON', '{"redirect_uris": [', 'json-malformed'],
    ['a member twice', '{"scope":"openid","sc\\u006fpe":"payments"}', 'json-duplicate-member'],
    ['__proto__', '{"__proto__":{"scope":"payments"}}', 'json-forbidden-member'],
    ['a lone surrogate', '{"client_name":"\\ud800"}', 'json-string-unsafe'],
    ['a number that no double holds', '{"default_max_age":12345678901234567890}', 'json-number-unsafe'],
    ['a list', '[]', 'json-not-an-object'],
    ['a byte order mark', '\uFEFF{}', 'json-invalid-utf8'],
    ['too many levels', `{"jwks":${'['.repeat(50)}${']'.repeat(50)}}`, 'json-too-deep'],
    ['nothing', '', 'body-missing'],
    ['too much', `{"client_name":"${'x'.repeat(70_000)}"}`, 'body-too-large'],
  ])('when the body is %s', async (_, body, reason) => {
    const [, error, rules] = await refusal(tpp, body, { 'content-type': 'application/json' })
    expect([error, rules]).toEqual(['invalid_client_metadata', [reason]])
  })

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'content-type-unsupported'],
    ['compressed', { 'content-encoding': 'gzip' }, 'content-encoding-unsupported'],
  ])('when the body says that it is %s', async (_, headers, reason) => {
    expect((await refusal(tpp, good(), headers))[2]).toEqual([reason])
  })

  const forged = async (claims: Record<string, unknown> = {}): Promise<string> =>
    (await createStatementSigner({ kid: 'signer' })).sign(brazilianClaims(new Date(), claims))
  const now = (): number => Math.floor(Date.now() / 1000)
  const statements: readonly [string, () => string | undefined | Promise<string>, string][] = [
    ['is missing', () => undefined, 'statement-required'],
    ['was signed by somebody else', () => forged(), 'statement-signature-invalid'],
    [
      'carries the key it is signed with',
      async () => {
        const forger = await createStatementSigner({ kid: 'mine' })
        return forger.sign(brazilianClaims(new Date()), { jwk: forger.jwk })
      },
      'statement-key-unknown',
    ],
    [
      'has no signature',
      () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(brazilianClaims(new Date()))).toString('base64url')}.`,
      'statement-algorithm-forbidden',
    ],
    [
      'is six minutes old',
      () => laboratory.signer.sign(brazilianClaims(new Date(), { iat: now() - 360 })),
      'statement-too-old',
    ],
    [
      'comes from the future',
      () => laboratory.signer.sign(brazilianClaims(new Date(), { iat: now() + 3600 })),
      'statement-from-future',
    ],
    [
      'is of another directory',
      () =>
        laboratory.signer.sign(
          brazilianClaims(new Date(), { iss: 'Open Banking Open Banking Brasil prod SSA issuer' }),
        ),
      'statement-issuer-untrusted',
    ],
    ['is no JWS', () => 'hello', 'statement-malformed'],
    [
      'has a claim of the wrong type',
      () =>
        laboratory.signer.sign(
          brazilianClaims(new Date(), { software_redirect_uris: 'https://ipe.example.com.br/cb' }),
        ),
      'statement-claim-invalid',
    ],
  ]
  it.each(statements)('when the software statement %s', async (_, statement, reason) => {
    const [status, error, rules] = await refusal(tpp, { ...good(), software_statement: await statement() })
    expect([status, error]).toEqual([400, 'invalid_software_statement'])
    expect(rules).toContain(reason)
  })

  it("when the certificate is another TPP's", async () => {
    const other = await laboratory.registrant(OTHER_SOFTWARE, { keyType })
    expect(await refusal(other, good())).toEqual([
      400,
      'unapproved_software_statement',
      ['certificate-names-software', 'certificate-names-organisation'],
    ])
  })

  it.each([
    [
      'a foreign redirect URI after a good one',
      { redirect_uris: ['https://ipe.example.com.br/cb', 'https://evil.example/cb'] },
      ['redirect-uris-within-statement'],
    ],
    [
      'a redirect URI in another case',
      { redirect_uris: ['https://ipe.example.com.br/CB'] },
      ['redirect-uris-within-statement'],
    ],
    [
      'a redirect URI with a slash more',
      { redirect_uris: ['https://ipe.example.com.br/cb/'] },
      ['redirect-uris-within-statement'],
    ],
    ['redirect URIs as text', { redirect_uris: 'https://ipe.example.com.br/cb' }, ['metadata-member-invalid']],
    ['a scope of nobody', { scope: 'openid accounts admin' }, ['scopes-granted-by-role']],
  ])('when the metadata has %s', async (_, metadata, rules) => {
    expect((await refusal(tpp, { ...good(), ...metadata }))[2]).toEqual(expect.arrayContaining(rules))
  })
})
