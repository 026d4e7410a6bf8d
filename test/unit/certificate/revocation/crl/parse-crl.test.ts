import fc from 'fast-check'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { CrlSyntaxError } from '../../../../../src/certificate/revocation/crl/crl-syntax-error.ts'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintAuthority, type MintedAuthority } from '../../../../support/mint-certificates.ts'
import { certificateIssuer, mintCrl, type CrlOptions } from '../../../../support/mint-crl.ts'
import { generalName, pointName } from '../../../../support/mint-extensions.ts'
import { der, derInteger, derNamedBits } from '../../../../support/write-der.ts'
import { readDer } from '../../../../../src/asn1/read-der.ts'

const UNKNOWN = { oid: '1.2.3.4', critical: true, value: der(0x05) }
const flag = (tag: number): Buffer => der(tag, Buffer.of(0xff))

let authority: MintedAuthority

beforeAll(async () => {
  authority = await mintAuthority({ subject: [['CN', 'Issuing']] })
})

const parse = (options: CrlOptions) => parseCrl(mintCrl(authority, options))

describe('parseCrl', () => {
  it('reads issuer, dates and numbers', () => {
    const crl = parse({
      number: 7,
      extensions: [{ oid: '2.5.29.35', critical: false, value: der(0x30, der(0x80, Buffer.of(0xab))) }],
    })
    expect(crl).toMatchObject({
      issuerKey: '2.5.4.3=issuing',
      thisUpdate: new Date('2026-01-02T00:00:00Z'),
      nextUpdate: new Date('2026-02-01T00:00:00Z'),
      crlNumber: 7n,
      baseCrlNumber: null,
      authorityKeyId: 'ab',
      issuingDistributionPoint: null,
      notUnderstood: null,
    })
    expect(crl.entries.count).toBe(0)
  })

  it('reads a list without nextUpdate, and one of version 1', () => {
    expect(parse({ nextUpdate: null }).nextUpdate).toBeNull()
    expect(parse({ version: null, entries: [{ serialNumber: 1 }] })).toMatchObject({
      crlNumber: null,
      notUnderstood: null,
    })
  })

  it('finds entries by serial number, whichever they are, and no others', () => {
    const serialNumbers = [
      0n,
      1n,
      127n,
      128n,
      255n,
      256n,
      -1n,
      -128n,
      -129n,
      2n ** 64n,
      2n ** 158n + 5n,
      2n ** 159n - 1n,
    ]
    const crl = parse({ entries: serialNumbers.map((serialNumber, reason) => ({ serialNumber, reason: reason % 6 })) })
    const reasons = [
      'unspecified',
      'keyCompromise',
      'cACompromise',
      'affiliationChanged',
      'superseded',
      'cessationOfOperation',
    ]
    expect(crl.entries.count).toBe(serialNumbers.length)
    expect(serialNumbers.map((number) => crl.entries.find(number.toString(16), crl.issuerKey)?.reason)).toEqual([
      ...reasons,
      ...reasons,
    ])
    const absent = [2n, 129n, -2n, 2n ** 64n + 1n, 2n ** 158n + 4n]
    expect(absent.map((number) => crl.entries.find(number.toString(16), crl.issuerKey))).toEqual(absent.map(() => null))
    expect(crl.entries.find('1', 'another issuer')).toBeNull()
  })

  it('reads the moment of a revocation, and no reason where none is given', () => {
    const revokedAt = new Date('2025-12-31T23:59:59Z')
    const crl = parse({ entries: [{ serialNumber: 1, revokedAt }] })
    expect(crl.entries.find('1', crl.issuerKey)).toEqual({ revokedAt, reason: null })
  })

  it('knows whose certificates an indirect list means, from one entry to the next (RFC 5280 5.3.3)', () => {
    const of = (name: string) => [certificateIssuer(generalName.directory([['CN', name]]))]
    const crl = parse({
      scope: [flag(0x84)],
      entries: [
        { serialNumber: 1 },
        { serialNumber: 2, extensions: of('One') },
        { serialNumber: 3 },
        { serialNumber: 3, extensions: of('Two') },
      ],
    })
    const owners = (serialNumber: string): string[] =>
      ['issuing', 'one', 'two'].filter((name) => crl.entries.find(serialNumber, `2.5.4.3=${name}`) !== null)
    expect([owners('1'), owners('2'), owners('3')]).toEqual([['issuing'], ['one'], ['one', 'two']])
    expect(crl.entries.notUnderstood).toBeNull()
  })

  it('reads the scope of a list (RFC 5280 5.2.5)', () => {
    const reasons = der(0x83, derNamedBits([0, 1, 6]).subarray(2))
    const crl = parse({ scope: [pointName(generalName.uri('http://a/')), flag(0x81), reasons, flag(0x84)] })
    expect(crl.issuingDistributionPoint).toMatchObject({
      name: { form: 'full', names: [{ form: 'uri', text: 'http://a/' }] },
      onlyUserCerts: true,
      onlyCaCerts: false,
      onlyAttributeCerts: false,
      onlySomeReasons: 0b100_0010,
      indirect: true,
    })
  })

  it('says which critical extension it does not understand, of the list or of an entry (RFC 5280 5.2, 5.3)', () => {
    expect(parse({ extensions: [UNKNOWN] }).notUnderstood).toBe('1.2.3.4')
    expect(parse({ extensions: [{ ...UNKNOWN, critical: false }] }).notUnderstood).toBeNull()
    const ofEntry = (critical: boolean): string | null =>
      parse({ entries: [{ serialNumber: 1, extensions: [{ ...UNKNOWN, critical }] }, { serialNumber: 2 }] }).entries
        .notUnderstood
    expect([ofEntry(true), ofEntry(false)]).toEqual(['1.2.3.4', null])
  })

  it('does not understand an issuer of certificates in a list that is not indirect', () => {
    const extensions = [certificateIssuer(generalName.directory([['CN', 'One']]))]
    expect(parse({ entries: [{ serialNumber: 1, extensions }] }).entries.notUnderstood).toBe('2.5.29.29')
  })
})

describe('parseCrl refuses', () => {
  const readAll = (bytes: Buffer): number => parseCrl(bytes).entries.count
  const manyNames = Array.from({ length: 257 }, () => generalName.uri('a'))
  const reasonCode = (value: Buffer) => ({ oid: '2.5.29.21', critical: false, value })

  it.each<[string, CrlOptions, string]>([
    ['version 1 written out', { version: 0 }, 'not version 2'],
    ['version 3', { version: 2 }, 'not version 2'],
    ['extensions in version 1', { version: null, number: 1 }, 'extensions in version 1'],
    ['an empty issuer', { issuerName: [] }, 'issuer is empty'],
    ['a negative number', { number: -1 }, 'cRLNumber is negative or too long'],
    [
      'the same extension twice',
      { number: 1, extensions: [{ oid: '2.5.29.20', critical: false, value: derInteger(2) }] },
      'occurs twice',
    ],
    ['a scope that is none', { scope: [derInteger(1)] }, 'issuingDistributionPoint has unexpected fields'],
    ['a flag that is no boolean', { scope: [der(0x81, Buffer.of(1))] }, 'issuingDistributionPoint is no boolean'],
    ['a point without names', { scope: [der(0xa0, der(0xa0))] }, 'name of distribution point is empty'],
    ['more names than anybody looks at', { scope: [pointName(...manyNames)] }, 'has more than 256 names'],
    ['a reason that does not exist', { entries: [{ serialNumber: 1, reason: 7 }] }, 'reasonCode is none'],
    [
      'a reason of two bytes',
      { entries: [{ serialNumber: 1, extensions: [reasonCode(der(0x0a, Buffer.of(0, 1)))] }] },
      'reasonCode is none',
    ],
    [
      'two reasons',
      { entries: [{ serialNumber: 1, reason: 1, extensions: [reasonCode(der(0x0a, Buffer.of(1)))] }] },
      'occurs twice',
    ],
    [
      'an issuer of certificates that is no name',
      { scope: [flag(0x84)], entries: [{ serialNumber: 1, extensions: [certificateIssuer()] }] },
      'certificateIssuer is empty',
    ],
  ])('%s', (_, options, message) => {
    const bytes = mintCrl(authority, options)
    expect(() => readAll(bytes)).toThrow(CrlSyntaxError)
    expect(() => readAll(bytes)).toThrow(message)
  })

  it.each([
    [
      'a serial number with more bytes than it needs',
      der(0x30, der(0x02, Buffer.of(0, 1)), der(0x17, Buffer.from('260101000000Z'))),
      'more bytes than needed',
    ],
    [
      'no serial number',
      der(0x30, der(0x17, Buffer.from('260101000000Z'))),
      'serial number of entry is missing or has the wrong type',
    ],
    ['an empty serial number', der(0x30, der(0x02), der(0x17, Buffer.from('260101000000Z'))), 'is no integer'],
    ['no date', der(0x30, derInteger(1)), 'revocationDate is no time'],
    [
      'a date that does not exist',
      der(0x30, derInteger(1), der(0x17, Buffer.from('260231000000Z'))),
      'revocationDate is no time',
    ],
    [
      'something after the extensions',
      der(0x30, derInteger(1), der(0x17, Buffer.from('260101000000Z')), der(0x30), der(0x05)),
      'entry has unexpected parts',
    ],
    ['an entry that is longer than the list', Buffer.from('307f020101', 'hex'), 'ends inside a value'],
    ['an entry that is no sequence', derInteger(1), 'entry is missing or has the wrong type'],
  ])('an entry with %s', (_, entry, message) => {
    const { entries, issuerKey } = parseCrl(withEntry(entry))
    expect(() => entries.count).toThrow(CrlSyntaxError)
    expect(() => entries.find('1', issuerKey)).toThrow(message)
  })

  /** A list with exactly these bytes for its one entry. */
  function withEntry(entry: Buffer): Buffer {
    const [tbs, ...others] = readDer(mintCrl(authority, { entries: [{ serialNumber: 1 }] })).children
    const parts = (tbs?.children ?? []).map(({ raw }) => raw)
    const revoked = entry.subarray(0, 2).equals(Buffer.from('307f', 'hex'))
      ? Buffer.concat([Buffer.of(0x30, entry.length), entry])
      : der(0x30, entry)
    return der(0x30, der(0x30, ...parts.slice(0, -1), revoked), ...others.map(({ raw }) => raw))
  }

  it('more bytes than it may read, before it reads any', () => {
    const bytes = mintCrl(authority)
    expect(() => parseCrl(bytes, bytes.length - 1)).toThrow(`more than ${String(bytes.length - 1)} bytes`)
    expect(parseCrl(bytes, bytes.length).entries.count).toBe(0)
  })

  it('an algorithm outside that is not the signed one (RFC 5280 5.1.1.2)', () => {
    const [tbs, algorithm, signature] = readDer(mintCrl(authority)).children.map(({ raw }) => raw)
    const other = Buffer.from(algorithm ?? [])
    other[other.length - 1] = 3
    expect(() => parseCrl(der(0x30, tbs ?? other, other, signature ?? other))).toThrow('differ')
  })

  test('any other bytes with the one error it has, never with another', () => {
    const list = mintCrl(authority, {
      number: 3,
      scope: [pointName(generalName.uri('http://a/')), flag(0x84)],
      entries: [
        { serialNumber: 1, reason: 1 },
        { serialNumber: 2n ** 100n, extensions: [certificateIssuer(generalName.directory([['CN', 'One']]))] },
      ],
    })
    const attempt = (bytes: Buffer): void => {
      try {
        const { entries, issuerKey } = parseCrl(bytes)
        entries.find('1', issuerKey)
        entries.find((2n ** 100n).toString(16), issuerKey)
      } catch (failure) {
        if (!(failure instanceof CrlSyntaxError)) throw failure
      }
    }
    const position = fc.nat({ max: list.length - 1 })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => attempt(Buffer.from(bytes))))
    fc.assert(
      fc.property(position, (length) => {
        expect(() => parseCrl(list.subarray(0, length))).toThrow(CrlSyntaxError)
      }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = Buffer.from(list)
          for (const [index, value] of changes) bytes[index] = value
          attempt(bytes)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})
