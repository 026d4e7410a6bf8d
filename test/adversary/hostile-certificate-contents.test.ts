import { describe, expect, it } from 'vitest'
import { readDer } from '../../src/asn1/read-der.ts'
import { pssAlgorithm, signingKey } from '../support/signing-keys.ts'
import { writeCertificate, type CertificateSpec } from '../support/write-certificate.ts'
import { der, derInteger, derOid } from '../support/write-der.ts'
import { writeExtension, writeExtensions } from '../support/write-extensions.ts'
import {
  authoritySpec,
  CLIENT_DER,
  CLIENT_KEY,
  clientSpec,
  findingOn,
  ISSUING,
  ISSUING_DER,
  ISSUING_KEY,
  ROOT,
  ROOT_KEY,
  verdictOn,
} from './hostile-fixture.ts'

const MALFORMED = 'client-certificate-malformed'

const time = (tag: number, text: string): Buffer => der(tag, Buffer.from(text, 'latin1'))
const validity = (notBefore: Buffer, notAfter: Buffer): Partial<CertificateSpec> => ({
  raw: { validity: der(0x30, notBefore, notAfter) },
})
const from2026 = time(0x17, '260101000000Z')
const until2027 = time(0x17, '270101000000Z')
/** As P-256, but with the curve written out, so that another generator could make the issuer's public key its own (CVE-2020-0601). */
const explicitCurve = der(
  0x30,
  der(0x30, derOid('1.2.840.10045.2.1'), der(0x30, derInteger(1), der(0x30, derOid('1.2.840.10045.1.1')))),
  der(0x03, Buffer.of(0), CLIENT_KEY.publicKey.subarray(-65)),
)
const unsignedBytes = (value: bigint): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes])
}
const rsaKey = (modulus: bigint, exponent: bigint): Buffer => {
  const key = der(0x30, der(0x02, unsignedBytes(modulus)), derInteger(exponent))
  return der(0x30, der(0x30, derOid('1.2.840.113549.1.1.1'), der(0x05)), der(0x03, Buffer.of(0), key))
}

describe('serial numbers that are none (RFC 5280 4.1.2.2)', () => {
  it.each([
    ['zero', '00', ['client-certificate-serial-number-invalid', '0']],
    ['minus one', 'ff', ['client-certificate-serial-number-invalid', '-1']],
    [
      'negative for want of a byte',
      '80'.padEnd(40, '0'),
      ['client-certificate-serial-number-invalid', `-80${'0'.repeat(38)}`],
    ],
    ['of 22 bytes', '01'.padEnd(44, '0'), [MALFORMED, 'serialNumber is too long']],
    ['of 30,000 bytes', '01'.padEnd(60_000, '0'), [MALFORMED, 'serialNumber is too long']],
    ['of no bytes', '', [MALFORMED, 'serialNumber is no integer']],
    ['padded', '0001', [MALFORMED, 'serialNumber has more bytes than needed']],
  ])('are refused: %s', (_, serialNumber, verdict) => {
    expect(verdictOn({ serialNumber: Buffer.from(serialNumber, 'hex') })).toEqual(verdict)
  })

  it('are accepted with 20 bytes and the one that makes them positive, which issuers forget to count', () => {
    expect(verdictOn({ serialNumber: Buffer.from(`00${'f'.repeat(40)}`, 'hex') })).toEqual(['accepted'])
  })
})

describe('dates that are none, or absurd (RFC 5280 4.1.2.5)', () => {
  it.each([
    ['the 13th month', validity(from2026, time(0x18, '20301301000000Z')), [MALFORMED, 'notAfter is no time']],
    ['month 0', validity(time(0x17, '000001000000Z'), until2027), [MALFORMED, 'notBefore is no time']],
    ['31 February', validity(from2026, time(0x17, '270231000000Z')), [MALFORMED, 'notAfter is no time']],
    ["24 o'clock", validity(from2026, time(0x17, '270201240000Z')), [MALFORMED, 'notAfter is no time']],
    ['a leap second', validity(from2026, time(0x17, '261231235960Z')), [MALFORMED, 'notAfter is no time']],
    ['no seconds', validity(from2026, time(0x17, '2701010000Z')), [MALFORMED, 'notAfter is no time']],
    ['another time zone', validity(from2026, time(0x17, '270101000000+0100')), [MALFORMED, 'notAfter is no time']],
    ['fractions', validity(from2026, time(0x18, '20270101000000.5Z')), [MALFORMED, 'notAfter is no time']],
    ['letters', validity(from2026, time(0x18, '2027010100000xZ')), [MALFORMED, 'notAfter is no time']],
    ['NUL', validity(from2026, time(0x17, '270101000000\0')), [MALFORMED, 'notAfter is no time']],
    ['a number', validity(from2026, derInteger(2_027)), [MALFORMED, 'notAfter is no time']],
    [
      'the year 0000',
      validity(time(0x18, '00000101000000Z'), time(0x18, '00001231235959Z')),
      ['client-certificate-expired', 'valid from 0000-01-01T00:00:00.000Z until 0000-12-31T23:59:59.000Z'],
    ],
    [
      'the year 9999',
      validity(time(0x18, '99990101000000Z'), time(0x18, '99991231235959Z')),
      ['client-certificate-not-yet-valid', 'valid from 9999-01-01T00:00:00.000Z until 9999-12-31T23:59:59.000Z'],
    ],
    [
      'an end before the beginning',
      validity(until2027, from2026),
      ['client-certificate-expired', 'valid from 2027-01-01T00:00:00.000Z until 2026-01-01T00:00:00.000Z'],
    ],
  ])('are refused: %s', (_, changes, verdict) => {
    expect(verdictOn(changes)).toEqual(verdict)
  })

  it('are accepted as "for ever", which RFC 5280 writes as the last second of the year 9999', () => {
    expect(verdictOn(validity(from2026, time(0x18, '99991231235959Z')))).toEqual(['accepted'])
  })
})

describe('extensions', () => {
  const twice = (...oids: readonly string[]): Partial<CertificateSpec> => {
    const usual = writeExtensions(clientSpec().extensions, [], [])
    const more = oids.map((oid) => writeExtension({ oid, critical: false, value: der(0x30, derOid('2.5.29.37.0')) }))
    return { raw: { extensions: der(0xa3, der(0x30, ...usual, ...more)) } }
  }

  it.each([
    ['a second extended key usage', twice('2.5.29.37'), 'extension 2.5.29.37 occurs twice'],
    ['an unknown one twice', twice('1.2.3', '1.2.3'), 'extension 1.2.3 occurs twice'],
    ['a type of 65 bytes', twice(`1.2.${'4'.repeat(150)}`), 'type of extension is no OID'],
    ['an empty list', { raw: { extensions: Buffer.from('a3023000', 'hex') } }, 'extensions is empty'],
    ['no list', { raw: { extensions: Buffer.from('a300', 'hex') } }, 'extensions is missing'],
  ])('are refused: %s', (_, changes, found) => {
    expect(verdictOn(changes)).toEqual([MALFORMED, found])
  })
})

describe('keys and signatures', () => {
  const signature = (algorithm: Buffer): Partial<CertificateSpec> => ({ raw: { algorithm } })

  it.each([
    ['an RSA key with exponent 1', { raw: { publicKey: rsaKey(2n ** 2047n + 1n, 1n) } }, [MALFORMED, 'no RSA key']],
    [
      'an RSA key with an even exponent',
      { raw: { publicKey: rsaKey(2n ** 2047n + 1n, 65_536n) } },
      [MALFORMED, 'no RSA key'],
    ],
    [
      'an RSA key of 2047 bits',
      { raw: { publicKey: rsaKey(2n ** 2046n + 1n, 3n) } },
      ['client-certificate-weak-key', 'RSA of 2047 bits'],
    ],
    [
      'a curve with its parameters written out (CVE-2020-0601)',
      { raw: { publicKey: explicitCurve } },
      ['client-certificate-weak-key', 'a key of another type or curve'],
    ],
    [
      'an algorithm that is only a name outside',
      { raw: { outerAlgorithm: der(0x30, derOid('1.2.3')) } },
      [MALFORMED, 'signature algorithms inside and outside the signed part differ'],
    ],
    [
      'an unknown algorithm',
      signature(der(0x30, derOid('1.2.3'))),
      ['client-certificate-weak-key', 'signature algorithm 1.2.3'],
    ],
    [
      'PSS with 2 GiB of salt',
      signature(pssAlgorithm('sha256', 2 ** 31 - 1)),
      ['client-certificate-signature-invalid', 'a signature made with another key'],
    ],
    [
      'PSS with more salt than numbers can say',
      signature(pssAlgorithm('sha256', 2 ** 40)),
      [MALFORMED, 'saltLength is too large'],
    ],
    ['PSS with less than no salt', signature(pssAlgorithm('sha256', -1)), [MALFORMED, 'saltLength is negative']],
  ])('are refused: %s', (_, changes, verdict) => {
    expect(verdictOn(changes)).toEqual(verdict)
  })

  it.each([
    ['of 20,000 bits', 20_000],
    ['of 400,000 bits', 400_000],
  ])('do no harm as the key of an issuer %s that an anchor vouches for', (_, bits) => {
    const publicKey = rsaKey(2n ** BigInt(bits - 1) + 1n, 65_537n)
    const issuing = authoritySpec(ISSUING, ISSUING_KEY, ROOT, ROOT_KEY, { raw: { publicKey } })
    const client = clientSpec({ signer: signingKey('rsa', 0) })
    expect(findingOn([writeCertificate(client), writeCertificate(issuing)])?.reason).toBe(
      'client-certificate-signature-invalid',
    )
  })

  it.each([
    ['a key that is a point off its curve', Buffer.concat([CLIENT_KEY.publicKey.subarray(0, -1), Buffer.of(0)])],
    [
      'a key that is the point at infinity',
      der(0x30, CLIENT_KEY.publicKey.subarray(2, 23), Buffer.from('03020000', 'hex')),
    ],
  ])('of issuers verify nothing: %s', (_, publicKey) => {
    const issuing = authoritySpec(ISSUING, ISSUING_KEY, ROOT, ROOT_KEY, { raw: { publicKey } })
    expect(findingOn([CLIENT_DER, writeCertificate(issuing)])?.reason).toBe('client-certificate-signature-invalid')
  })

  it.each([
    ['nothing', ''],
    ['zeros (r and s of CVE-2022-21449)', '3006020100020100'],
    ['a huge number', `308184028180${'7f'.repeat(128)}020101`],
  ])('that consist of %s verify nothing', (_, hex) => {
    const [tbs, algorithm] = readDer(CLIENT_DER).children.map(({ raw }) => raw)
    const signature = der(0x03, Buffer.of(0), Buffer.from(hex, 'hex'))
    const forged = der(0x30, tbs ?? Buffer.alloc(0), algorithm ?? Buffer.alloc(0), signature)
    expect(findingOn([forged, ISSUING_DER])?.reason).toBe('client-certificate-signature-invalid')
  })
})
