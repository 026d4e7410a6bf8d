import { beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { mintSelfSigned, type MintedCertificate } from '../../../support/mint-certificates.ts'
import { der, derInteger, derOid } from '../../../support/write-der.ts'
import { rebuildCertificate } from './rebuild-certificate.ts'

let client: MintedCertificate

beforeAll(async () => {
  client = await mintSelfSigned({ keyType: 'rsa' })
})

const algorithm = (oid: string, ...parameters: Buffer[]): Buffer => der(0x30, derOid(oid), ...parameters)

/** The algorithm of the signature has to be the same inside and outside the signed part. */
const both = (identifier: Buffer): { innerAlgorithm: Buffer; outerAlgorithm: Buffer } => ({
  innerAlgorithm: identifier,
  outerAlgorithm: identifier,
})

describe('RSASSA-PSS parameters (RFC 4055 3.1)', () => {
  const SHA1 = '1.3.14.3.2.26'
  const SHA256 = '2.16.840.1.101.3.4.2.1'
  const SHA384 = '2.16.840.1.101.3.4.2.2'
  const hash = (oid: string): Buffer => der(0xa0, algorithm(oid, der(0x05)))
  const mask = (oid: string, generator = '1.2.840.113549.1.1.8'): Buffer =>
    der(0xa1, algorithm(generator, algorithm(oid, der(0x05))))
  const salt = (length: number): Buffer => der(0xa2, derInteger(length))
  const schemeOf = (...parameters: Buffer[]): unknown =>
    parseCertificate(rebuildCertificate(client.der, both(algorithm('1.2.840.113549.1.1.10', ...parameters))))
      .signatureAlgorithm.scheme

  it('gives digest and salt length', () => {
    expect(schemeOf(der(0x30, hash(SHA384), mask(SHA384), salt(48)))).toMatchObject({
      digest: 'sha384',
      saltLength: 48,
    })
    expect(schemeOf(der(0x30, hash(SHA256), mask(SHA256)))).toMatchObject({ digest: 'sha256', saltLength: 20 })
  })

  it.each([
    ['no parameters, which means SHA-1', []],
    ['empty parameters, which mean SHA-1', [der(0x30)]],
    ['SHA-1', [der(0x30, hash(SHA1), mask(SHA1), salt(20))]],
    ['a mask with SHA-1 by default', [der(0x30, hash(SHA256), salt(32))]],
    ['a mask with another digest', [der(0x30, hash(SHA256), mask(SHA384), salt(32))]],
    ['a mask that is not MGF1', [der(0x30, hash(SHA256), mask(SHA256, '1.2.3'), salt(32))]],
    ['a mask without a digest', [der(0x30, hash(SHA256), der(0xa1, algorithm('1.2.840.113549.1.1.8')), salt(32))]],
    ['another trailer', [der(0x30, hash(SHA256), mask(SHA256), salt(32), der(0xa3, derInteger(2)))]],
  ])('has no use for %s', (_, parameters) => {
    expect(schemeOf(...parameters)).toBeNull()
  })

  it('refuses a negative salt length and fields it does not know', () => {
    expect(() => schemeOf(der(0x30, hash(SHA256), mask(SHA256), salt(-1)))).toThrow('saltLength is negative')
    expect(() => schemeOf(der(0x30, hash(SHA256), mask(SHA256), derInteger(1)))).toThrow('unexpected fields')
    expect(() => schemeOf(der(0x30, der(0xa0, algorithm(SHA256, der(0x05), der(0x05))), mask(SHA256)))).toThrow(
      'unexpected fields',
    )
  })
})
