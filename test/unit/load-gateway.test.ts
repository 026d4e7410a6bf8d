import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadGateway } from '../../src/load-gateway.ts'
import { NOW, SettingsFolder, SOUND } from './settings/settings-folder.ts'

const HEAD = 'apiVersion: dcr-gateway/v1\nversion: "1"\ntitle: t\nsource: s\n'
const PLAIN = `${HEAD}name: plain\nparameters: { strict: { type: bool, default: false, meaning: m } }\n`
const VOUCHED = `${HEAD}name: vouched
softwareStatement:
  create: required
  algorithms: [PS256]
  directories: { production: { issuers: [i], jwksUri: https://directory.example/jwks } }
`

let files: SettingsFolder
beforeAll(async () => {
  files = await SettingsFolder.create()
})
beforeEach(async () => {
  await rm(join(files.folder, 'policies'), { recursive: true })
  await rm(join(files.folder, 'certs'), { recursive: true })
  await writeAll({
    'policies/plain/policy.yaml': PLAIN,
    'policies/vouched/policy.yaml': VOUCHED,
    'certs/sandbox/roots/root.pem': files.authority.pem,
  })
})
afterAll(() => files.remove())

async function writeAll(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(files.folder, name)), { recursive: true })
    await files.write(name, text)
  }
}

const ENDPOINT = { path: '/register', policy: 'plain', trustedIssuers: 'sandbox' }

async function load(endpoints: readonly object[], sections: object = {}) {
  const file = await files.write('gateway.yaml', stringify({ ...SOUND, ...sections, endpoints }))
  const { plan, faults } = await loadGateway(file, {}, NOW)
  const written = faults.map(
    ({ file: in_, path, wanted, found, hint }) =>
      `${in_.replace(`${files.folder}/`, '')} ${path}: ${wanted} / ${found}${hint === undefined ? '' : ` / ${hint}`}`,
  )
  return { plan, faults: written }
}

async function faultsOf(endpoints: readonly object[], sections: object = {}): Promise<readonly string[]> {
  const { plan, faults } = await load(endpoints, sections)
  expect(plan === null).toBe(faults.length > 0)
  return faults
}

describe('loadGateway', () => {
  it('ties each endpoint to its policy, its trusted issuers and its directory', async () => {
    const { plan, faults } = await load([{ ...ENDPOINT, policy: 'vouched', directory: 'production' }])
    expect(faults).toEqual([])
    expect(plan?.endpoints).toMatchObject([
      { path: '/register', policy: { identity: { name: 'vouched' } }, trust: 'sandbox', directory: { issuers: ['i'] } },
    ])
    expect([...(plan?.trusts.keys() ?? [])]).toEqual(['sandbox'])
    expect(plan?.source).toEqual({ file: join(files.folder, 'gateway.yaml'), environment: {} })
  })

  it('is stopped by a fault of a policy, which is not reported again as a missing one', async () => {
    await writeAll({
      'policies/plain/policy.yaml': `${PLAIN}rules: [{ id: r, title: t, message: m, require: nothing }]\n`,
    })
    expect(await faultsOf([ENDPOINT])).toEqual([
      expect.stringMatching(/^policies\/plain\/policy\.yaml rules\[0\]\.require: /),
    ])
  })

  it('is stopped by a fault of a policy that no endpoint names, for the next restart might', async () => {
    await writeAll({ 'policies/other/policy.yaml': 'name: other' })
    expect((await faultsOf([ENDPOINT])).every((fault) => fault.startsWith('policies/other/policy.yaml'))).toBe(true)
  })

  it('is stopped by a trust folder without issuers', async () => {
    await rm(join(files.folder, 'certs/sandbox/roots/root.pem'))
    expect(await faultsOf([ENDPOINT])).toEqual([expect.stringContaining('certs/sandbox')])
  })

  it('reports faults of policies, trust folders and endpoints together', async () => {
    await writeAll({ 'policies/other/policy.yaml': `${HEAD}name: another\n`, 'certs/sandbox/roots/root.pem': 'none' })
    const faults = await faultsOf([{ ...ENDPOINT, policy: 'plane' }])
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'policies/other/policy.yaml',
      expect.stringContaining('certs/sandbox'),
      'gateway.yaml',
    ])
    expect(faults.at(-1)).toBe('gateway.yaml endpoints[0].policy: the name of a policy / plane / did you mean plain?')
  })

  it('reports faults of the settings together with those of trust folders, policies and the other endpoints', async () => {
    await writeAll({ 'policies/other/policy.yaml': 'name: other', 'certs/sandbox/roots/root.pem': 'none' })
    const endpoints = [
      { ...ENDPOINT, polcy: 'plain' },
      { ...ENDPOINT, path: '/other', policy: 'plane' },
    ]
    const faults = await faultsOf(endpoints, {
      log: { level: 'loud' },
      tls: { certificateFile: 'missing.pem', privateKeyFile: 'server.key' },
    })
    expect(faults.map((fault) => fault.split(': ')[0])).toEqual(
      expect.arrayContaining([
        'gateway.yaml log.level',
        'gateway.yaml tls.certificateFile',
        'gateway.yaml endpoints[0].polcy',
        'gateway.yaml endpoints[1].policy',
        'policies/other/policy.yaml apiVersion',
        expect.stringMatching(/^certs\/sandbox\/roots/),
      ]),
    )
  })

  it.each<[string, object]>([
    ['a faulty section of directories', { directories: { own: { issuers: ['mine'], jwksUri: 'not a URL' } } }],
    ['a policies folder that is not there', { policies: { folder: 'polices' } }],
  ])('draws no conclusions from %s', async (_, sections) => {
    const faults = await faultsOf([{ ...ENDPOINT, policy: 'vouched', directory: 'own' }], sections)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/^gateway\.yaml (directories\.own\.jwksUri|policies\.folder): /)
  })

  it('names what the policies in use override and switch off, each once, and nothing of others', async () => {
    const rule = (id: string, more = ''): string => `{ id: ${id}, title: t, message: m, require: now == now${more} }`
    await writeAll({
      'policies/plain/policy.yaml': `${PLAIN}rules: [${rule('a')}, ${rule('b')}]\n`,
      'policies/bank/policy.yaml': `${HEAD}name: bank\nextends: [plain]\noff: [a]\nrules: [${rule('b', ', override: true')}]\n`,
      'policies/unused/policy.yaml': `${HEAD}name: unused\nextends: [plain]\noff: [b]\n`,
    })
    const bank = { ...ENDPOINT, policy: 'bank' }
    const { plan } = await load([bank, { ...bank, path: '/again' }])
    const at = { file: join(files.folder, 'policies/bank/policy.yaml'), by: 'bank', of: 'plain' }
    expect(plan?.ruleChanges).toEqual([
      { ...at, kind: 'switched off', rule: 'a', line: 7 },
      { ...at, kind: 'overridden', rule: 'b', line: 8 },
    ])
  })

  it.each<[string, object, string]>([
    [
      'a directory where the policy takes no statement',
      { directory: 'production' },
      'directory: no directory, since the policy takes no software statement / production',
    ],
    [
      'no directory where the policy demands statements',
      { policy: 'vouched' },
      'directory: a directory of software statements: production / none',
    ],
    [
      'a directory that neither the policy nor the settings have',
      { policy: 'vouched', directory: 'prodction' },
      'directory: one of production / prodction / did you mean production?',
    ],
    [
      'a parameter that the policy has not',
      { parameters: { strikt: true } },
      'parameters.strikt: a parameter of plain: strict / strikt / did you mean strict?',
    ],
  ])('refuses an endpoint with %s', async (_, change, fault) => {
    expect(await faultsOf([{ ...ENDPOINT, ...change }])).toEqual([`gateway.yaml endpoints[0].${fault}`])
  })

  it('takes a directory that the operator pins, where the policy has none of that name', async () => {
    const directories = { own: { issuers: ['mine'], jwksUri: 'https://own.example/jwks' } }
    const { plan } = await load([{ ...ENDPOINT, policy: 'vouched', directory: 'own' }], { directories })
    expect(plan?.endpoints[0]?.directory?.issuers).toEqual(['mine'])
  })

  it.each<[string, object]>([
    ['policies', { policy: 'vouched', directory: 'production' }],
    ['parameters', { parameters: { strict: true } }],
  ])('refuses two endpoints with different %s before one identity server', async (_, change) => {
    expect(await faultsOf([ENDPOINT, { ...ENDPOINT, path: '/lax', ...change }])).toEqual([
      expect.stringMatching(
        /^gateway\.yaml endpoints\[1\]\.policy: the policy, parameters and directory of endpoints\[0\]/,
      ),
    ])
    expect(await faultsOf([ENDPOINT, { ...ENDPOINT, path: '/same' }])).toEqual([])
  })
})
