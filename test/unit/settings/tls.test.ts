import { execFileSync } from 'node:child_process'
import { createSecureContext } from 'node:tls'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  mintAuthority,
  mintServerCertificate,
  type KeyType,
  type MintedCertificate,
} from '../../support/mint-certificates.ts'
import { NAMES, SettingsFolder, SOUND, VALID } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const tls = SOUND.tls
const PASSWORD = { PASSWORD: 'hunter2' }
const DATES = 'a certificate valid on 2026-03-01T12:00:00.000Z'

async function mint(
  name: string,
  options: Parameters<typeof mintServerCertificate>[1] = {},
): Promise<MintedCertificate> {
  const minted = await mintServerCertificate(files.authority, { ...VALID, dnsNames: NAMES, ...options })
  await files.write(`${name}.pem`, minted.pem)
  await files.write(`${name}.key`, minted.privateKeyPem)
  return minted
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: files.folder, stdio: 'pipe' })
}

describe('tls, from PEM files', () => {
  it('gives certificate and key, and the defaults', async () => {
    const { settings } = await files.load()
    expect(settings?.tls).toMatchObject({
      minVersion: 'TLSv1.2',
      cipherSuites: null,
      identity: { kind: 'pem', passphrase: null },
    })
    const { identity } = settings?.tls ?? {}
    expect(identity?.kind === 'pem' && identity.certificate).toMatch(/^-----BEGIN CERTIFICATE/)
    expect(identity?.kind === 'pem' && identity.privateKey.reveal()).toMatch(/^-----BEGIN PRIVATE KEY/)
  })

  it('opens an encrypted key, and keeps it and its passphrase secret', async () => {
    await mint('plain')
    openssl('pkcs8', '-topk8', '-in', 'plain.key', '-out', 'locked.key', '-passout', 'pass:hunter2')
    const section = {
      certificateFile: 'plain.pem',
      privateKeyFile: 'locked.key',
      privateKeyPassphrase: { env: 'PASSWORD' },
    }
    const { settings } = await files.load({ tls: section }, PASSWORD)
    const identity = settings?.tls.identity
    expect(identity?.passphrase?.reveal()).toBe('hunter2')
    expect(JSON.stringify(settings)).not.toMatch(/hunter2|PRIVATE KEY/)
    const { privateKeyPassphrase, ...without } = section
    expect(privateKeyPassphrase).toBeDefined()
    expect(await files.faults({ tls: without })).toEqual([
      'tls.privateKeyPassphrase: a passphrase, since the private key is encrypted / nothing',
    ])
    expect(await files.faults({ tls: section })).toEqual([
      'tls.privateKeyPassphrase.env: a variable that is set / PASSWORD, which is not',
    ])
    expect(await files.faults({ tls: section }, { PASSWORD: 'wrong' })).toEqual([
      'tls.privateKeyPassphrase: the passphrase of the private key / one that does not open it',
    ])
  })

  it('refuses files that are missing, or hold something else', async () => {
    expect(await files.faults({ tls: { certificateFile: 'none.pem', privateKeyFile: 'none.key' } })).toEqual([
      'tls.certificateFile: a file / nothing at none.pem',
      'tls.privateKeyFile: a file / nothing at none.key',
    ])
    expect(await files.faults({ tls: { ...tls, privateKeyFile: 'none.key' } })).toEqual([
      'tls.privateKeyFile: a file / nothing at none.key',
    ])
    expect(await files.faults({ tls: { certificateFile: 'server.key', privateKeyFile: 'server.pem' } })).toEqual([
      'tls.certificateFile: PEM certificates / none, or one that cannot be read',
      'tls.privateKeyFile: a PEM private key / none that can be read',
    ])
  })

  it('refuses the key of another certificate, and says when only the order is wrong', async () => {
    await mint('other')
    expect(await files.faults({ tls: { ...tls, privateKeyFile: 'other.key' } })).toEqual([
      'tls.privateKeyFile: the key of the first certificate / another key',
    ])
    const minted = await mint('turned')
    await files.write('turned.pem', files.authority.pem + minted.pem)
    expect(await files.faults({ tls: { certificateFile: 'turned.pem', privateKeyFile: 'turned.key' } })).toEqual([
      'tls.privateKeyFile: the key of the first certificate / another key / put the certificate of the key first in its file',
    ])
  })

  it.each([
    ['expired', '2025-01-01T00:00:00.000Z', '2026-03-01T11:59:59.000Z'],
    ['not valid yet', '2026-03-01T12:00:01.000Z', '2027-01-01T00:00:00.000Z'],
  ])('refuses a certificate that is %s, with its dates', async (_, from, to) => {
    await mint('dated', { notBefore: new Date(from), notAfter: new Date(to) })
    expect(await files.faults({ tls: { certificateFile: 'dated.pem', privateKeyFile: 'dated.key' } })).toEqual([
      `tls.certificateFile: ${DATES} / one valid from ${from} to ${to}`,
    ])
  })

  it('takes a certificate on the very first and the very last second of its life', async () => {
    const now = new Date('2026-03-01T12:00:00Z')
    await mint('instant', { notBefore: now, notAfter: now })
    expect(await files.faults({ tls: { certificateFile: 'instant.pem', privateKeyFile: 'instant.key' } })).toEqual([])
  })

  it.each<KeyType>(['rsa', 'ec'])('refuses certificates that an %s key signed with SHA-1', async (keyType) => {
    const wanted = 'tls.certificateFile: certificates signed with SHA-256 or better'
    const root = await mintAuthority({ ...VALID, keyType })
    const old = await mintServerCertificate(root, { ...VALID, dnsNames: NAMES, signatureHash: 'SHA-1' })
    await files.write('old.pem', old.pem)
    await files.write('old.key', old.privateKeyPem)
    expect(await files.faults({ tls: { certificateFile: 'old.pem', privateKeyFile: 'old.key' } })).toEqual([
      `${wanted} / one signed with SHA-1, of CN=localhost`,
    ])
    const subject = [['CN', 'Old issuing']] as const
    const issuing = await mintAuthority({ ...VALID, issuer: root, subject, signatureHash: 'SHA-1' })
    const { pem, privateKeyPem } = await mintServerCertificate(issuing, { ...VALID, dnsNames: NAMES })
    await files.write('above.pem', pem + issuing.pem)
    await files.write('above.key', privateKeyPem)
    expect(await files.faults({ tls: { certificateFile: 'above.pem', privateKeyFile: 'above.key' } })).toEqual([
      `${wanted} / one signed with SHA-1, of CN=Old issuing`,
    ])
  })

  it('takes a root that signed itself with SHA-1, which nobody verifies', async () => {
    const root = await mintAuthority({ ...VALID, signatureHash: 'SHA-1' })
    const { pem, privateKeyPem } = await mintServerCertificate(root, { ...VALID, dnsNames: NAMES })
    await files.write('rooted.pem', pem + root.pem)
    await files.write('rooted.key', privateKeyPem)
    expect(await files.faults({ tls: { certificateFile: 'rooted.pem', privateKeyFile: 'rooted.key' } })).toEqual([])
  })

  it('refuses a certificate that OpenSSL would not serve, such as one with a key of 512 bits', async () => {
    await mint('weak', { keyType: 'rsa-512' })
    expect(await files.faults({ tls: { certificateFile: 'weak.pem', privateKeyFile: 'weak.key' } })).toEqual([
      expect.stringMatching(
        /^tls.certificateFile: a certificate and key that OpenSSL accepts for a server \/ ERR_\w+$/,
      ),
    ])
  })
})

describe('tls, from PKCS#12', () => {
  const section = { pkcs12File: 'server.p12', pkcs12Passphrase: { env: 'PASSWORD' } }

  function bundle(...options: string[]): void {
    openssl('pkcs12', '-export', '-out', 'server.p12', '-passout', 'pass:hunter2', ...options)
  }

  it.each<KeyType>(['rsa', 'ec'])('takes a bundle that is all of type %s and that node:tls loads', async (keyType) => {
    const authority = await mintAuthority({ ...VALID, keyType })
    const minted = await mintServerCertificate(authority, { ...VALID, dnsNames: NAMES, keyType })
    await files.write('bundled.pem', minted.pem)
    await files.write('bundled.key', minted.privateKeyPem)
    await files.write('bundled-ca.pem', authority.pem)
    bundle('-inkey', 'bundled.key', '-in', 'bundled.pem', '-certfile', 'bundled-ca.pem')
    const { settings, faults } = await files.load({ tls: section }, PASSWORD)
    expect(faults).toEqual([])
    const identity = settings?.tls.identity
    expect(identity?.kind).toBe('pkcs12')
    if (identity?.kind !== 'pkcs12') return
    expect(() => createSecureContext({ pfx: identity.bundle, passphrase: identity.passphrase.reveal() })).not.toThrow()
    expect(JSON.stringify(settings?.tls.identity.passphrase)).not.toContain('hunter2')
  })

  it('takes a bundle whose key is not encrypted by itself', async () => {
    bundle('-keypbe', 'NONE', '-inkey', 'server.key', '-in', 'server.pem')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([])
  })

  it('refuses a wrong passphrase', async () => {
    bundle('-inkey', 'server.key', '-in', 'server.pem')
    expect(await files.faults({ tls: section }, { PASSWORD: 'wrong' })).toEqual([
      'tls.pkcs12Passphrase: the passphrase of the bundle / one that does not open it, or a bundle protected in an unknown way',
    ])
  })

  it('refuses a bundle without key, and one without the certificate of its key', async () => {
    bundle('-nokeys', '-in', 'server.pem')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([
      'tls.pkcs12File: a bundle with a private key / one without',
    ])
    bundle('-nocerts', '-inkey', 'server.key')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([
      'tls.pkcs12File: a bundle with the certificate of its private key / one without',
    ])
  })

  it.each([
    ['PEM', 'server.pem'],
    ['a certificate', 'certificate.der'],
    ['a private key', 'key.der'],
    ['nothing', 'empty.der'],
    ['text', 'text.der'],
  ])('refuses %s in place of a bundle', async (_, pkcs12File) => {
    openssl('pkey', '-in', 'server.key', '-outform', 'DER', '-out', 'key.der')
    await files.write('empty.der', '')
    await files.write('text.der', Buffer.from([0x0c, 1, 0x41]))
    openssl('x509', '-in', 'server.pem', '-outform', 'DER', '-out', 'certificate.der')
    expect(await files.faults({ tls: { ...section, pkcs12File } }, PASSWORD)).toEqual([
      'tls.pkcs12File: a PKCS#12 bundle (DER) / something else',
    ])
  })

  it('refuses a bundle whose certificate has expired, with its dates', async () => {
    await mint('late', { notBefore: new Date('2024-01-01T00:00:00Z'), notAfter: new Date('2025-01-01T00:00:00Z') })
    bundle('-inkey', 'late.key', '-in', 'late.pem')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([
      `tls.pkcs12File: ${DATES} / one valid from 2024-01-01T00:00:00.000Z to 2025-01-01T00:00:00.000Z`,
    ])
  })

  it('refuses a bundle with a certificate signed with SHA-1', async () => {
    await mint('aged', { signatureHash: 'SHA-1' })
    bundle('-inkey', 'aged.key', '-in', 'aged.pem')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([
      'tls.pkcs12File: certificates signed with SHA-256 or better / one signed with SHA-1, of CN=localhost',
    ])
  })

  it('refuses a bundle with a protection that OpenSSL has given up, although it can be opened', async () => {
    bundle('-legacy', '-inkey', 'server.key', '-in', 'server.pem')
    expect(await files.faults({ tls: section }, PASSWORD)).toEqual([
      expect.stringMatching(/^tls.pkcs12File: a certificate and key that OpenSSL accepts for a server \/ ERR_\w+$/),
    ])
  })

  it('reports a missing passphrase once, where it should come from', async () => {
    bundle('-inkey', 'server.key', '-in', 'server.pem')
    expect(await files.faults({ tls: section })).toEqual([
      'tls.pkcs12Passphrase.env: a variable that is set / PASSWORD, which is not',
    ])
  })

  it('reports bundle and passphrase at once when both are missing', async () => {
    expect(await files.faults({ tls: { ...section, pkcs12File: 'none.p12' } })).toEqual([
      'tls.pkcs12File: a file / nothing at none.p12',
      'tls.pkcs12Passphrase.env: a variable that is set / PASSWORD, which is not',
    ])
  })
})

describe('tls, in either form', () => {
  it('reads all certificates of a file, so that a broken intermediate is found', async () => {
    const intermediate = await mintAuthority({ ...VALID, issuer: files.authority })
    const minted = await mint('chained')
    await files.write('chained.pem', minted.pem + intermediate.pem)
    expect(await files.faults({ tls: { certificateFile: 'chained.pem', privateKeyFile: 'chained.key' } })).toEqual([])
    for (const broken of [intermediate.pem.replace('MII', 'XXX'), intermediate.pem.slice(0, -10)]) {
      await files.write('chained.pem', minted.pem + broken)
      expect(await files.faults({ tls: { certificateFile: 'chained.pem', privateKeyFile: 'chained.key' } })).toEqual([
        'tls.certificateFile: PEM certificates / none, or one that cannot be read',
      ])
    }
  })

  it('finds its files wherever the gateway was started, and takes absolute paths', async () => {
    const absolute = {
      certificateFile: join(files.folder, 'server.pem'),
      privateKeyFile: join(files.folder, 'server.key'),
    }
    expect(await files.faults({ tls: absolute })).toEqual([])
  })
})
