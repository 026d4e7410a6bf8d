import { beforeAll, describe, expect, it } from 'vitest'
import { mintClientCertificate, type MintedCertificate } from '../../../../support/mint-certificates.ts'
import { certificateIssuer, mintCrl, type CrlOptions } from '../../../../support/mint-crl.ts'
import { crlDistributionPoints, generalName } from '../../../../support/mint-extensions.ts'
import type { Subject } from '../../../../support/mint-subject.ts'
import { der } from '../../../../support/write-der.ts'
import { flag, issuing, ISSUING, kindBy, LIFE, LISTED, mintClient, root, SERIAL, statusBy } from './crl-fixture.ts'

const { directory } = generalName

describe('an indirect list (RFC 5280 5.3.3, 6.3.3 (b) (1))', () => {
  const SIGNER: Subject = [['CN', 'Signer']]
  const signerPoint = [der(0xa2, directory(SIGNER))]
  const ofIssuing = [certificateIssuer(directory(ISSUING))]
  let signer: MintedCertificate

  beforeAll(async () => {
    signer = await mintClientCertificate(root, { ...LIFE, subject: SIGNER, keyUsage: ['cRLSign'] })
  })

  it('speaks for certificates that name its signer, and by their issuers', async () => {
    const of = await mintClient(signerPoint)
    const list = (options: CrlOptions): Buffer[] => [
      mintCrl(signer, { scope: [flag(0x84)], ...options }),
      mintCrl(root),
    ]
    const entry = { serialNumber: SERIAL }
    expect(kindBy(list({}), { of, others: [signer] })).toBe('good')
    expect(kindBy(list({ entries: [{ ...entry, extensions: ofIssuing }] }), { of, others: [signer] })).toBe('revoked')
    expect(kindBy(list({ entries: [entry] }), { of, others: [signer] })).toBe('good')
  })

  it('does not speak for certificates that name nobody, nor without saying that it is indirect', async () => {
    const of = await mintClient(signerPoint)
    const lists = [mintCrl(signer, { scope: [flag(0x84)] }), mintCrl(root)]
    expect(kindBy(lists, { others: [signer] })).toBe('unknown')
    expect(kindBy([mintCrl(signer), mintCrl(root)], { of, others: [signer] })).toBe('unknown')
  })

  it('may cover its own signer, where the issuer of the signer says so', async () => {
    const appointed = await mintClientCertificate(root, {
      ...LIFE,
      subject: SIGNER,
      keyUsage: ['cRLSign'],
      extraExtensions: [crlDistributionPoints(signerPoint)],
    })
    const of = await mintClient(signerPoint)
    expect(kindBy([mintCrl(appointed, { scope: [flag(0x84)] })], { of, others: [appointed] })).toBe('good')
  })
})

describe('a delta list (RFC 5280 5.2.4, 6.3.3 (h) to (k))', () => {
  const later: CrlOptions = { thisUpdate: new Date('2026-01-10T00:00:00Z'), number: 7, baseNumber: 5 }
  const complete = (options: CrlOptions = {}): Buffer => mintCrl(issuing, { number: 5, ...options })

  it('adds to what its base says, and takes from it', () => {
    const delta = (reason: number): Buffer =>
      mintCrl(issuing, { ...later, entries: [{ serialNumber: SERIAL, reason }] })
    const onHold = complete({ entries: [{ serialNumber: SERIAL, reason: 6 }] })
    expect(statusBy([complete(), delta(1)])).toMatchObject({ kind: 'revoked', reason: 'keyCompromise' })
    expect(statusBy([onHold, delta(1)])).toMatchObject({ kind: 'revoked', reason: 'keyCompromise' })
    expect(kindBy([onHold, delta(8)])).toBe('good')
    expect(kindBy([onHold])).toBe('revoked')
  })

  it('leaves open what it has too many entries for', () => {
    const entries = Array.from({ length: 1_001 }, () => ({ serialNumber: SERIAL }))
    expect(kindBy([complete(), mintCrl(issuing, { ...later, entries })])).toBe('unknown')
    expect(kindBy([complete(), mintCrl(issuing, { ...later, entries: [{ serialNumber: 9, reason: 7 }] })])).toBe('good')
  })

  it.each<[string, CrlOptions]>([
    ['begins after it', { ...later, baseNumber: 6 }],
    ['is no newer', { ...later, number: 5 }],
    ['has another scope', { ...later, scope: [flag(0x81)] }],
    ['is out of date', { ...later, nextUpdate: new Date('2026-01-14T00:00:00Z') }],
    ['is dated in the future', { ...later, thisUpdate: new Date('2026-01-16T00:00:00Z') }],
  ])('does not amend a list when it %s', (_, ofDelta) => {
    expect(kindBy([complete(), mintCrl(issuing, { ...ofDelta, ...LISTED })])).toBe('good')
  })

  it('counts only when whoever signed the complete list signed it', () => {
    expect(kindBy([complete(), mintCrl(issuing, { ...later, ...LISTED, signer: root.privateKey })])).toBe('good')
  })

  it('says nothing alone', () => {
    expect(kindBy([mintCrl(issuing, { ...later, ...LISTED })])).toBe('unknown')
  })
})
