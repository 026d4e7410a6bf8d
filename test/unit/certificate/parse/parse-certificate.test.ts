import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { readQualifiedStatements } from '../../../../src/certificate/parse/read-qualified-statements.ts'
import { NO_STATEMENTS } from '../../../../src/model/qualified-statements.ts'
import {
  CLIENT_AUTH,
  SERVER_AUTH,
  brazilianSubject,
  mintAuthority,
  mintClientCertificate,
  mintSelfSigned,
  type KeyType,
  type MintedAuthority,
  type MintedCertificate,
} from '../../../support/mint-certificates.ts'
import { distinguishedName, encodeName } from '../../../support/mint-subject.ts'
import { der, derInteger, derNamedBits, derOid } from '../../../support/write-der.ts'
import { BRITISH_STATEMENTS, qualifiedExtension } from '../../../support/write-qualified-statements.ts'
import { extensionList, rebuildCertificate, takeApart } from './rebuild-certificate.ts'

const BRAZILIAN = brazilianSubject({
  softwareId: '3c5d6b1e',
  organisationId: '7e1b2a90',
  organisationName: 'Banco "Ipê", S.A.',
})

let authority: MintedAuthority
let client: MintedCertificate

beforeAll(async () => {
  authority = await mintAuthority({ keyType: 'rsa', pathLength: 3 })
  client = await mintClientCertificate(authority, {
    subject: BRAZILIAN,
    keyType: 'rsa',
    serialNumber: '00b1',
    notBefore: new Date('2026-01-02T03:04:05Z'),
    notAfter: new Date('2051-01-02T03:04:05Z'),
    extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
    policies: ['1.3.6.1.4.1.56623.112.1.2', '2.5.29.32.0'],
    subjectAltNames: {
      dns: ['a.example.com', '*.b.example.com'],
      uri: ['https://c.example.com/'],
      ip: ['192.0.2.1', '2001:db8:0:0:0:0:0:1'],
      email: ['d@example.com'],
    },
    extraExtensions: [qualifiedExtension(BRITISH_STATEMENTS)],
  })
})

describe('parseCertificate', () => {
  it('reads every fact of a client certificate', () => {
    const { facts } = parseCertificate(client.der)
    expect(facts).toEqual({
      subject: distinguishedName(BRAZILIAN),
      issuer: distinguishedName(authority.subject),
      serialNumber: 'b1',
      notBefore: new Date('2026-01-02T03:04:05Z'),
      notAfter: new Date('2051-01-02T03:04:05Z'),
      subjectAltNames: {
        dns: ['a.example.com', '*.b.example.com'],
        uri: ['https://c.example.com/'],
        ip: ['192.0.2.1', '2001:db8::1'],
        email: ['d@example.com'],
        otherName: [],
        directoryName: [],
      },
      organizationIdentifier: { scheme: 'OFB', country: 'BR', authority: null, number: '7e1b2a90' },
      qualified: readQualifiedStatements(BRITISH_STATEMENTS),
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
      policies: ['1.3.6.1.4.1.56623.112.1.2', '2.5.29.32.0'],
      publicKey: { type: 'rsa', bits: 2048 },
      thumbprint: Buffer.from(new X509Certificate(client.der).fingerprint256.replaceAll(':', ''), 'hex').toString(
        'base64url',
      ),
    })
  })

  it('reads what path validation needs of an authority', () => {
    const parsed = parseCertificate(authority.der)
    const parts = takeApart(authority.der)
    expect(parsed).toMatchObject({ basicConstraints: { ca: true, pathLength: 3 }, authorityKeyId: null })
    expect(parsed.subjectKeyId).toMatch(/^[0-9a-f]{40}$/)
    expect(parseCertificate(client.der).authorityKeyId).toBe(parsed.subjectKeyId)
    expect(parsed.subjectNameDer).toEqual(encodeName(authority.subject))
    expect(parsed.issuerNameDer).toEqual(encodeName(authority.subject))
    expect(parsed.publicKeyDer).toEqual(parts.publicKey)
    expect(parsed.facts.keyUsage).toEqual(['keyCertSign', 'cRLSign'])
    expect(parsed.extensions.get('2.5.29.19')).toMatchObject({ critical: true })
    expect(parsed.extensions.get('2.5.29.14')).toMatchObject({ critical: false })
    expect(parseCertificate(client.der).basicConstraints).toEqual({ ca: false, pathLength: null })
  })

  it('gives nothing, rather than something, for extensions that are absent', async () => {
    const bare = await mintSelfSigned({ basicConstraints: null, keyUsage: null, extendedKeyUsage: null })
    const { facts, basicConstraints } = parseCertificate(bare.der)
    expect(basicConstraints).toBeNull()
    expect(facts).toMatchObject({ keyUsage: null, extendedKeyUsage: null, policies: [] })
    expect(facts).toMatchObject({ organizationIdentifier: null, qualified: NO_STATEMENTS })
    expect(facts.subjectAltNames).toEqual({ dns: [], uri: [], ip: [], email: [], otherName: [], directoryName: [] })
  })

  it('reads a certificate without any extension', () => {
    const parsed = parseCertificate(rebuildCertificate(client.der, { extensions: Buffer.alloc(0) }))
    expect(parsed.extensions.size).toBe(0)
    expect(parsed.subjectKeyId).toBeNull()
  })

  it.each<[KeyType, object]>([
    ['rsa-1024', { type: 'rsa', bits: 1024 }],
    ['rsa-3072', { type: 'rsa', bits: 3072 }],
    ['rsa-pss', { type: 'rsa-pss', bits: 2048 }],
    ['ec', { type: 'ec', bits: 256, curve: 'prime256v1' }],
    ['ec-p384', { type: 'ec', bits: 384, curve: 'secp384r1' }],
    ['ec-p521', { type: 'ec', bits: 521, curve: 'secp521r1' }],
    ['ec-secp256k1', { type: 'other', bits: 0 }],
    ['ed25519', { type: 'ed25519', bits: 256 }],
  ])('knows a key of type %s', async (keyType, expected) => {
    const minted = await mintClientCertificate(authority, { keyType })
    expect(parseCertificate(minted.der).facts.publicKey).toEqual(expected)
  })

  it('does not name curves whose parameters are written out (CVE-2020-0601)', async () => {
    const minted = await mintClientCertificate(authority)
    const publicKey = der(
      0x30,
      der(0x30, derOid('1.2.840.10045.2.1'), der(0x30, derInteger(1))),
      der(0x03, Buffer.of(0, 4)),
    )
    expect(parseCertificate(rebuildCertificate(minted.der, { publicKey })).facts.publicKey).toEqual({
      type: 'other',
      bits: 0,
    })
  })

  it.each([
    ['SHA-256' as const, 'pkcs1' as const, { digest: 'sha256', saltLength: null }],
    ['SHA-384' as const, 'pkcs1' as const, { digest: 'sha384', saltLength: null }],
    ['SHA-512' as const, 'pkcs1' as const, { digest: 'sha512', saltLength: null }],
    ['SHA-256' as const, 'pss' as const, { digest: 'sha256', saltLength: 32 }],
    ['SHA-512' as const, 'pss' as const, { digest: 'sha512', saltLength: 32 }],
  ])('knows the signature algorithm RSA %s %s', async (signatureHash, signaturePadding, scheme) => {
    const minted = await mintClientCertificate(authority, { signatureHash, signaturePadding })
    expect(parseCertificate(minted.der).signatureAlgorithm.scheme).toMatchObject(scheme)
  })

  it.each(['pkcs1', 'pss'] as const)('has no use for signatures with SHA-1 (%s)', async (signaturePadding) => {
    const minted = await mintClientCertificate(authority, { signatureHash: 'SHA-1', signaturePadding })
    expect(parseCertificate(minted.der).signatureAlgorithm.scheme).toBeNull()
  })

  it('tells negative and zero serial numbers', () => {
    const serialOf = (value: number): string =>
      parseCertificate(rebuildCertificate(client.der, { serialNumber: derInteger(value) })).facts.serialNumber
    expect([serialOf(-1), serialOf(0), serialOf(128)]).toEqual(['-1', '0', '80'])
  })

  it('takes `critical` written out as false, which certificates in use have', () => {
    const usage = der(0x30, derOid('2.5.29.15'), Buffer.from('010100', 'hex'), der(0x04, derNamedBits([0])))
    const parsed = parseCertificate(rebuildCertificate(client.der, { extensions: extensionList(usage) }))
    expect(parsed.extensions.get('2.5.29.15')?.critical).toBe(false)
    expect(parsed.facts.keyUsage).toEqual(['digitalSignature'])
  })

  it('passes over unique identifiers', () => {
    const { extensions } = takeApart(client.der)
    const identifiers = [der(0x81, Buffer.of(0, 1)), der(0x82, Buffer.of(0, 2))]
    expect(
      parseCertificate(rebuildCertificate(client.der, { extensions: Buffer.concat([...identifiers, extensions]) }))
        .extensions.size,
    ).toBeGreaterThan(3)
  })

  it('has no key identifier of the authority where that is named by issuer and serial number', () => {
    const identifier = der(0x30, derOid('2.5.29.35'), der(0x04, der(0x30, der(0x82, Buffer.of(1)))))
    expect(
      parseCertificate(rebuildCertificate(client.der, { extensions: extensionList(identifier) })).authorityKeyId,
    ).toBeNull()
  })
})
