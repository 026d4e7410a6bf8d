import { describe, expect, it } from 'vitest'
import type { StoredAnswer } from '../../../src/certificate/revocation/store/answer-folder.ts'
import { issuerId } from '../../../src/certificate/revocation/store/issuer-id.ts'
import { surveyTrust } from '../../../src/certificate/survey-trust.ts'
import { trustSettingsSchema } from '../../../src/certificate/trust/trust-settings-schema.ts'
import { buildTrustStore } from '../../../src/certificate/trust/trust-store.ts'
import { writeTrustSurvey, type TrustPlace } from '../../../src/commands/write-trust-survey.ts'
import { mintAuthority } from '../../support/mint-certificates.ts'
import { mintCrl } from '../../support/mint-crl.ts'
import { forgeAnswer, linkOf } from '../certificate/revocation/ocsp/ocsp-fixture.ts'
import {
  issuing,
  LIFE,
  mintClient,
  NOW,
  parsed,
  root,
  sha256Of,
  thumbprintOf,
  trustWithCrls,
} from '../certificate/explain-fixture.ts'
import { parseCrl } from '../../../src/certificate/revocation/crl/parse-crl.ts'

const PLACE: TrustPlace = { folder: '/trust/example', endpoints: ['/register'], keptIn: null, keptProblems: [] }
const DEFAULTS = [
  '  OCSP responder: those that certificates name',
  '  OCSP nonce: offered, an answer without it counts',
  '  OCSP answers that name no next update count for: 60 minutes',
  '  hosts that are asked: those that certificates name',
]
const digests = (certificate: typeof root): readonly string[] => [
  `    SHA-256: ${sha256Of(certificate)}`,
  `    x5t#S256: ${thumbprintOf(certificate)}`,
]

const lines = (text: string): readonly string[] => text.split('\n').slice(0, -1)

describe('a trust folder as it is shown', () => {
  it('has its issuers with their dates and keys, and says that nothing is there of revocation', () => {
    expect(lines(writeTrustSurvey(surveyTrust(trustWithCrls([]), []), PLACE, NOW))).toEqual([
      'trust example: /trust/example',
      '  used by: /register',
      ...DEFAULTS,
      '  answers are kept in: memory alone, since revocation.folder is not set',
      '  1 issuer',
      '  anchor: CN=Root',
      '    valid until 2027-01-01T00:00:00Z, 350 days left',
      '    key: EC prime256v1, 256 bits',
      ...digests(root),
      '    CRL: none',
      '    OCSP: no answers kept',
    ])
  })

  it('has lists and answers under the issuers that they are of, and the settings that matter', async () => {
    const client = await mintClient()
    const responder = await mintClient({ subject: [['CN', 'Responder']] })
    const settings = trustSettingsSchema.parse({
      ocsp: { responderUrl: 'http://ocsp.example/', nonce: 'require', maxAgeMs: 86_400_000 },
      crl: { urls: ['http://crl.example/b.crl'] },
      fetch: { hosts: ['*.example'], allowPrivateAddresses: true },
    })
    const crls = [
      mintCrl(root, { entries: [{ serialNumber: 1 }] }),
      mintCrl(issuing, { nextUpdate: new Date('2026-01-14T12:00:00Z'), number: 3, baseNumber: 2 }),
      mintCrl(await mintAuthority({ subject: [['CN', 'Stray']] }), { nextUpdate: null }),
    ].map((crl) => parseCrl(crl))
    const trust = buildTrustStore('example', [parsed(root)], [parsed(issuing)], {
      ...{ crls, settings, responders: [parsed(responder)] },
    })
    const single = { thisUpdate: new Date('2026-01-15T09:00:00Z'), nextUpdate: new Date('2026-01-15T13:30:00Z') }
    const ocsp = forgeAnswer({ link: linkOf(client, issuing), signer: issuing, singles: [single] })
    const stored = (key: string, source: StoredAnswer['source'], der: Buffer): StoredAnswer => ({
      ...{ source, der, nonce: null, acceptedAt: NOW, url: 'http://crl.example/a.crl' },
      key: `${issuerId(parsed(issuing))} ${key}`,
    })
    const kept = [
      stored('1234', 'ocsp', ocsp),
      stored('a', 'crl', mintCrl(issuing, { scope: [Buffer.from([0x81, 0x01, 0xff])] })),
      stored('b', 'crl', mintCrl(root)),
      { ...stored('c', 'ocsp', ocsp), key: 'nobody 01' },
    ]
    const place = {
      folder: '/trust/example',
      endpoints: [],
      keptIn: '/kept/example',
      keptProblems: ['x.answer is damaged'],
    }
    expect(lines(writeTrustSurvey(surveyTrust(trust, kept), place, NOW))).toEqual([
      'trust example: /trust/example',
      '  used by: no endpoint',
      '  OCSP responder: http://ocsp.example/',
      '  OCSP nonce: sent, an answer without it does not count',
      '  OCSP answers that name no next update count for: 24 hours',
      '  CRL to fetch besides those that certificates name: http://crl.example/b.crl',
      '  hosts that are asked: *.example',
      '  private addresses: asked as well',
      '  answers are kept in: /kept/example',
      '  kept, but of no use: x.answer is damaged',
      '  kept for issuers that are not held here: 1 answer',
      '  CRL of none of these issuers, of CN=Stray: in crls/, 13 days old, names no next update, 0 entries',
      '  responder: CN=Responder',
      '    valid until 2027-01-01T00:00:00Z, 350 days left',
      ...digests(responder),
      '  2 issuers',
      '  anchor: CN=Root',
      '    valid until 2027-01-01T00:00:00Z, 350 days left',
      '    key: EC prime256v1, 256 bits',
      ...digests(root),
      '    CRL: in crls/, 13 days old, next update in 16 days, 1 entry',
      '    OCSP: no answers kept',
      '  held intermediate: CN=Issuing',
      '    valid until 2027-01-01T00:00:00Z, 350 days left',
      '    key: EC prime256v1, 256 bits',
      ...digests(issuing),
      '    CRL: in crls/, 13 days old, next update overdue for 24 hours, 0 entries, a delta',
      '    CRL: kept from http://crl.example/a.crl, 13 days old, next update in 16 days, 0 entries, with a scope of its own',
      '    CRL: kept from http://crl.example/a.crl, 13 days old, next update in 16 days, 0 entries, signed by another',
      '    OCSP: 1 answer kept, the oldest 3 hours old, first next update in 90 minutes',
    ])
  })

  it('cannot be written over by what a certificate or a name on disk says', async () => {
    const hostile = await mintAuthority({ ...LIFE, subject: [['CN', 'Root\n  anchor: CN=Other\u001b[2J\u202e']] })
    const trust = buildTrustStore('example', [parsed(hostile)], [])
    const place = { ...PLACE, folder: '/trust\n/x', keptProblems: ['a\rb'] }
    const text = writeTrustSurvey(surveyTrust(trust, []), place, NOW)
    expect(text).toContain('  anchor: CN=Root\\0A  anchor: CN=Other\\1B[2J\\E2\\80\\AE\n')
    expect(text).toContain('/trust\\u{a}/x\n')
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
