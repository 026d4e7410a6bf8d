import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import type { OcspRules } from '../../../../../src/certificate/revocation/ocsp/check-ocsp-response.ts'
import type { RevocationStatus } from '../../../../../src/certificate/revocation/revocation-status.ts'
import { mintAuthority, mintClientCertificate } from '../../../../support/mint-certificates.ts'
import { der } from '../../../../support/write-der.ts'
import {
  check,
  extension,
  forgeAnswer,
  linkOf,
  mintDelegate,
  minutesFromNow,
  nonceExtension,
  NOW,
  type ForgedAnswer,
  type ForgedSingle,
} from './ocsp-fixture.ts'

const authority = await mintAuthority()
const link = linkOf(await mintClientCertificate(authority), authority)
const neighbour = linkOf(await mintClientCertificate(authority), authority)
const delegate = await mintDelegate(authority)
const uncertain = await mintDelegate(authority, { extraExtensions: [] })
const pinned = await mintDelegate(await mintAuthority({ subject: [['CN', 'Elsewhere']] }), { extraExtensions: [] })
const rsaAuthority = await mintAuthority({ keyType: 'rsa' })
const rsaLink = linkOf(await mintClientCertificate(rsaAuthority), rsaAuthority)

const GOOD = { kind: 'good', source: 'ocsp', thisUpdate: NOW, nextUpdate: minutesFromNow(60) }
const revoked = (reason: number, at = -60): ForgedSingle => ({ status: { revokedAt: minutesFromNow(at), reason } })

function judge(changes: Partial<ForgedAnswer>, rules: Partial<OcspRules> = {}): RevocationStatus {
  return check(forgeAnswer({ link, signer: authority, ...changes }), link, rules)
}

const judgeSingle = (single: ForgedSingle, rules: Partial<OcspRules> = {}): RevocationStatus =>
  judge({ singles: [single] }, rules)

describe('an OCSP answer is believed', () => {
  it.each(['name', 'key'] as const)('when the issuer signed it and names itself by %s', (responderId) => {
    expect(judge({ responderId })).toEqual(GOOD)
  })

  it.each(['name', 'key'] as const)('when the delegate of the issuer signed it and is named by %s', (responderId) => {
    expect(judge({ signer: delegate, responderId, certificates: [delegate] })).toEqual(GOOD)
  })

  it('when an RSA key signed it', () => {
    const bytes = forgeAnswer({ link: rsaLink, signer: rsaAuthority, responderId: 'key' })
    expect(check(bytes, rsaLink)).toEqual(GOOD)
  })

  it('when the certificate of the delegate comes among others', () => {
    expect(judge({ signer: delegate, certificates: [authority, pinned, delegate] })).toEqual(GOOD)
  })

  it('when a responder of the operator signed it, whoever issued that and though it is not carried', () => {
    expect(judge({ signer: pinned }, { extraResponders: [parseCertificate(pinned.der)] })).toEqual(GOOD)
  })

  it.each(['sha1', 'sha256', 'sha512'] as const)('when it names the certificate with %s', (hash) => {
    expect(judgeSingle({ hash })).toEqual(GOOD)
  })

  it('when it also speaks of other certificates, and then for this one alone', () => {
    expect(judge({ singles: [{ about: neighbour, ...revoked(1) }, {}] })).toEqual(GOOD)
    expect(judge({ singles: [{ about: neighbour }, revoked(1)] })).toMatchObject({ kind: 'revoked' })
  })

  it('when it says the same twice, and then as of the newer part', () => {
    const singles = [
      { thisUpdate: minutesFromNow(-5) },
      { hash: 'sha256' },
      { thisUpdate: minutesFromNow(-9) },
    ] as const
    expect(judge({ singles })).toEqual(GOOD)
  })

  it('when it revokes, with moment and reason', () => {
    expect(judgeSingle(revoked(1))).toEqual({
      kind: 'revoked',
      source: 'ocsp',
      revokedAt: minutesFromNow(-60),
      reason: 'keyCompromise',
    })
    expect(judgeSingle({ status: { revokedAt: NOW } })).toMatchObject({ kind: 'revoked', reason: null })
    expect(judgeSingle(revoked(6))).toMatchObject({ kind: 'revoked', reason: 'certificateHold' })
  })

  it('when an unknown extension is not critical', () => {
    const extensions = [extension('1.2.3.4', der(0x05))]
    expect(judge({ extensions, singles: [{ extensions }] })).toEqual(GOOD)
  })
})

describe('a delegate that does not waive the check of its own revocation', () => {
  const answer = { signer: uncertain, certificates: [uncertain] }
  const status = (kind: 'good' | 'revoked', source: 'crl' | 'ocsp') => (): RevocationStatus =>
    kind === 'good'
      ? { kind, source, thisUpdate: NOW, nextUpdate: null }
      : { kind, source, revokedAt: NOW, reason: null }

  it('is not believed while nothing else calls it good: its key may be stolen', () => {
    const why = 'the responder certificate may be revoked: it does not waive the check, and no CRL calls it good'
    expect(judge(answer)).toEqual({ kind: 'unknown', why })
    expect(judge(answer, { delegateStatus: () => ({ kind: 'unknown', why: 'no CRL' }) })).toEqual({
      kind: 'unknown',
      why,
    })
    expect(judge(answer, { delegateStatus: status('good', 'ocsp') })).toEqual({ kind: 'unknown', why })
  })

  it('is believed when a CRL calls it good', () => {
    expect(judge(answer, { delegateStatus: status('good', 'crl') })).toEqual(GOOD)
  })

  it('is not believed when it is revoked', () => {
    expect(judge(answer, { delegateStatus: status('revoked', 'crl') })).toEqual({
      kind: 'unknown',
      why: 'the responder certificate is revoked',
    })
  })

  it('is asked about with the issuer in question', () => {
    const asked: string[] = []
    judge(answer, {
      delegateStatus: ({ certificate, issuer }) => {
        asked.push(certificate.facts.thumbprint, issuer.facts.thumbprint)
        return { kind: 'unknown', why: '' }
      },
    })
    expect(asked).toEqual([parseCertificate(uncertain.der).facts.thumbprint, link.issuer.facts.thumbprint])
  })

  it('is believed when the operator configured it', () => {
    expect(judge(answer, { extraResponders: [parseCertificate(uncertain.der)] })).toEqual(GOOD)
  })
})

describe('the time of an answer', () => {
  const late = minutesFromNow
  const CASES: readonly (readonly [what: string, single: ForgedSingle, why: string | null])[] = [
    ['has just ended, by less than clocks differ', { thisUpdate: late(-60), nextUpdate: late(-5) }, null],
    ['ended', { thisUpdate: late(-60), nextUpdate: late(-6) }, 'the answer is out of date'],
    ['is ahead by no more than clocks differ', { thisUpdate: late(5) }, null],
    ['is in the future', { thisUpdate: late(6) }, 'the answer is from the future'],
    ['is without end and not too old', { thisUpdate: late(-65), nextUpdate: null }, null],
    ['is without end and old', { thisUpdate: late(-66), nextUpdate: null }, 'the answer is out of date'],
    ['ends before it begins', { thisUpdate: late(2), nextUpdate: late(1) }, 'the answer ends before it begins'],
    ['is one moment', { nextUpdate: NOW }, null],
  ]
  it.each(CASES)('that %s', (_, single, why) => {
    expect(judgeSingle(single)).toMatchObject(why === null ? { kind: 'good' } : { kind: 'unknown', why })
  })

  it('that was produced in the future', () => {
    expect(judge({ producedAt: late(5) })).toEqual(GOOD)
    expect(judge({ producedAt: late(6) })).toEqual({ kind: 'unknown', why: 'the answer is from the future' })
  })

  it('does not save a good answer when a limit is no number', () => {
    const single = { nextUpdate: null }
    expect(judgeSingle(single, { maxAgeSeconds: NaN })).toMatchObject({ why: 'the answer is out of date' })
    expect(judgeSingle({}, { clockSkewSeconds: NaN })).toMatchObject({ why: 'the answer is out of date' })
  })

  it('runs: what was good is unknown later, without a new answer', () => {
    const single = { nextUpdate: late(10) }
    expect(judgeSingle(single, { now: late(15) })).toMatchObject({ kind: 'good' })
    expect(judgeSingle(single, { now: late(16) })).toMatchObject({ kind: 'unknown' })
  })

  it('does not undo a revocation that is for ever', () => {
    const old = { thisUpdate: late(-600), nextUpdate: late(-540) }
    expect(judgeSingle({ ...revoked(1, -900), ...old })).toMatchObject({ kind: 'revoked', reason: 'keyCompromise' })
    expect(judgeSingle({ status: { revokedAt: late(-900) }, ...old })).toMatchObject({ kind: 'revoked', reason: null })
  })

  it.each([6, 8])('ends a revocation that can be taken back (reason %i)', (reason) => {
    const old = { thisUpdate: late(-600), nextUpdate: late(-540) }
    expect(judgeSingle({ ...revoked(reason, -900), ...old })).toEqual({
      kind: 'unknown',
      why: 'the answer is out of date',
    })
  })
})

describe('the nonce', () => {
  const nonce = Buffer.alloc(32, 7)
  const other = Buffer.alloc(32, 8)
  const ANOTHER = 'the answer repeats another nonce'
  const MISSING = 'the answer does not repeat the nonce'
  type Mode = OcspRules['nonceMode']
  const CASES: readonly (readonly [asked: Buffer | null, mode: Mode, found: Buffer | null, why: string | null])[] = [
    [nonce, 'required', nonce, null],
    [nonce, 'required', null, MISSING],
    [nonce, 'required', other, ANOTHER],
    [nonce, 'required', nonce.subarray(1), ANOTHER],
    [nonce, 'optional', nonce, null],
    [nonce, 'optional', null, null],
    [nonce, 'optional', other, ANOTHER],
    [null, 'required', null, MISSING],
    [null, 'optional', null, null],
    [null, 'optional', other, ANOTHER],
    [null, 'ignored', other, null],
    [null, 'ignored', null, null],
  ]
  it.each(CASES)('%o, %s, with %o in the answer', (asked, nonceMode, found, why) => {
    const extensions = found === null ? [] : [nonceExtension(found)]
    expect(judge({ extensions }, { nonce: asked, nonceMode })).toEqual(why === null ? GOOD : { kind: 'unknown', why })
  })
})

it('an error of the responder is no answer', () => {
  expect(check(der(0x30, der(0x0a, Buffer.of(3))), link)).toEqual({
    kind: 'unknown',
    why: 'the responder gave no answer but tryLater',
  })
})
