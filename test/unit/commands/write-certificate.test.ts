import { describe, expect, it } from 'vitest'
import { cut, describeKey, writeCertificate } from '../../../src/commands/write-certificate.ts'
import {
  BRITISH_STATEMENTS,
  qcStatement,
  qcStatements,
  qcTypes,
  qualifiedExtension,
} from '../../support/write-qualified-statements.ts'
import { mintClient, NOW, parsed, sha256Of, thumbprintOf } from '../certificate/explain-fixture.ts'

describe('what a certificate says', () => {
  it('is written one fact a line', async () => {
    const minted = await mintClient({
      subject: [
        ['C', 'GB'],
        ['organizationIdentifier', 'PSDGB-FCA-123456'],
        ['CN', 'client.example'],
      ],
      subjectAltNames: { dns: ['a.example', 'b.example'], uri: ['urn:a'], ip: ['192.0.2.1'], email: ['a@b.example'] },
      policies: ['1.2.3'],
      ocspUrls: ['http://ocsp.example/'],
      extraExtensions: [qualifiedExtension(BRITISH_STATEMENTS)],
    })
    expect(writeCertificate(parsed(minted), NOW)).toEqual([
      'subject: CN=client.example,2.5.4.97=#0c1050534447422d4643412d313233343536,C=GB',
      'issuer: CN=Issuing',
      'serial number: 1234',
      'valid from 2026-01-01T00:00:00Z',
      'valid until 2027-01-01T00:00:00Z, 350 days left',
      'key: EC prime256v1, 256 bits',
      'key usage: digitalSignature',
      'extended key usage: clientAuth (1.3.6.1.5.5.7.3.2)',
      'DNS name: a.example',
      'DNS name: b.example',
      'URI: urn:a',
      'IP address: 192.0.2.1',
      'mail address: a@b.example',
      'certificate policy: 1.2.3',
      'organization identifier: scheme PSD, country GB, authority FCA, number 123456',
      'qualified type: web',
      'PSD2 role: PSP_AI (0.4.0.19495.1.3)',
      'PSD2 role: PSP_PI (0.4.0.19495.1.2)',
      'PSD2 authority: GB-FCA, Financial Conduct Authority',
      'OCSP responder: http://ocsp.example/',
      `SHA-256: ${sha256Of(minted)}`,
      `x5t#S256: ${thumbprintOf(minted)}`,
    ])
  })

  it('has of qualified certificates the law and the device as well', async () => {
    const statements = qcStatements(
      qcStatement('0.4.0.1862.1.1'),
      qcStatement('0.4.0.1862.1.4'),
      qcTypes('0.4.0.1862.1.6.2'),
    )
    const lines = writeCertificate(parsed(await mintClient({ extraExtensions: [qualifiedExtension(statements)] })), NOW)
    expect(lines.slice(8, 11)).toEqual([
      'qualified under the law of the European Union',
      'qualified type: eseal',
      'its private key is in a qualified device',
    ])
  })

  it('says that there is none of what is missing, and names no purpose that it does not know', async () => {
    const bare = await mintClient({ subject: [], keyUsage: null, extendedKeyUsage: null })
    expect(writeCertificate(parsed(bare), NOW).slice(0, 8)).toMatchObject({
      0: 'subject: none',
      6: 'key usage: none',
      7: 'extended key usage: none',
    })
    const odd = await mintClient({ extendedKeyUsage: ['1.2.3.4', '2.5.29.37.0'] })
    expect(writeCertificate(parsed(odd), NOW)[7]).toBe('extended key usage: 1.2.3.4, anyExtendedKeyUsage (2.5.29.37.0)')
  })

  it('is bounded, whatever the certificate holds', async () => {
    const dns = Array.from({ length: 500 }, (_, index) => `${'a'.repeat(60)}${index}.example`)
    const subject = Array.from({ length: 60 }, (_, index) => ['OU', `${'b'.repeat(60)}${index}`] as const)
    const lines = writeCertificate(parsed(await mintClient({ subject, subjectAltNames: { dns } })), NOW)
    expect(lines).toHaveLength(8 + 21 + 2)
    expect(lines[28]).toBe('DNS name: and 480 more')
    expect(Math.max(...lines.map(({ length }) => length))).toBe('subject: '.length + 1000)
  })

  it.each([
    [{ type: 'rsa', bits: 2048 } as const, 'RSA, 2048 bits'],
    [{ type: 'rsa-pss', bits: 4096 } as const, 'RSA-PSS, 4096 bits'],
    [{ type: 'ec', bits: 384, curve: 'secp384r1' } as const, 'EC secp384r1, 384 bits'],
    [{ type: 'ed25519', bits: 256 } as const, 'Ed25519, 256 bits'],
    [{ type: 'other', bits: 0 } as const, 'of a type that is not accepted'],
  ])('has the key in words: %j', (key, text) => {
    expect(describeKey(key)).toBe(text)
  })

  it('is never cut in the middle of a character', () => {
    expect(cut('😀'.repeat(3), 2)).toBe('😀…')
    expect(cut('😀😀', 2)).toBe('😀😀')
  })
})
