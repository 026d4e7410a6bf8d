import { sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import { mintAuthority, mintClientCertificate, type KeyType } from '../../../support/mint-certificates.ts'
import { der, derOid } from '../../../support/write-der.ts'
import { ISSUING, ROOT, mintChain, refusalOf, trustOf, verifyChain, type Chain } from '../chain-fixture.ts'
import { rebuildCertificate, resignCertificate } from '../parse/rebuild-certificate.ts'

let chain: Chain

beforeAll(async () => {
  chain = await mintChain()
})

describe('signatures and keys: refuses', () => {
  it('a chain copied name by name from a trusted one but signed with other keys', async () => {
    const fakeRoot = await mintAuthority({ subject: ROOT })
    const fakeIssuing = await mintAuthority({ subject: ISSUING, issuer: fakeRoot })
    const fake = await mintClientCertificate(fakeIssuing)
    const invalid = (at: string): object => ({ reason: 'client-certificate-signature-invalid', at })
    expect(refusalOf(verifyPresented(fake.der, [], trustOf([chain.root], [chain.issuing])))).toMatchObject(
      invalid('client certificate'),
    )
    expect(refusalOf(verifyChain(fake, chain.trust, [fakeRoot.der]))).toMatchObject(invalid('issuer certificate'))
  })

  it('a certificate changed after it was signed', () => {
    const forged = rebuildCertificate(chain.client.der, { serialNumber: Buffer.from('02017f', 'hex') })
    expect(refusalOf(verifyPresented(forged, [chain.issuing.der], chain.trust)).reason).toBe(
      'client-certificate-signature-invalid',
    )
  })

  it.each([
    ['ECDSA', 'ec' as const, '1.2.840.113549.1.1.11'],
    ['RSA', 'rsa' as const, '1.2.840.10045.4.3.2'],
    ['RSA', 'rsa' as const, '1.3.101.112'],
  ])('a signature algorithm that does not fit the %s key of the issuer', async (_, keyType, oid) => {
    const top = await mintAuthority({ keyType, keyLabel: 'top' })
    const leaf = await mintClientCertificate(top)
    const algorithm = der(0x30, derOid(oid))
    const forged = resignCertificate(leaf.der, { innerAlgorithm: algorithm, outerAlgorithm: algorithm }, (tbs) =>
      sign('sha256', tbs, top.privateKey),
    )
    expect(refusalOf(verifyPresented(forged, [], trustOf([top]))).reason).toBe('client-certificate-signature-invalid')
  })

  it('an RSASSA-PSS salt of another length than the algorithm says', async () => {
    const top = await mintAuthority({ keyType: 'rsa', keyLabel: 'top' })
    const leaf = await mintClientCertificate(top, { signaturePadding: 'pss' })
    const forged = resignCertificate(leaf.der, {}, (tbs) =>
      sign('sha256', tbs, { key: top.privateKey, padding: 6, saltLength: 20 }),
    )
    expect(refusalOf(verifyPresented(forged, [], trustOf([top]))).reason).toBe('client-certificate-signature-invalid')
  })

  it.each([
    ['SHA-1', '1.2.840.113549.1.1.5', 'sha1'],
    ['MD5', '1.2.840.113549.1.1.4', 'md5'],
    ['SHA-224', '1.2.840.113549.1.1.14', 'sha224'],
  ])('signatures with %s, though they are right', async (_, oid, digest) => {
    const top = await mintAuthority({ keyType: 'rsa', keyLabel: 'top' })
    const leaf = await mintClientCertificate(top)
    const algorithm = der(0x30, derOid(oid), der(0x05))
    const weak = resignCertificate(leaf.der, { innerAlgorithm: algorithm, outerAlgorithm: algorithm }, (tbs) =>
      sign(digest, tbs, top.privateKey),
    )
    expect(refusalOf(verifyPresented(weak, [], trustOf([top])))).toEqual({
      reason: 'client-certificate-weak-key',
      at: 'client certificate',
      found: `signature algorithm ${oid}`,
    })
  })

  it.each<[KeyType, string]>([
    ['rsa-1024', 'RSA of 1024 bits'],
    ['ec-secp256k1', 'a key of another type or curve'],
  ])('a client key of type %s', async (keyType, found) => {
    const leaf = await mintClientCertificate(chain.issuing, { keyType })
    expect(refusalOf(verifyChain(leaf, chain.trust))).toEqual({
      reason: 'client-certificate-weak-key',
      at: 'client certificate',
      found,
    })
  })

  it('a weak key of an issuer', async () => {
    const middle = await mintAuthority({ keyType: 'rsa-1024', keyLabel: 'weak', issuer: chain.root, subject: ISSUING })
    expect(refusalOf(verifyChain(await mintClientCertificate(middle), chain.trust))).toEqual({
      reason: 'client-certificate-weak-key',
      at: 'issuer certificate',
      found: 'RSA of 1024 bits, of CN=Issuing,O=Example',
    })
  })

  it('an issuer whose key is no point of its curve', () => {
    const publicKey = der(
      0x30,
      der(0x30, derOid('1.2.840.10045.2.1'), derOid('1.2.840.10045.3.1.7')),
      der(0x03, Buffer.of(0, 4), Buffer.alloc(64, 1)),
    )
    const broken = resignCertificate(chain.issuing.der, { publicKey }, (tbs) =>
      sign('sha256', tbs, chain.root.privateKey),
    )
    const verdict = verifyPresented(chain.client.der, [broken], chain.trust)
    expect(refusalOf(verdict)).toMatchObject({
      reason: 'client-certificate-signature-invalid',
      at: 'client certificate',
    })
  })
})
