import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import { parseCrl } from '../../../src/certificate/revocation/crl/parse-crl.ts'
import type { StoredAnswer } from '../../../src/certificate/revocation/store/answer-folder.ts'
import { issuerId } from '../../../src/certificate/revocation/store/issuer-id.ts'
import { surveyTrust, type TrustSurvey } from '../../../src/certificate/survey-trust.ts'
import { USUAL_TRUST_SETTINGS } from '../../../src/certificate/trust/trust-settings-schema.ts'
import { buildTrustStore } from '../../../src/certificate/trust/trust-store.ts'
import { mintAuthority, mintClientCertificate, type MintedCertificate } from '../../support/mint-certificates.ts'
import { mintCrl } from '../../support/mint-crl.ts'
import { forgeAnswer, linkOf, minutesFromNow } from './revocation/ocsp/ocsp-fixture.ts'

const root = await mintAuthority({ subject: [['CN', 'Root']] })
const issuing = await mintAuthority({ subject: [['CN', 'Issuing']], issuer: root })
/** The same name as the root, and another key. */
const namesake = await mintAuthority({ subject: [['CN', 'Root']] })
const client = await mintClientCertificate(issuing)
const URL = 'http://crl.example/a.crl'

function survey(crls: readonly Buffer[], kept: readonly StoredAnswer[] = []): TrustSurvey {
  const parse = ({ der }: MintedCertificate) => parseCertificate(der)
  const held = { crls: crls.map((crl) => parseCrl(crl)), responders: [], settings: USUAL_TRUST_SETTINGS }
  return surveyTrust(buildTrustStore('example', [parse(root), parse(namesake)], [parse(issuing)], held), kept)
}

const stored = (of: MintedCertificate, rest: string, answer: Partial<StoredAnswer>): StoredAnswer => ({
  ...{ source: 'crl', url: URL, nonce: null, acceptedAt: minutesFromNow(0), der: Buffer.alloc(0) },
  ...answer,
  key: `${issuerId(parseCertificate(of.der))} ${rest}`,
})

const ocspAnswer = (from: number, until: number | null): Buffer => {
  const single = { thisUpdate: minutesFromNow(from), nextUpdate: until === null ? null : minutesFromNow(until) }
  return forgeAnswer({ link: linkOf(client, issuing), signer: issuing, singles: [single] })
}

describe('the survey of a trust folder', () => {
  it('has every anchor, then every intermediate, those with the same name too', () => {
    expect(survey([]).issuers.map(({ role, certificate }) => [role, certificate.facts.thumbprint])).toEqual([
      ['anchor', parseCertificate(root.der).facts.thumbprint],
      ['anchor', parseCertificate(namesake.der).facts.thumbprint],
      ['held intermediate', parseCertificate(issuing.der).facts.thumbprint],
    ])
  })

  it('puts a list under the issuer that signed it, not under whoever bears its name', () => {
    const { issuers, strays } = survey([mintCrl(namesake, { entries: [{ serialNumber: 1 }, { serialNumber: 2 }] })])
    expect(issuers.map(({ crls }) => crls.map(({ entryCount }) => entryCount))).toEqual([[], [2], []])
    expect(strays).toEqual([])
  })

  it('has a list that nobody here signed among the strays', async () => {
    const forged = mintCrl(root, { signer: (await mintAuthority()).privateKey })
    const { issuers, strays } = survey([forged])
    expect(issuers.flatMap(({ crls }) => crls)).toEqual([])
    expect(strays).toMatchObject([{ url: null, isSignedByIssuer: false }])
  })

  it('says of a list whether it is a delta or has a scope of its own', () => {
    const { issuers } = survey([
      mintCrl(issuing, { number: 5, baseNumber: 4 }),
      mintCrl(issuing, { scope: [Buffer.from([0x81, 0x01, 0xff])] }),
    ])
    expect(issuers[2]?.crls.map(({ isDelta, isScoped }) => [isDelta, isScoped])).toEqual([
      [true, false],
      [false, true],
    ])
  })

  it('has what is kept under the issuer that it was kept for, and says when another signed it', () => {
    const { issuers, foreignAnswerCount } = survey(
      [],
      [
        stored(issuing, URL, { der: mintCrl(issuing) }),
        stored(root, URL, { der: mintCrl(namesake) }),
        stored(client, URL, { der: mintCrl(issuing) }),
        stored(issuing, 'http://crl.example/broken', { der: Buffer.from('no list') }),
      ],
    )
    expect(issuers.map(({ crls }) => crls.map(({ url, isSignedByIssuer }) => [url, isSignedByIssuer]))).toEqual([
      [[URL, false]],
      [],
      [[URL, true]],
    ])
    expect(foreignAnswerCount).toBe(1)
  })

  it('counts OCSP answers, and takes the oldest and the first that is due from different ones', () => {
    const { issuers } = survey(
      [],
      [
        stored(issuing, '01', { source: 'ocsp', der: ocspAnswer(-60, 600) }),
        stored(issuing, '02', { source: 'ocsp', der: ocspAnswer(-10, 20) }),
        stored(issuing, '03', { source: 'ocsp', der: ocspAnswer(-5, null) }),
        stored(issuing, '04', { source: 'ocsp', der: Buffer.from('no answer') }),
      ],
    )
    const nothing = { count: 0, oldest: null, nextUpdate: null }
    expect(issuers.map(({ ocsp }) => ocsp)).toEqual([
      nothing,
      nothing,
      { count: 3, oldest: minutesFromNow(-60), nextUpdate: minutesFromNow(20) },
    ])
  })
})
