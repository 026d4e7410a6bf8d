import { createPrivateKey } from 'node:crypto'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFaults } from '../../../src/document/write-faults.ts'
import { loadSettings } from '../../../src/settings/load-settings.ts'
import { mintServerCertificate } from '../../support/mint-certificates.ts'
import { NOW, SettingsFolder, SOUND } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const faulty = join(import.meta.dirname, 'faulty')

describe('the report on a settings file', () => {
  it('shows all faults of all sections at once, those of the files it names included, and no secret', async () => {
    const dates = { notBefore: new Date('2024-01-01T00:00:00Z'), notAfter: new Date('2025-01-01T00:00:00Z') }
    const expired = await mintServerCertificate(files.authority, dates)
    await files.write('expired.pem', expired.pem)
    await files.write('expired.key', expired.privateKeyPem)
    const file = join(files.folder, 'gateway.yaml')
    await copyFile(join(faulty, 'gateway.yaml'), file)
    const { settings, faults } = await loadSettings(file, {}, NOW)
    expect(settings).toBeNull()
    const report = writeFaults(faults).replaceAll(`${files.folder}/`, '')
    expect(report).not.toContain('hunter2')
    expect(report).toBe(await readFile(join(faulty, 'report.txt'), 'utf8'))
  })

  it('shows what is wrong with the files of a section that has other faults', async () => {
    const tls = { certificateFile: 'none.pem', privateKeyFile: 'server.key', minVersion: 'SSLv3', ciphers: 'x' }
    const state = { kind: 'redis', url: { env: 'REDIS_URL' }, commandTimeoutMs: '500' }
    const trust = { Sandbox: 'certs/sandbox', other: 'certs/none' }
    const { faults } = await files.load({ tls, state, trust })
    expect(faults.map(({ path }) => path)).toEqual([
      ...['tls.minVersion', 'tls.ciphers', 'trust.Sandbox', 'state.commandTimeoutMs'],
      ...['tls.certificateFile', 'state.url.env', 'trust.other'],
    ])
  })

  it('shows what else is wrong where a rule over several keys of a section is broken', async () => {
    const upstream = {
      registrationUrl: 'http://as.bank.example/register',
      caFile: 'none.pem',
      clientCertificateFile: 'server.pem',
      initialAccessToken: { env: 'TOKEN' },
      timeoutMs: 5000,
    }
    const { faults } = await files.load({ upstream, limits: { answerTimeoutMs: 4000 } })
    expect(faults.map(({ path }) => path)).toEqual([
      ...['upstream.registrationUrl', 'upstream.clientPrivateKeyFile', 'limits.answerTimeoutMs'],
      ...['upstream.caFile', 'upstream.initialAccessToken.env'],
    ])
  })

  it('shows one fault for one key, not what follows from it as well', async () => {
    const protection = { cipher: 'aes-256-cbc', passphrase: 'hunter2' }
    const key = createPrivateKey(await files.read('server.key'))
    await files.write('locked.key', key.export({ type: 'pkcs8', format: 'pem', ...protection }))
    const tls = { certificateFile: 'server.pem', privateKeyFile: 'locked.key', privateKeyPassphrase: 'hunter2' }
    const { faults } = await files.load({ tls })
    expect(faults).toMatchObject([{ path: 'tls.privateKeyPassphrase', found: 'a value that is not shown' }])
  })

  it('stays short, whatever the names of files', async () => {
    const { faults } = await files.load({ policies: { folder: 'long/'.repeat(100) } })
    expect(faults).toMatchObject([{ path: 'policies.folder' }])
    expect(faults[0]?.found).toHaveLength(200)
  })

  it('asks nothing of other sections on account of a value that is faulty itself', async () => {
    const upstream = { ...SOUND.upstream, timeoutMs: '5000' }
    const { faults } = await files.load({ upstream, limits: { answerTimeoutMs: 8000 } })
    expect(faults.map(({ path }) => path)).toEqual(['upstream.timeoutMs'])
    expect(await files.faults({ operations: { port: 'x' } })).toHaveLength(1)
    expect(await files.faults({ listen: { publicUrl: 'x' } })).toHaveLength(1)
    expect(await files.faults({ upstream: { registrationUrl: 'x' } })).toHaveLength(1)
  })

  it('shows a file that is missing, no text or no YAML', async () => {
    const missing = await loadSettings(join(files.folder, 'none.yaml'), {}, NOW)
    expect(missing.settings).toBeNull()
    expect(missing.locate(['listen'])).toEqual({ line: 0, column: 0 })
    expect(writeFaults(missing.faults).replaceAll(`${files.folder}/`, '')).toBe(
      'none.yaml: 1 fault, nothing started\n  ✖ wanted a file, found nothing at none.yaml\n',
    )
    const binary = await loadSettings(await files.write('binary.yaml', Buffer.from([0xff])), {}, NOW)
    expect(binary.faults).toMatchObject([{ line: 0, path: '', wanted: 'a text file in UTF-8' }])
    const broken = await files.loadText('listen: [')
    expect(broken.faults).toMatchObject([{ line: 1, column: 10, path: '', wanted: 'well-formed YAML 1.2' }])
    expect(broken.settings).toBeNull()
    expect((await files.loadText('')).faults).toHaveLength(1)
  })

  it('can be continued by those who find faults later', async () => {
    const { settings, locate } = await files.load()
    expect(settings?.endpoints[0]?.policy).toBe(SOUND.endpoints[0].policy)
    expect(locate(['endpoints', 0, 'policy'])).toEqual({ line: 17, column: 5 })
  })
})
