import fc from 'fast-check'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { readDer } from '../../../../src/asn1/read-der.ts'
import { CertificateSyntaxError, parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { mintSelfSigned, type MintedCertificate } from '../../../support/mint-certificates.ts'
import { der, derInteger, derNamedBits, derOid } from '../../../support/write-der.ts'
import { extensionList, rebuildCertificate } from './rebuild-certificate.ts'

let client: MintedCertificate

beforeAll(async () => {
  client = await mintSelfSigned({
    keyType: 'rsa',
    subjectAltNames: { dns: ['a.example.com'], ip: ['::1'] },
    policies: ['1.2.3'],
  })
})

const extension = (oid: string, value: Buffer): Buffer => extensionList(der(0x30, derOid(oid), der(0x04, value)))
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text))
const algorithm = (oid: string, ...parameters: Buffer[]): Buffer => der(0x30, derOid(oid), ...parameters)
const spki = (identifier: Buffer, key: Buffer): Buffer => der(0x30, identifier, der(0x03, Buffer.of(0), key))
const rsaKey = (modulus: bigint, exponent: bigint): Buffer =>
  spki(algorithm('1.2.840.113549.1.1.1', der(0x05)), der(0x30, derInteger(modulus), derInteger(exponent)))
const SHA_256 = algorithm('1.2.840.113549.1.1.11', der(0x05))
const MODULUS = 2n ** 2047n + 1n

/** The algorithm of the signature has to be the same inside and outside the signed part. */
const both = (identifier: Buffer): { innerAlgorithm: Buffer; outerAlgorithm: Buffer } => ({
  innerAlgorithm: identifier,
  outerAlgorithm: identifier,
})

describe('parseCertificate refuses', () => {
  it.each([
    ['version 1 (no version field)', { version: Buffer.alloc(0) }, 'not version 3'],
    ['version 1 written out', { version: der(0xa0, derInteger(0)) }, 'not version 3'],
    ['version 2', { version: der(0xa0, derInteger(1)) }, 'not version 3'],
    ['version 4', { version: der(0xa0, derInteger(3)) }, 'not version 3'],
    ['a negative version', { version: der(0xa0, derInteger(-1)) }, 'version is negative'],
    ['an empty version', { version: der(0xa0) }, 'version is missing'],
    ['a serial number of 22 bytes', { serialNumber: derInteger(2n ** 170n) }, 'serialNumber is too long'],
    ['no serial number', { serialNumber: Buffer.alloc(0) }, 'serialNumber has the wrong type'],
    ['an empty issuer (RFC 5280 4.1.2.4)', { issuer: der(0x30) }, 'issuer is empty'],
    ['one date', { validity: der(0x30, utcTime('260101000000Z')) }, 'notAfter is no time'],
    [
      'three dates',
      { validity: der(0x30, ...Array<Buffer>(3).fill(utcTime('260101000000Z'))) },
      'validity has unexpected fields',
    ],
    [
      'an algorithm outside that is not the signed one (RFC 5280 4.1.1.2)',
      { outerAlgorithm: algorithm('1.2.840.113549.1.1.12', der(0x05)) },
      'differ',
    ],
    [
      'the same algorithm with other parameters outside',
      { outerAlgorithm: algorithm('1.2.840.113549.1.1.11') },
      'differ',
    ],
    [
      'parameters for an algorithm that has none',
      both(algorithm('1.2.840.113549.1.1.11', derInteger(1))),
      'has parameters',
    ],
    [
      'an algorithm with two parameters',
      both(algorithm('1.2.840.113549.1.1.11', der(0x05), der(0x05))),
      'unexpected fields',
    ],
    [
      'a signature that is no whole bytes',
      { signature: Buffer.from('030201fe', 'hex') },
      'signature holds no whole bytes',
    ],
    [
      'the same extension twice (RFC 5280 4.2)',
      { extensions: extensionList(...Array<Buffer>(2).fill(der(0x30, derOid('1.2.3'), der(0x04)))) },
      'extension 1.2.3 occurs twice',
    ],
    ['an empty list of extensions', { extensions: extensionList() }, 'extensions is empty'],
    ['two lists of extensions', { extensions: der(0xa3, der(0x30), der(0x30)) }, 'more than one list'],
    [
      'an extension without a value',
      { extensions: extensionList(der(0x30, derOid('1.2.3'))) },
      'value of extension is missing',
    ],
    [
      'an extension with two values',
      { extensions: extensionList(der(0x30, derOid('1.2.3'), der(0x04), der(0x04))) },
      'unexpected fields',
    ],
    [
      'fields after the extensions',
      { extensions: Buffer.concat([extension('1.2.3', der(0x05)), derInteger(1)]) },
      'unexpected fields',
    ],
    [
      'basic constraints with a negative path length',
      { extensions: extension('2.5.29.19', der(0x30, Buffer.from('0101ff', 'hex'), derInteger(-1))) },
      'negative',
    ],
    [
      'basic constraints with more fields',
      { extensions: extension('2.5.29.19', der(0x30, derInteger(1), derInteger(1))) },
      'basicConstraints has unexpected fields',
    ],
    [
      'basic constraints with bytes after them',
      { extensions: extension('2.5.29.19', Buffer.concat([der(0x30), der(0x30)])) },
      'not ASN.1',
    ],
    [
      'a key usage bit that does not exist',
      { extensions: extension('2.5.29.15', derNamedBits([9])) },
      'keyUsage has no bit 9',
    ],
    ['an empty extended key usage', { extensions: extension('2.5.29.37', der(0x30)) }, 'extendedKeyUsage is empty'],
    [
      'an extended key usage that is no OID',
      { extensions: extension('2.5.29.37', der(0x30, derInteger(1))) },
      'extendedKeyUsage has the wrong type',
    ],
    ['empty certificate policies', { extensions: extension('2.5.29.32', der(0x30)) }, 'certificatePolicies is empty'],
    [
      'a certificate policy without identifier',
      { extensions: extension('2.5.29.32', der(0x30, der(0x30))) },
      'certificatePolicies is missing',
    ],
    [
      'a subject key identifier of another type',
      { extensions: extension('2.5.29.14', derInteger(1)) },
      'subjectKeyIdentifier has the wrong type',
    ],
    [
      'an authority key identifier of another type',
      { extensions: extension('2.5.29.35', derInteger(1)) },
      'authorityKeyIdentifier has the wrong type',
    ],
    ['empty alternative names', { extensions: extension('2.5.29.17', der(0x30)) }, 'subjectAltName is empty'],
    [
      'alternative names that are none',
      { extensions: extension('2.5.29.17', der(0x30, derInteger(1))) },
      'no general names',
    ],
    [
      'a host name with NUL (bank.com NUL .evil.com)',
      { extensions: extension('2.5.29.17', der(0x30, der(0x82, Buffer.from('bank.com\0.evil.com')))) },
      'printable ASCII',
    ],
    ['an empty host name', { extensions: extension('2.5.29.17', der(0x30, der(0x82))) }, 'printable ASCII'],
    [
      'a URI beyond ASCII',
      { extensions: extension('2.5.29.17', der(0x30, der(0x86, Buffer.from('https://ã')))) },
      'printable ASCII',
    ],
    [
      'a host name put together from parts',
      { extensions: extension('2.5.29.17', der(0x30, der(0xa2, der(0x16, Buffer.from('a'))))) },
      'printable ASCII',
    ],
    [
      'an address of five bytes',
      { extensions: extension('2.5.29.17', der(0x30, der(0x87, Buffer.alloc(5)))) },
      'neither IPv4 nor IPv6',
    ],
    [
      'another name with NUL',
      {
        extensions: extension(
          '2.5.29.17',
          der(0x30, der(0xa0, derOid('1.2.3'), der(0xa0, der(0x0c, Buffer.from('a\0b'))))),
        ),
      },
      'otherName holds control or formatting characters',
    ],
    [
      'qualified statements that are malformed, which a rule could take for none (ETSI EN 319 412-5)',
      { extensions: extension('1.3.6.1.5.5.7.1.3', der(0x30, derOid('0.4.0.1862.1.1'))) },
      'qcStatement has the wrong type',
    ],
    ['an RSA key with exponent 1, with which everybody can sign', { publicKey: rsaKey(MODULUS, 1n) }, 'no RSA key'],
    ['an RSA key with an even exponent', { publicKey: rsaKey(MODULUS, 2n) }, 'no RSA key'],
    ['an RSA key with a negative exponent', { publicKey: rsaKey(MODULUS, -3n) }, 'no RSA key'],
    ['an RSA key with a negative modulus', { publicKey: rsaKey(-MODULUS, 3n) }, 'no RSA key'],
    [
      'an RSA key without an exponent',
      { publicKey: spki(algorithm('1.2.840.113549.1.1.1'), der(0x30, derInteger(MODULUS))) },
      'exponent is missing',
    ],
    [
      'an RSA key with a third number',
      { publicKey: spki(algorithm('1.2.840.113549.1.1.1'), der(0x30, derInteger(5), derInteger(3), derInteger(3))) },
      'unexpected fields',
    ],
    [
      'a public key with fields after it',
      { publicKey: der(0x30, SHA_256, der(0x03, Buffer.of(0)), der(0x05)) },
      'subjectPublicKeyInfo has unexpected fields',
    ],
    [
      'a public key algorithm with fields after it',
      { publicKey: spki(der(0x30, derOid('1.2.3'), der(0x05), der(0x05)), Buffer.of(0)) },
      'unexpected fields',
    ],
  ])('%s', (_, changes, message) => {
    const bytes = rebuildCertificate(client.der, changes)
    expect(() => parseCertificate(bytes)).toThrow(CertificateSyntaxError)
    expect(() => parseCertificate(bytes)).toThrow(message)
  })

  it('a fourth part of the whole', () => {
    const whole = readDer(client.der).children.map(({ raw }) => raw)
    expect(parseCertificate(der(0x30, ...whole)).der).toEqual(client.der)
    expect(() => parseCertificate(der(0x30, ...whole, derInteger(1)))).toThrow('certificate has unexpected fields')
  })

  test('any other bytes with the one error it has, never with another', () => {
    const attempt = (bytes: Buffer): void => {
      try {
        parseCertificate(bytes)
      } catch (failure) {
        if (!(failure instanceof CertificateSyntaxError)) throw failure
      }
    }
    const position = fc.nat({ max: client.der.length - 1 })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => attempt(Buffer.from(bytes))))
    fc.assert(
      fc.property(position, (length) => {
        expect(() => parseCertificate(client.der.subarray(0, length))).toThrow(CertificateSyntaxError)
      }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = Buffer.from(client.der)
          for (const [index, value] of changes) bytes[index] = value
          attempt(bytes)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
