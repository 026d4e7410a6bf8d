import { describe, expect, it } from 'vitest'
import { writeExplanation, writePresented, type ExplainedCase } from '../../../src/commands/write-explanation.ts'
import { mintAuthority, presentedChain, SERVER_AUTH, type MintedCertificate } from '../../support/mint-certificates.ts'
import { mintCrl } from '../../support/mint-crl.ts'
import { A_CERTIFICATE } from '../certificate/chain-fixture.ts'
import {
  ASKING_CRLS,
  explain,
  issuing,
  LIFE,
  mintClient,
  NOW,
  parsed,
  root,
  sha256Of,
  thumbprintOf,
  trustWithCrls,
  type Asked,
} from '../certificate/explain-fixture.ts'
import { buildTrustStore } from '../../../src/certificate/trust/trust-store.ts'

const lines = (text: string): readonly string[] => text.split('\n').slice(0, -1)
const UNTIL = 'valid until 2027-01-01T00:00:00Z, 350 days left'

/** As it is written for two endpoints that demand the same. */
async function written(
  of: MintedCertificate,
  asked: Asked = {},
  more: { readonly endpoints?: readonly string[]; readonly wasAsked?: boolean } = {},
): Promise<readonly string[]> {
  const { trust = trustWithCrls([]), demand = A_CERTIFICATE } = asked
  const { endpoints = ['/register', '/dcr'], wasAsked = false } = more
  const one: ExplainedCase = { trust, demand, folder: '/trust/example', endpoints }
  return lines(writeExplanation(one, await explain(of, { ...asked, trust }), { now: NOW, wasAsked }))
}

const nothingAsked = (users = '/register, /dcr'): readonly string[] => [
  'trust example: /trust/example',
  `  used by: ${users}`,
  '  certificate policies: any will do',
  '  revocation: not asked about',
]

describe('an explanation', () => {
  it('has every link of a path that holds, from the anchor down, and the verdict of each endpoint', async () => {
    expect(await written(await mintClient())).toEqual([
      ...nothingAsked(),
      '  path 1 of 1: holds',
      '    ✔ anchor CN=Root',
      `      ${UNTIL}`,
      '    ✔ presented intermediate CN=Issuing',
      `      ${UNTIL}`,
      '    ✔ client CN=client.example.com',
      `      ${UNTIL}`,
      '✔ /register: accepted',
      '✔ /dcr: accepted',
    ])
  })

  it('says which link fails, why, and what to do, and that what is below was not looked at', async () => {
    const noAuthority = await mintAuthority({
      ...{ ...LIFE, issuer: root, subject: [['CN', 'Nobody']], serialNumber: '03', basicConstraints: { ca: false } },
    })
    expect(await written(await mintClient({}, noAuthority))).toEqual([
      ...nothingAsked(),
      '  path 1 of 1: fails',
      '    ✔ anchor CN=Root',
      `      ${UNTIL}`,
      '    ✖ presented intermediate CN=Nobody',
      `      ${UNTIL}`,
      '      reason: client-certificate-issuer-not-ca',
      '      what: the issuer certificate issued another one without being a certificate authority',
      '      wanted: basic constraints with cA true',
      '      found: no certificate authority, of CN=Nobody',
      `      detail: certificate CN=Nobody, serial number 3, SHA-256 ${thumbprintOf(noAuthority)}`,
      '      remedy: use a certificate issued by a certificate authority',
      '    ? client CN=client.example.com',
      `      ${UNTIL}`,
      '✖ /register: refused, client-certificate-issuer-not-ca',
      '✖ /dcr: refused, client-certificate-issuer-not-ca',
    ])
  })

  it('has every path that was tried, with the fault of each', async () => {
    const namesake = await mintAuthority({ ...LIFE, subject: [['CN', 'Root']], serialNumber: '04' })
    const trust = buildTrustStore('example', [parsed(namesake), parsed(root)], [parsed(issuing)])
    const text = await written(await mintClient({ extendedKeyUsage: [SERVER_AUTH] }), { trust })
    expect(text.filter((line) => /^ {2}path|✖|✔|\?|reason:/.test(line))).toEqual([
      '  path 1 of 2: fails',
      '    ✔ anchor CN=Root',
      '    ✔ held intermediate CN=Issuing',
      '    ✖ client CN=client.example.com',
      '      reason: client-certificate-wrong-purpose',
      '  path 2 of 2: fails',
      '    ✔ anchor CN=Root',
      '    ✖ held intermediate CN=Issuing',
      '      reason: client-certificate-signature-invalid',
      '    ? client CN=client.example.com',
      '✖ /register: refused, client-certificate-wrong-purpose',
      '✖ /dcr: refused, client-certificate-wrong-purpose',
    ])
  })

  it('says of expired certificates how long ago, where every link holds otherwise', async () => {
    const old = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2026-01-05T00:00:00Z') }
    const text = await written(await mintClient(old), {}, { endpoints: ['/register'] })
    expect(text.slice(7)).toEqual([
      '    ✔ presented intermediate CN=Issuing',
      `      ${UNTIL}`,
      '    ✖ client CN=client.example.com',
      '      valid until 2026-01-05T00:00:00Z, expired 10 days ago',
      '      reason: client-certificate-expired',
      '      what: the client certificate has expired',
      '      wanted: valid at 2026-01-15T12:00:00.000Z',
      '      found: valid from 2025-01-01T00:00:00.000Z until 2026-01-05T00:00:00.000Z',
      expect.stringMatching(/^ {6}detail: certificate CN=client\.example\.com, serial number 1234, SHA-256 /) as string,
      '      remedy: renew the certificate',
      '✖ /register: refused, client-certificate-expired',
    ])
  })

  it('says why there is no path, at a folder that nobody uses as well', async () => {
    const stranger = await mintClient({}, await mintAuthority({ ...LIFE, subject: [['CN', 'Stranger']] }))
    expect(await written(stranger, {}, { endpoints: [] })).toEqual([
      ...nothingAsked('no endpoint'),
      '  no path to try',
      '    reason: client-certificate-issuer-unknown',
      '    what: the client certificate does not lead to an issuer trusted here',
      '    wanted: a certificate that leads to one of the trusted issuers example',
      '    found: issuer CN=Stranger',
      `    detail: certificate CN=client.example.com, serial number 1234, SHA-256 ${thumbprintOf(stranger)}`,
      '    remedy: use a certificate of an issuer trusted here, and send its intermediates',
      '✖ trust example: refused, client-certificate-issuer-unknown',
    ])
  })

  it('says in full of a verdict what no path explains', async () => {
    const text = await written(await mintClient(), { presentedLimit: 1 }, { endpoints: ['/register'] })
    expect(text.slice(-5)).toEqual([
      '✖ /register: refused, client-certificate-chain-too-long',
      '  what: too many certificates were presented',
      '  wanted: at most 1 certificates',
      '  found: 2',
      '  remedy: send the certificate and its intermediates only',
    ])
  })

  it('has what the policy demands, and the status of every certificate below the anchor', async () => {
    const listed = mintCrl(issuing, { entries: [{ serialNumber: 0x1234, reason: 1 }] })
    const trust = trustWithCrls([mintCrl(root), listed])
    const policies = { anyOf: ['1.2.3'], inhibitMapping: false, inhibitAnyPolicy: false }
    const client = await mintClient()
    const text = await written(client, { trust, demand: ASKING_CRLS }, { endpoints: ['/register'] })
    expect(text[3]).toBe('  revocation: by CRL, unknown is refused, the last good answer holds for 0 s past its end')
    expect(text.slice(4, 5)).toEqual(['  path 1 of 1: fails'])
    expect(text.slice(11)).toEqual([
      '    revocation of the client: revoked at 2026-01-02T00:00:00Z, keyCompromise, by CRL',
      '    revocation of CN=Issuing: good, by CRL of 2026-01-02T00:00:00Z, next update 2026-02-01T00:00:00Z',
      '      reason: client-certificate-revoked',
      '      what: the client certificate is revoked',
      '      wanted: a certificate that is not revoked',
      '      found: revoked at 2026-01-02T00:00:00.000Z, keyCompromise',
      `      detail: certificate CN=client.example.com, serial number 1234, SHA-256 ${thumbprintOf(client)}; by a CRL`,
      '      remedy: use a certificate that is not revoked',
      '✖ /register: refused, client-certificate-revoked',
    ])
    expect((await written(client, { trust, demand: { ...A_CERTIFICATE, policies } }))[2]).toBe(
      '  certificate policies: one of 1.2.3',
    )
  })

  it('says that nobody was asked where that may be why a status is unknown, and only there', async () => {
    const client = await mintClient({ crlUrls: ['http://crl.example/a.crl'] })
    const asked = { trust: trustWithCrls([mintCrl(root)]), demand: ASKING_CRLS }
    const hint = '  only what is held and kept was looked at; --ask asks the sources'
    const text = await written(client, asked)
    expect(text.slice(11, 14)).toEqual([
      '    revocation of the client: unknown',
      '      CRL does not tell: no revocation list covers the certificate',
      '    revocation of CN=Issuing: good, by CRL of 2026-01-02T00:00:00Z, next update 2026-02-01T00:00:00Z',
    ])
    expect(text).toContain(hint)
    expect(await written(client, asked, { wasAsked: true })).not.toContain(hint)
    expect(await written(client, {})).not.toContain(hint)
  })

  it('begins with what was presented', async () => {
    const client = await mintClient()
    const [own = client.der, ...others] = presentedChain(client)
    const presented = [own, ...others, Buffer.from('no certificate')]
    const text = lines(writePresented('client.pem', await explain(client, { presented }), NOW))
    expect(text).toEqual([
      'client certificate of client.pem',
      '  subject: CN=client.example.com',
      '  issuer: CN=Issuing',
      '  serial number: 1234',
      '  valid from 2026-01-01T00:00:00Z',
      `  ${UNTIL}`,
      '  key: EC prime256v1, 256 bits',
      '  key usage: digitalSignature',
      '  extended key usage: clientAuth (1.3.6.1.5.5.7.3.2)',
      `  SHA-256: ${sha256Of(client)}`,
      `  x5t#S256: ${thumbprintOf(client)}`,
      'presented besides: 2',
      `  certificate CN=Issuing, serial number 2, SHA-256 ${thumbprintOf(issuing)}`,
      '  passed over, for it is no certificate: not ASN.1',
    ])
    const unreadable = await explain(client, { presented: [Buffer.from('x')] })
    expect(lines(writePresented('client.pem', unreadable, NOW))).toEqual([
      'client certificate of client.pem',
      '  cannot be read',
      'presented besides: nothing',
    ])
  })

  it('cannot be written over by what a certificate says', async () => {
    const hostile = await mintClient({ subject: [['CN', 'x\n✔ /register: accepted\u001b[2J']] })
    const text = await written(hostile, {}, { endpoints: ['/register'] })
    expect(text.filter((line) => line.startsWith('✔'))).toEqual([])
    expect(text.join('') + writePresented('a\nb', await explain(hostile), NOW).replaceAll('\n', '')).not.toMatch(
      /[\p{Cc}\p{Cf}]/u,
    )
    expect(text.at(-1)).toBe('✖ /register: refused, client-certificate-subject-invalid')
  })
})
