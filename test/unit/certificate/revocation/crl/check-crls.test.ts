import { describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import { SignatureBudget } from '../../../../../src/certificate/path/signature-budget.ts'
import { checkCrls } from '../../../../../src/certificate/revocation/crl/check-crls.ts'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintAuthority, mintClientCertificate } from '../../../../support/mint-certificates.ts'
import { certificateIssuer, mintCrl, type CrlOptions } from '../../../../support/mint-crl.ts'
import { generalName, pointName } from '../../../../support/mint-extensions.ts'
import { der } from '../../../../support/write-der.ts'
import {
  client,
  flag,
  issuing,
  ISSUING,
  kindBy,
  LIFE,
  LISTED,
  mintClient,
  NOW,
  reasons,
  root,
  SERIAL,
  statusBy,
  whyBy,
} from './crl-fixture.ts'

const { directory, uri } = generalName

describe('checkCrls', () => {
  it('knows nothing without a list', () => {
    expect(statusBy([])).toEqual({ kind: 'unknown', why: 'no revocation list covers the certificate' })
  })

  it('finds a certificate good that the list of its issuer does not name', () => {
    expect(statusBy([mintCrl(issuing, { entries: [{ serialNumber: SERIAL + 1 }] })])).toEqual({
      kind: 'good',
      source: 'crl',
      thisUpdate: new Date('2026-01-02T00:00:00Z'),
      nextUpdate: new Date('2026-02-01T00:00:00Z'),
    })
  })

  it('finds a certificate revoked that it names, with moment and reason', () => {
    const revokedAt = new Date('2026-01-10T12:00:00Z')
    expect(statusBy([mintCrl(issuing, { entries: [{ serialNumber: SERIAL, reason: 4, revokedAt }] })])).toEqual({
      kind: 'revoked',
      source: 'crl',
      revokedAt,
      reason: 'superseded',
    })
  })

  it.each<[string, CrlOptions, string]>([
    ['out of date', { nextUpdate: new Date('2026-01-14T23:59:59Z') }, 'the revocation list is out of date'],
    [
      'dated in the future',
      { thisUpdate: new Date('2026-01-15T00:00:01Z') },
      'the revocation list is dated in the future',
    ],
    ['without an end', { nextUpdate: null }, 'the revocation list does not say until when it holds'],
    [
      'with a critical extension that is not understood',
      { extensions: [{ oid: '1.2.3.4', critical: true, value: der(0x05) }] },
      'the revocation list has a critical extension that is not supported',
    ],
    [
      'with an entry that is not understood, of whatever certificate',
      { entries: [{ serialNumber: 9, extensions: [{ oid: '1.2.3.4', critical: true, value: der(0x05) }] }] },
      'the revocation list has a critical extension that is not supported',
    ],
  ])('does not use a list %s', (_, options, why) => {
    expect(whyBy([mintCrl(issuing, options)])).toBe(why)
  })

  it('does not use a list with a malformed entry, nor read its entries before the signature is verified', async () => {
    const malformed: CrlOptions = { entries: [{ serialNumber: 9, reason: 7 }] }
    const impostor = await mintAuthority({ ...LIFE, subject: ISSUING })
    expect(whyBy([mintCrl(issuing, malformed)])).toBe('the revocation list has an entry that cannot be read')
    expect(whyBy([mintCrl(impostor, malformed)])).toBe('the revocation list was not signed by anybody who may sign it')
  })

  it('knows nothing of a serial number that a list has thousands of entries for, whatever an older one says', () => {
    const scope = [flag(0x84)]
    const extensions = [certificateIssuer(directory([['CN', 'Other']]))]
    const crowded = (serialNumber: number): Buffer =>
      mintCrl(issuing, {
        scope,
        thisUpdate: new Date('2026-01-14T00:00:00Z'),
        entries: Array.from({ length: 1_001 }, () => ({ serialNumber, extensions })),
      })
    expect(whyBy([crowded(SERIAL), mintCrl(issuing)])).toBe(
      'a revocation list has too many entries for one serial number',
    )
    expect(kindBy([crowded(SERIAL), mintCrl(issuing, LISTED)])).toBe('revoked')
    expect(kindBy([crowded(SERIAL + 1)])).toBe('good')
  })

  it('uses a list to the second in which it ends', () => {
    expect(kindBy([mintCrl(issuing, { nextUpdate: NOW })])).toBe('good')
    expect(kindBy([mintCrl(issuing, { thisUpdate: NOW })])).toBe('good')
  })

  it('lets the newest list speak', () => {
    const older = mintCrl(issuing)
    const newer = mintCrl(issuing, { ...LISTED, thisUpdate: new Date('2026-01-14T00:00:00Z') })
    expect([kindBy([older, newer]), kindBy([newer, older])]).toEqual(['revoked', 'revoked'])
  })

  it('passes over a list that cannot be used for one that can', () => {
    const future = mintCrl(issuing, { ...LISTED, thisUpdate: new Date('2026-01-16T00:00:00Z') })
    expect(kindBy([future, mintCrl(issuing)])).toBe('good')
  })
})

describe('the signer of a list', () => {
  const unsigned = 'the revocation list was not signed by anybody who may sign it'

  it('is not somebody else with the same name', async () => {
    const impostor = await mintAuthority({ ...LIFE, subject: ISSUING })
    expect(whyBy([mintCrl(impostor)], { others: [impostor] })).toBe(unsigned)
  })

  it('is the issuer itself, not the issuer of another certificate', () => {
    expect(whyBy([mintCrl(root, LISTED)])).toBe('no revocation list covers the certificate')
  })

  it('must be allowed to sign lists (RFC 5280 6.3.3 (f))', async () => {
    const noSigner = await mintAuthority({ ...LIFE, issuer: root, subject: ISSUING, keyUsage: ['keyCertSign'] })
    const leaf = await mintClientCertificate(noSigner, LIFE)
    const [certificate, issuer, anchor] = [leaf, noSigner, root].map(({ der }) => parseCertificate(der))
    if (certificate === undefined || issuer === undefined || anchor === undefined) throw new Error('not minted')
    const context = {
      path: { client: certificate, intermediates: [issuer], anchor },
      certificates: [],
      signatures: new SignatureBudget(9),
    }
    expect(checkCrls({ certificate, issuer }, [parseCrl(mintCrl(noSigner))], context, NOW)).toEqual({
      kind: 'unknown',
      why: unsigned,
    })
  })

  it('may be another certificate of the same name, when the same anchor vouches for it and it is not revoked', async () => {
    const separate = await mintAuthority({
      ...LIFE,
      issuer: root,
      subject: ISSUING,
      keyUsage: ['cRLSign'],
      basicConstraints: null,
      serialNumber: '77',
    })
    const list = mintCrl(separate, LISTED)
    const clean = mintCrl(separate)
    const rootList = mintCrl(root)
    const revoking = mintCrl(root, { entries: [{ serialNumber: 0x77 }] })
    expect(kindBy([list, rootList], { others: [separate] })).toBe('revoked')
    expect(kindBy([clean, rootList], { others: [separate] })).toBe('good')
    expect(whyBy([clean, rootList])).toBe(unsigned)
    expect(whyBy([clean], { others: [separate] })).toBe(unsigned)
    expect(whyBy([clean, revoking], { others: [separate] })).toBe(unsigned)
    const later = { others: [separate], now: new Date('2027-06-01T00:00:00Z') }
    const laterLists = [separate, root].map((signer) =>
      mintCrl(signer, { nextUpdate: new Date('2028-01-01T00:00:00Z') }),
    )
    expect(whyBy(laterLists, later)).toBe(unsigned)
  })

  it('does not deny its own revocation with a list of its own', async () => {
    const separate = await mintAuthority({
      ...LIFE,
      issuer: issuing,
      subject: ISSUING,
      keyUsage: ['cRLSign'],
      basicConstraints: null,
    })
    const own = mintCrl(separate)
    expect(whyBy([own], { others: [separate] })).toBe(unsigned)
    expect(kindBy([own, mintCrl(issuing)], { others: [separate] })).toBe('good')
  })

  it('is not found below an authority that is itself in question', async () => {
    // Whoever holds the key of the issuing authority puts another `Root` below it, to clear the authority with.
    const below = await mintAuthority({ ...LIFE, issuer: issuing, subject: [['CN', 'Root']] })
    const [certificate, issuer, signer] = [issuing, root, below].map(({ der }) => parseCertificate(der))
    if (certificate === undefined || issuer === undefined || signer === undefined) throw new Error('not minted')
    const path = { client: parseCertificate(client.der), intermediates: [signer, certificate], anchor: issuer }
    const context = { path, certificates: [signer], signatures: new SignatureBudget(64) }
    const lists = [mintCrl(below), mintCrl(issuing)].map((list) => parseCrl(list))
    expect(checkCrls({ certificate, issuer }, lists, context, NOW)).toEqual({ kind: 'unknown', why: unsigned })
  })

  it('is not looked for any longer when no signature may be computed any more', () => {
    expect(whyBy([mintCrl(issuing, { number: 99 })], { signatures: 0 })).toBe(unsigned)
  })
})

describe('the scope of a list (RFC 5280 6.3.3 (b))', () => {
  const place = uri('http://crl.example.com/1')
  const elsewhere = uri('http://crl.example.com/2')

  it.each<[string, readonly Buffer[], string]>([
    ['of end entities', [flag(0x81)], 'good'],
    ['of authorities', [flag(0x82)], 'unknown'],
    ['of attribute certificates', [flag(0x85)], 'unknown'],
    ['of a place that the certificate does not name', [pointName(place)], 'unknown'],
    ['of the issuer by its name', [pointName(directory(ISSUING))], 'good'],
    ['of some reasons', [reasons(0x83, 1, 2)], 'unknown'],
    ['of all reasons one by one', [reasons(0x83, 1, 2, 3, 4, 5, 6, 7, 8)], 'good'],
  ])('covers an end entity without distribution points when it is one %s: %s', (_, scope, kind) => {
    expect(kindBy([mintCrl(issuing, { scope })])).toBe(kind)
  })

  it('covers authorities when it says so, and not when it is one of end entities', () => {
    const [certificate, issuer] = [issuing, root].map(({ der }) => parseCertificate(der))
    if (certificate === undefined || issuer === undefined) throw new Error('not minted')
    const context = {
      path: { client: certificate, intermediates: [], anchor: issuer },
      certificates: [],
      signatures: new SignatureBudget(9),
    }
    const kinds = [0x82, 0x81].map(
      (tag) => checkCrls({ certificate, issuer }, [parseCrl(mintCrl(root, { scope: [flag(tag)] }))], context, NOW).kind,
    )
    expect(kinds).toEqual(['good', 'unknown'])
  })

  it('covers a certificate that names the same place, by one of several names', async () => {
    const of = await mintClient([pointName(elsewhere, place)])
    const scope = [pointName(place, uri('http://crl.example.com/3'))]
    expect(kindBy([mintCrl(issuing, { scope })], { of })).toBe('good')
    expect(kindBy([mintCrl(issuing, { scope: [pointName(uri('http://crl.example.com/4'))] })], { of })).toBe('unknown')
  })

  it('covers a certificate that names the same place below the issuer (nameRelativeToCRLIssuer)', async () => {
    const relative = der(0xa0, der(0xa1, directory([['CN', 'CRL1']]).subarray(6)))
    const full = (name: string): Buffer[] => [
      pointName(
        directory([
          ['CN', 'Issuing'],
          ['CN', name],
        ]),
      ),
    ]
    const of = await mintClient([relative])
    expect(kindBy([mintCrl(issuing, { scope: full('CRL1') })], { of })).toBe('good')
    expect(kindBy([mintCrl(issuing, { scope: full('CRL2') })], { of })).toBe('unknown')
    expect(kindBy([mintCrl(issuing, { scope: [relative] })], { of })).toBe('good')
  })

  it('adds up the reasons of several lists, and needs them all to find a certificate good', async () => {
    const of = await mintClient([pointName(place), reasons(0x81, 1)], [pointName(elsewhere)])
    const first = mintCrl(issuing, { scope: [pointName(place), reasons(0x83, 1, 2)] })
    const others = mintCrl(issuing, { scope: [pointName(elsewhere), reasons(0x83, 2, 3, 4, 5, 6, 7, 8)] })
    expect(kindBy([first, others], { of })).toBe('good')
    expect(whyBy([first], { of })).toBe('no revocation list covers the certificate for every reason')
    expect(whyBy([others], { of })).toBe('no revocation list covers the certificate for every reason')
    const listed = mintCrl(issuing, { ...LISTED, scope: [pointName(elsewhere), reasons(0x83, 3)] })
    expect(kindBy([listed], { of })).toBe('revoked')
  })
})

it('looks at a bounded number of lists, however many points a certificate names', async () => {
  const of = await mintClient(
    ...Array.from({ length: 64 }, (_, number) => [pointName(uri(`http://a/${String(number)}`))]),
  )
  const lists = Array<Buffer>(300).fill(mintCrl(issuing, { scope: [pointName(uri('http://b/'))] }))
  expect(whyBy(lists, { of })).toBe('there are more revocation lists than are looked at')
})
