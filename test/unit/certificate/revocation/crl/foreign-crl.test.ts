import 'reflect-metadata' // the certificate library throws without it
import { execFileSync } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { CertificateRevocationList } from 'pkijs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import { verifySignature } from '../../../../../src/certificate/path/verify-signature.ts'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintAuthority, mintClientCertificate, type MintedAuthority } from '../../../../support/mint-certificates.ts'
import { mintCrl } from '../../../../support/mint-crl.ts'
import { generalName, pointName } from '../../../../support/mint-extensions.ts'
import { importForSigning } from '../../../../support/mint-keys.ts'
import { der } from '../../../../support/write-der.ts'

let folder: string
let authority: MintedAuthority

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-crl-'))
  authority = await mintAuthority({ keyType: 'rsa', keyLabel: 'foreign' })
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const inFolder = (name: string): string => join(folder, name)
const openssl = (...words: readonly string[]): string =>
  execFileSync('openssl', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

describe('lists of other makers', () => {
  it('are read: `openssl ca -gencrl`', async () => {
    const client = await mintClientCertificate(authority, { serialNumber: '0badcafe' })
    writeFileSync(inFolder('ca.pem'), authority.pem)
    writeFileSync(inFolder('ca.key'), authority.privateKeyPem)
    writeFileSync(inFolder('client.pem'), client.pem)
    writeFileSync(inFolder('index.txt'), '')
    writeFileSync(inFolder('number'), '1000\n')
    writeFileSync(
      inFolder('ca.cnf'),
      '[ca]\ndefault_ca = here\n[here]\ndatabase = index.txt\ncrlnumber = number\ndefault_md = sha256\ncrl_extensions = crl\n[crl]\nauthorityKeyIdentifier = keyid\n',
    )
    const options = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key']
    openssl('ca', ...options, '-revoke', 'client.pem', '-crl_reason', 'superseded')
    openssl('ca', ...options, '-gencrl', '-crldays', '7', '-out', 'crl.pem')
    openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der')

    const crl = parseCrl(readFileSync(inFolder('crl.der')))
    const issuer = parseCertificate(authority.der)
    expect(crl).toMatchObject({
      crlNumber: 0x1000n,
      issuerKey: issuer.subjectKey,
      authorityKeyId: issuer.subjectKeyId,
      notUnderstood: null,
    })
    expect(verifySignature(crl, issuer)).toBe(true)
    expect(crl.entries.find('badcafe', crl.issuerKey)).toMatchObject({ reason: 'superseded' })
    expect(crl.entries.find('badcaff', crl.issuerKey)).toBeNull()
  })

  it('are read: @peculiar/x509', async () => {
    const dates = { thisUpdate: new Date('2026-01-01T00:00:00Z'), nextUpdate: new Date('2026-01-08T00:00:00Z') }
    const list = await x509.X509CrlGenerator.create(
      {
        issuer: new x509.X509Certificate(authority.der).subjectName,
        ...dates,
        entries: [{ serialNumber: '0102', revocationDate: dates.thisUpdate, reason: x509.X509CrlReason.keyCompromise }],
        signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        signingKey: await importForSigning(authority.privateKey, { hash: 'SHA-256', padding: 'pkcs1' }),
      },
      webcrypto,
    )
    const crl = parseCrl(Buffer.from(list.rawData))
    expect(crl).toMatchObject(dates)
    expect(verifySignature(crl, parseCertificate(authority.der))).toBe(true)
    expect(crl.entries.find('102', crl.issuerKey)).toEqual({ revokedAt: dates.thisUpdate, reason: 'keyCompromise' })
  })

  it('hold what ours hold: OpenSSL and pkijs read the lists that the tests mint', async () => {
    const ec = await mintAuthority()
    const bytes = mintCrl(ec, {
      number: 5,
      scope: [pointName(generalName.uri('http://crl.example.com/1')), der(0x81, Buffer.of(0xff))],
      entries: [{ serialNumber: 0xabcdef, reason: 1 }],
    })
    writeFileSync(inFolder('minted.der'), bytes)
    writeFileSync(inFolder('ec.pem'), ec.pem)
    const text = openssl('crl', '-inform', 'DER', '-in', 'minted.der', '-noout', '-text', '-CAfile', 'ec.pem')
    expect(text).toMatch(/Only User Certificates[^]*Serial Number: ABCDEF[^]*Key Compromise/)
    const other = CertificateRevocationList.fromBER(new Uint8Array(bytes))
    const [entry, ...others] = other.revokedCertificates ?? []
    expect(others).toEqual([])
    expect(Buffer.from(entry?.userCertificate.valueBlock.valueHexView ?? []).toString('hex')).toBe('00abcdef')
  })
})
