import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadTrustFolder } from '../../../../src/certificate/trust/load-trust-folder.ts'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import { mintAuthority, mintClientCertificate, type MintedAuthority } from '../../../support/mint-certificates.ts'
import type { Chain } from '../chain-fixture.ts'
import { ISSUING, mintChain } from '../chain-fixture.ts'

const NOW = new Date()
const YESTERDAY = new Date(NOW.getTime() - 86_400_000)

let chain: Chain
let expired: MintedAuthority
let folder: string

beforeAll(async () => {
  chain = await mintChain()
  expired = await mintAuthority({
    subject: [['CN', 'Old']],
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2021-01-01T00:00:00Z'),
  })
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

async function faultsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await put(files)
  const { trust, faults } = await loadTrustFolder('example', folder, NOW)
  expect(trust).toBeNull()
  return faults.map(
    ({ file, line, wanted, found }) =>
      `${file.slice(folder.length + 1)}:${String(line)} wanted ${wanted}, found ${found}`,
  )
}

describe('loadTrustFolder', () => {
  it('reads roots and intermediates, several to a file', async () => {
    const other = await mintAuthority({ subject: [['CN', 'Other']] })
    await put({
      'roots/all.pem': `# two roots\n${chain.root.pem}\n${other.pem}`,
      'intermediates/a.pem': chain.issuing.pem,
    })
    const { trust, faults } = await loadTrustFolder('example', folder, NOW)
    expect(faults).toEqual([])
    expect(trust?.name).toBe('example')
    expect([...(trust?.anchors.values() ?? [])].flat().map(({ der }) => der)).toEqual([chain.root.der, other.der])
    expect([...(trust?.intermediates.values() ?? [])].flat().map(({ der }) => der)).toEqual([chain.issuing.der])
    expect(trust?.held.size).toBe(3)
    if (trust !== null) expect(verifyPresented(chain.client.der, [], trust)).toHaveProperty('paths.length', 1)
  })

  it('does without a folder of intermediates, follows links, and leaves hidden and other files alone', async () => {
    await put({
      '..data/root.txt': chain.root.pem,
      'roots/README.md': 'x',
      'roots/.hidden.pem': 'x',
      'roots/LICENSE': 'x',
    })
    await symlink(join(folder, '..data/root.txt'), join(folder, 'roots/root.PEM'))
    expect(await loadTrustFolder('example', folder, NOW)).toMatchObject({ faults: [], trust: { name: 'example' } })
  })

  it('never takes what it cannot read for nothing', async () => {
    expect(
      await faultsOf({ 'roots/a.pem': chain.root.pem, crls: 'no folder', 'trust.yaml': `# ${'x'.repeat(65_536)}` }),
    ).toEqual(['trust.yaml:0 wanted at most 65536 characters, found 65538'])
    await rm(join(folder, 'trust.yaml'))
    expect(await faultsOf({})).toEqual(['crls:0 wanted a folder of CRLs, found ENOTDIR'])
  })

  it('takes a root that is not self-signed', async () => {
    await put({ 'roots/a.pem': chain.issuing.pem })
    expect((await loadTrustFolder('example', folder, NOW)).faults).toEqual([])
  })

  it('reports a folder that is not there, and one without roots', async () => {
    expect(await faultsOf({})).toEqual([`roots:0 wanted a folder of PEM files, found nothing at ${folder}/roots`])
    expect(await faultsOf({ 'roots/README.md': 'x', 'intermediates/a.pem': chain.issuing.pem })).toEqual([
      'roots:0 wanted at least one certificate in a .pem file, found none',
    ])
  })

  it('reports a folder of intermediates that cannot be read', async () => {
    expect(await faultsOf({ 'roots/a.pem': chain.root.pem, intermediates: 'x' })).toEqual([
      `intermediates:0 wanted a folder of PEM files, found a file where a folder should be, at or above ${folder}/intermediates`,
    ])
  })

  it('reports files in another form, files that are too large, and what cannot be read', async () => {
    await mkdir(join(folder, 'roots/c.pem'), { recursive: true })
    expect(await faultsOf({ 'roots/a.crt': 'x', 'roots/b.pem': ' '.repeat(1_048_577), 'roots/d.P12': 'x' })).toEqual([
      'roots/a.crt:0 wanted a name ending in .pem, found .crt',
      'roots/b.pem:0 wanted at most 1048576 bytes, found 1048577',
      `roots/c.pem:0 wanted a readable file, found a folder at ${folder}/roots/c.pem`,
      'roots/d.P12:0 wanted a name ending in .pem, found .p12',
    ])
  })

  it('says of a file in another form whether its name alone is wrong', async () => {
    await put({
      'roots/ca.crt': `# from the directory\n${chain.root.pem}`,
      'roots/ca.der': 'x',
      'roots/a.pem': chain.root.pem,
    })
    await mkdir(join(folder, 'roots/d.cer'))
    const { trust, faults } = await loadTrustFolder('example', folder, NOW)
    expect(trust).toBeNull()
    expect(faults.map(({ file, hint }) => [file.slice(folder.length + 1), hint])).toEqual([
      ['roots/ca.crt', 'it holds PEM: rename it to .pem'],
      ['roots/ca.der', 'convert it to PEM, one or more certificates in a file'],
      ['roots/d.cer', 'convert it to PEM, one or more certificates in a file'],
    ])
  })

  it('reports every fault of every file at once, each with the line of its block', async () => {
    const lines = chain.root.pem.split('\n').length - 1
    const serverOnly = await mintAuthority({
      issuer: chain.root,
      subject: ISSUING,
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    })
    const cutOff = chain.issuing.pem.replace(/-----END.*/, '')
    const faults = await faultsOf({
      'roots/a.pem': `${chain.root.pem}\n${chain.client.pem}${chain.root.privateKeyPem}`,
      'roots/b.pem': 'nothing here',
      'roots/c.pem': `${chain.root.pem}${cutOff}`,
      'intermediates/d.pem': '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n',
      'intermediates/e.pem': serverOnly.pem,
      'intermediates/f.pem': chain.root.pem,
    })
    const clientLine = lines + 2
    const keyLine = clientLine + chain.client.pem.split('\n').length - 1
    expect(faults).toEqual([
      `roots/a.pem:${String(clientLine)} wanted basic constraints with cA true, found no certificate authority`,
      `roots/a.pem:${String(keyLine)} wanted BEGIN CERTIFICATE, found BEGIN PRIVATE KEY`,
      'roots/b.pem:0 wanted PEM certificates, found none',
      `roots/c.pem:1 wanted every certificate once, found the one of ${folder}/roots/a.pem:1`,
      `roots/c.pem:${String(lines + 1)} wanted base64 up to the END line, found a block that is cut off or damaged`,
      'intermediates/d.pem:1 wanted an X.509 version 3 certificate, found tbsCertificate of certificate is missing',
      'intermediates/e.pem:1 wanted extended key usage clientAuth (1.3.6.1.5.5.7.3.2), found extended key usage 1.3.6.1.5.5.7.3.1',
      `intermediates/f.pem:1 wanted every certificate once, found the one of ${folder}/roots/a.pem:1`,
    ])
  })

  it('gives places as line and column, and a hint where there is something to do', async () => {
    await put({ 'roots/a.pem': chain.client.pem + chain.root.privateKeyPem, 'roots/b.crt': '' })
    const { faults } = await loadTrustFolder('example', folder, NOW)
    expect(faults.map(({ line, column, path, hint }) => ({ line, column, path, hint }))).toEqual([
      { line: 0, column: 0, path: '', hint: 'convert it to PEM, one or more certificates in a file' },
      { line: 1, column: 1, path: '', hint: 'CN=client.example.com can vouch for nothing' },
      { line: chain.client.pem.split('\n').length, column: 1, path: '', hint: 'keep nothing but certificates here' },
    ])
  })

  it('reports what has expired, and keeps it so that clients hear that their issuer has', async () => {
    const intermediate = await mintAuthority({
      subject: ISSUING,
      issuer: chain.root,
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: YESTERDAY,
    })
    await put({ 'roots/a.pem': expired.pem + chain.root.pem, 'intermediates/b.pem': intermediate.pem })
    const { trust, faults } = await loadTrustFolder('example', folder, NOW)
    expect(faults).toHaveLength(2)
    expect(faults[0]).toEqual({
      file: join(folder, 'roots/a.pem'),
      line: 1,
      column: 1,
      path: '',
      wanted: `valid at ${NOW.toISOString()}`,
      found: 'valid until 2021-01-01T00:00:00.000Z',
      hint: 'remove CN=Old',
    })
    expect(faults[1]?.hint).toBe('remove CN=Issuing,O=Example')
    const client = await mintClientCertificate(expired)
    expect(trust === null ? null : verifyPresented(client.der, [], trust)).toHaveProperty('paths.length', 1)
  })
})
