import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT_AUTH, mintServerCertificate, type ServerOptions } from '../../support/mint-certificates.ts'
import { NAMES, SettingsFolder, VALID } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const PASSWORD = { PASSWORD: 'hunter2' }
const EXPORT = ['pkcs12', '-export', '-passout', 'pass:hunter2']

async function mint(name: string, options: ServerOptions): Promise<void> {
  const minted = await mintServerCertificate(files.authority, { ...VALID, dnsNames: NAMES, ...options })
  await files.write(`${name}.pem`, minted.pem)
  await files.write(`${name}.key`, minted.privateKeyPem)
}

describe("the gateway's certificate is held against the URL that registrants use", () => {
  const WANTED = 'a certificate of a TLS server for the host dcr.bank.example of listen.publicUrl'
  it.each([
    ['for another host', { dnsNames: ['localhost'] }, 'one for DNS:localhost, IP Address:127.0.0.1'],
    ['for the host in its subject alone', { dnsNames: [], ipAddresses: [] }, 'one for no name'],
    ['for a part of the host', { dnsNames: ['d*.bank.example'], ipAddresses: [] }, 'one for DNS:d*.bank.example'],
    ['of a TLS client', { extendedKeyUsage: [CLIENT_AUTH] }, 'one whose extended key usage has no serverAuth'],
    ['for any purpose', { extendedKeyUsage: ['2.5.29.37.0'] }, 'one whose extended key usage has no serverAuth'],
    [
      'of a client for another host',
      { extendedKeyUsage: [CLIENT_AUTH], dnsNames: ['a.example'], ipAddresses: [] },
      'one whose extended key usage has no serverAuth, and one for DNS:a.example',
    ],
  ])('refuses a certificate %s, at which registrants would hang up', async (_case, options, found) => {
    await mint('unfit', { subject: [['CN', 'dcr.bank.example']], ...options })
    expect(await files.faults({ tls: { certificateFile: 'unfit.pem', privateKeyFile: 'unfit.key' } })).toEqual([
      `tls.certificateFile: ${WANTED} / ${found}`,
    ])
    execFileSync('openssl', [...EXPORT, '-out', 'unfit.p12', '-inkey', 'unfit.key', '-in', 'unfit.pem'], {
      cwd: files.folder,
    })
    const pkcs12 = { pkcs12File: 'unfit.p12', pkcs12Passphrase: { env: 'PASSWORD' } }
    expect(await files.faults({ tls: pkcs12 }, PASSWORD)).toEqual([`tls.pkcs12File: ${WANTED} / ${found}`])
  })

  it.each([
    ['a wildcard', 'https://dcr.bank.example', { dnsNames: ['*.bank.example'] }],
    ['its host in other case', 'https://DCR.bank.example:8443', {}],
    ['an address', 'https://127.0.0.1:8443', {}],
    ['an address of version 6', 'https://[::1]', { ipAddresses: ['::1'] }],
    ['no purpose, which is any', 'https://dcr.bank.example', { extendedKeyUsage: null }],
  ])('takes a certificate with %s', async (_case, publicUrl, options) => {
    await mint('fit', options)
    const sections = { listen: { publicUrl }, tls: { certificateFile: 'fit.pem', privateKeyFile: 'fit.key' } }
    expect(await files.faults(sections)).toEqual([])
  })

  it('asks no name of a certificate while the URL itself has a fault', async () => {
    await mint('fit', { dnsNames: ['localhost'] })
    const sections = { listen: { publicUrl: 'x' }, tls: { certificateFile: 'fit.pem', privateKeyFile: 'fit.key' } }
    expect(await files.faults(sections)).toEqual([expect.stringMatching(/^listen\.publicUrl: /)])
  })
})
