import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCertificate, type CertificateSpec } from '../support/write-certificate.ts'
import { der } from '../support/write-der.ts'
import {
  authoritySpec,
  CLIENT_DER,
  clientSpec,
  findingOn,
  ISSUING,
  ISSUING_DER,
  ISSUING_KEY,
  ROOT,
  ROOT_KEY,
  verdictOn,
  verdictOnBytes,
} from './hostile-fixture.ts'

const MALFORMED = 'client-certificate-malformed'

const nested = (depth: number): Buffer => {
  let value = der(0x05)
  for (let level = 0; level < depth; level += 1) value = der(0x30, value)
  return value
}
const manyNames = (count: number, text: string): Partial<CertificateSpec> => ({
  extensions: {
    ...clientSpec().extensions,
    alternativeNames: Array.from({ length: count }, () => ({ form: 'dns', text }) as const),
  },
})
describe('the good client that all of these are made from', () => {
  it('is accepted', () => {
    expect(findingOn([CLIENT_DER, ISSUING_DER])).toBeNull()
  })
})

describe('bytes that are no certificate', () => {
  it('are refused as such, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(verdictOnBytes(Buffer.from(bytes))[0]).toBe(MALFORMED)
      }),
      { numRuns: 500 },
    )
  })

  it('are refused as such when they are a certificate cut off at any byte', () => {
    const reasons = Array.from(CLIENT_DER, (_, length) => verdictOnBytes(CLIENT_DER.subarray(0, length))[0])
    expect(new Set(reasons)).toEqual(new Set([MALFORMED]))
  })

  it('are refused as such when anything follows the certificate', () => {
    expect(verdictOnBytes(Buffer.concat([CLIENT_DER, Buffer.of(0)]))).toEqual([MALFORMED, 'not ASN.1'])
    expect(verdictOnBytes(Buffer.concat([CLIENT_DER, CLIENT_DER]))).toEqual([MALFORMED, 'not ASN.1'])
  })

  it('never pass for the certificate that they differ from in one byte', () => {
    const masks = [0x01, 0x20, 0x80, 0xff]
    const reasons = Array.from(CLIENT_DER).flatMap((byte, position) =>
      masks.map((mask) => verdictOnBytes(Buffer.from(CLIENT_DER).fill(byte ^ mask, position, position + 1))[0]),
    )
    const possible = [MALFORMED, 'client-certificate-issuer-unknown', 'client-certificate-signature-invalid']
    expect(new Set(reasons)).toEqual(new Set(possible))
  })

  it('never make an issuer either', () => {
    const reasons = Array.from(ISSUING_DER, (byte, position) => {
      const changed = Buffer.from(ISSUING_DER).fill(byte ^ 0x01, position, position + 1)
      return findingOn([CLIENT_DER, changed])?.reason
    })
    const possible = ['client-certificate-issuer-unknown', 'client-certificate-signature-invalid']
    expect(new Set(reasons)).toEqual(new Set(possible))
  })
})

describe('lengths that DER does not have (X.690 10.1)', () => {
  const body = CLIENT_DER.subarray(4)
  const header = (hex: string): Buffer => Buffer.from(hex, 'hex')
  const length = body.length.toString(16).padStart(8, '0')

  it.each([
    [
      'in three bytes where two do',
      Buffer.concat([header(`3083${length.slice(2)}`), body]),
      'length in more bytes than needed',
    ],
    ['in four bytes where two do', Buffer.concat([header(`3084${length}`), body]), 'length in more bytes than needed'],
    ['in 127 bytes', Buffer.concat([header(`30ff${length.padStart(254, '0')}`), body]), 'not ASN.1'],
    ['of 2 GiB', Buffer.concat([header('30847fffffff'), body]), 'not ASN.1'],
    ['of 4 GiB', Buffer.concat([header('3084ffffffff'), body]), 'not ASN.1'],
    ['that is indefinite', Buffer.concat([header('3080'), body, header('0000')]), 'indefinite or absurd length'],
    [
      'one less than there is',
      Buffer.concat([header(`3082${(body.length - 1).toString(16).padStart(4, '0')}`), body]),
      'not ASN.1',
    ],
  ])('are refused: %s', (_, bytes, found) => {
    expect(verdictOnBytes(bytes)).toEqual([MALFORMED, found])
  })

  it.each([
    ['indefinite inside the signed part', { subject: Buffer.from('30800000', 'hex') }, 'indefinite or absurd length'],
    ['too long inside the signed part', { subject: Buffer.from('308100', 'hex') }, 'length in more bytes than needed'],
    ['for more than the part around them', { subject: Buffer.from('30847fffffff', 'hex') }, 'not ASN.1'],
  ])('are refused: %s', (_, raw, found) => {
    expect(verdictOn({ raw })).toEqual([MALFORMED, found])
  })
})

describe('certificates of absurd size', () => {
  const padding = (bytes: number): Partial<CertificateSpec> => ({
    extraExtensions: [{ oid: '1.2.3.4', critical: false, value: der(0x04, Buffer.alloc(bytes)) }],
  })

  it.each([
    ['of 1 MiB', padding(1_048_576), 'more than 65536 bytes'],
    ['with 10,000 alternative names', manyNames(10_000, 'host.example.com'), 'more than 65536 bytes'],
    ['nested 15,000 deep', { raw: { subject: nested(15_000) } }, 'not ASN.1'],
    ['nested one deeper than allowed', { raw: { subject: nested(40) } }, 'not ASN.1'],
    [
      'with 65 attributes in the subject',
      { subject: Array.from({ length: 65 }, () => ['OU', 'x'] as const) },
      'subject has more than 64 attributes',
    ],
  ])('are refused: %s', (_, changes, found) => {
    expect(verdictOn(changes)).toEqual([MALFORMED, found])
  })

  it('are passed over where a client only offers them as issuers', () => {
    const huge = writeCertificate(authoritySpec(ISSUING, ISSUING_KEY, ROOT, ROOT_KEY, padding(1_048_576)))
    expect(findingOn([CLIENT_DER, huge])?.reason).toBe('client-certificate-issuer-unknown')
    expect(findingOn([CLIENT_DER, huge, ISSUING_DER])).toBeNull()
  })

  it('cost no more under name constraints than a limit allows', () => {
    const permitted = Array.from({ length: 10 }, () => ({ form: 'dns', text: 'a.b' }) as const)
    const constraining = authoritySpec(ISSUING, ISSUING_KEY, ROOT, ROOT_KEY, {
      extensions: { basicConstraints: { ca: true }, nameConstraints: { permitted } },
    })
    const client = writeCertificate(clientSpec(manyNames(10_000, 'a.b')))
    expect(findingOn([client, writeCertificate(constraining)])).toMatchObject({
      reason: 'client-certificate-name-not-permitted',
      found: '10001 names under 10 constraints, more than are compared',
    })
  })
})

describe('names with characters that have fooled other readers', () => {
  it.each([
    [
      'NUL in the subject',
      { subject: [['CN', 'bank.example\0.evil.example']] },
      'client-certificate-subject-invalid',
      String.raw`CN=bank.example\00.evil.example`,
    ],
    [
      'a line end in the subject',
      { subject: [['CN', 'a\r\nlevel=info']] },
      'client-certificate-subject-invalid',
      String.raw`CN=a\0D\0Alevel=info`,
    ],
    [
      'an escape sequence of terminals in the subject',
      { subject: [['CN', '\x1b[2J']] },
      'client-certificate-subject-invalid',
      String.raw`CN=\1B[2J`,
    ],
    [
      'NUL in a host name',
      manyNames(1, 'bank.example\0.evil.example'),
      MALFORMED,
      'subjectAltName holds a name that is no printable ASCII',
    ],
    [
      'a line end in a host name',
      manyNames(1, 'a\nb'),
      MALFORMED,
      'subjectAltName holds a name that is no printable ASCII',
    ],
  ] as const)('are refused: %s', (_, changes, reason, found) => {
    expect(verdictOn(changes as Partial<CertificateSpec>)).toEqual([reason, found])
  })

  it('are refused where a name is missing altogether', () => {
    expect(verdictOn({ issuer: [] })).toEqual([MALFORMED, 'issuer is empty'])
    const nameless = writeCertificate(authoritySpec([], ISSUING_KEY, ROOT, ROOT_KEY))
    expect(findingOn([writeCertificate(clientSpec({ issuer: [] })), nameless])?.reason).toBe(MALFORMED)
  })
})
