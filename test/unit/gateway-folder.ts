import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { stringify } from 'yaml'
import { loadGateway } from '../../src/load-gateway.ts'
import { NOW, SettingsFolder, SOUND } from './settings/settings-folder.ts'

export const HEAD = 'apiVersion: dcr-gateway/v1\nversion: "1"\ntitle: t\nsource: s\n'
export const PLAIN = `${HEAD}name: plain\nparameters: { strict: { type: bool, default: false, meaning: m } }\n`
/** A policy that demands statements of a directory. */
export const vouched = (name: string, directory: string): string => `${HEAD}name: ${name}
softwareStatement:
  create: required
  algorithms: [PS256]
  directories: { production: { ${directory} } }
`
const VOUCHED = vouched('vouched', 'issuers: [i], jwksUri: https://directory.example/jwks')
export const ENDPOINT = { path: '/register', policy: 'plain', trustedIssuers: 'sandbox' }

type Loaded = Pick<Awaited<ReturnType<typeof loadGateway>>, 'plan'> & { readonly faults: readonly string[] }

/** A folder with settings, two policies and a trust folder, to be loaded in many forms. */
class GatewayFolder {
  readonly files: SettingsFolder

  private constructor(files: SettingsFolder) {
    this.files = files
  }

  static async create(): Promise<GatewayFolder> {
    return new GatewayFolder(await SettingsFolder.create())
  }

  /** As it was in the beginning. */
  async reset(): Promise<void> {
    await rm(join(this.files.folder, 'policies'), { recursive: true })
    await rm(join(this.files.folder, 'certs'), { recursive: true })
    await this.writeAll({
      'policies/plain/policy.yaml': PLAIN,
      'policies/vouched/policy.yaml': VOUCHED,
      'certs/sandbox/roots/root.pem': this.files.authority.pem,
    })
  }

  async writeAll(texts: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(this.files.folder, name)), { recursive: true })
      await this.files.write(name, text)
    }
  }

  async load(endpoints: readonly object[], sections: object = {}): Promise<Loaded> {
    const file = await this.files.write('gateway.yaml', stringify({ ...SOUND, ...sections, endpoints }))
    const { plan, faults } = await loadGateway(file, {}, NOW)
    const written = faults.map(
      ({ file: in_, path, wanted, found, hint }) =>
        `${in_.replace(`${this.files.folder}/`, '')} ${path}: ${wanted} / ${found}${hint === undefined ? '' : ` / ${hint}`}`,
    )
    return { plan, faults: written }
  }

  async faultsOf(endpoints: readonly object[], sections: object = {}): Promise<readonly string[]> {
    const { plan, faults } = await this.load(endpoints, sections)
    expect(plan === null).toBe(faults.length > 0)
    return faults
  }
}

/** One for the tests of a file, as it was in the beginning before each of them. */
export function useGatewayFolder(): Pick<GatewayFolder, 'writeAll' | 'load' | 'faultsOf'> & {
  files: () => SettingsFolder
} {
  let gateway: GatewayFolder
  beforeAll(async () => {
    gateway = await GatewayFolder.create()
  })
  beforeEach(() => gateway.reset())
  afterAll(() => gateway.files.remove())
  return {
    files: () => gateway.files,
    writeAll: (texts) => gateway.writeAll(texts),
    load: (endpoints, sections) => gateway.load(endpoints, sections),
    faultsOf: (endpoints, sections) => gateway.faultsOf(endpoints, sections),
  }
}
