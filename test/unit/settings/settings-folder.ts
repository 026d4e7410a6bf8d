import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { loadSettings, type LoadedSettings } from '../../../src/settings/load-settings.ts'
import { mintAuthority, mintServerCertificate, type MintedAuthority } from '../../support/mint-certificates.ts'

export const NOW = new Date('2026-03-01T12:00:00Z')
export const VALID = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') }

/** What the gateway's certificate must name. */
export const NAMES = ['dcr.bank.example']

type Sections = Readonly<Record<string, unknown>>

/** A folder with a gateway.yaml without fault and all it refers to, to be spoilt one key at a time. */
export class SettingsFolder {
  readonly folder: string
  readonly authority: MintedAuthority

  constructor(folder: string, authority: MintedAuthority) {
    this.folder = folder
    this.authority = authority
  }

  static async create(): Promise<SettingsFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'settings-'))
    const authority = await mintAuthority(VALID)
    const server = await mintServerCertificate(authority, { ...VALID, dnsNames: NAMES })
    await mkdir(join(folder, 'policies'))
    await mkdir(join(folder, 'certs/sandbox'), { recursive: true })
    const made = new SettingsFolder(folder, authority)
    await made.write('server.pem', server.pem)
    await made.write('server.key', server.privateKeyPem)
    await made.write('sealing.key', randomBytes(32).toString('hex'))
    await made.write('ca.pem', authority.pem)
    return made
  }

  async write(name: string, content: string | Buffer): Promise<string> {
    const path = join(this.folder, name)
    await writeFile(path, content)
    return path
  }

  async read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  /** Loads the settings without fault with some sections replaced; `undefined` leaves one out. */
  async load(sections: Sections = {}, environment: Record<string, string> = {}): Promise<LoadedSettings> {
    return this.loadText(stringify({ ...SOUND, ...sections }), environment)
  }

  async loadText(text: string, environment: Record<string, string> = {}): Promise<LoadedSettings> {
    return loadSettings(await this.write('gateway.yaml', text), environment, NOW)
  }

  /** Faults as `path: wanted / found / hint`, with this folder left out of them. */
  async faults(sections: Sections, environment: Record<string, string> = {}): Promise<readonly string[]> {
    const { settings, faults } = await this.load(sections, environment)
    if (settings !== null) return []
    return faults.map(({ path, wanted, found, hint }) =>
      `${path}: ${[wanted, found, ...(hint === undefined ? [] : [hint])].join(' / ')}`.replaceAll(
        `${this.folder}/`,
        '',
      ),
    )
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

export const SOUND = {
  listen: { publicUrl: 'https://dcr.bank.example' },
  tls: { certificateFile: 'server.pem', privateKeyFile: 'server.key' },
  trust: { sandbox: 'certs/sandbox' },
  sealing: { keys: [{ id: 'test', secret: { file: 'sealing.key' } }] },
  upstream: { registrationUrl: 'https://as.bank.example/register' },
  endpoints: [{ path: '/register', policy: 'rfc7591', trustedIssuers: 'sandbox' }],
} as const
