import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { loadGateway, recheckEndpoints } from '../../src/load-gateway.ts'
import { mintAuthority, mintServerCertificate } from '../support/mint-certificates.ts'
import { NOW, SettingsFolder, SOUND, VALID } from './settings/settings-folder.ts'

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
    const { plan, faults } = await load([{ ...ENDPOINT, policy: 'vouched', directories: ['production'] }])
    expect(faults).toEqual([])
    expect(plan?.endpoints).toMatchObject([
      {
        path: '/register',
        policy: { identity: { name: 'vouched' } },
        trust: 'sandbox',
        directories: [{ issuers: ['i'] }],
      },
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
    const faults = await faultsOf([{ ...ENDPOINT, policy: 'vouched', directories: ['own'] }], sections)
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
      { directories: ['production'] },
      'directories[0]: no directory, since the policy takes no software statement / production',
    ],
    [
      'no directory where the policy demands statements',
      { policy: 'vouched' },
      'directories: directories of software statements: production / none',
    ],
    [
      'a directory that neither the policy nor the settings have',
      { policy: 'vouched', directories: ['prodction'] },
      'directories[0]: one of production / prodction / did you mean production?',
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
    const { plan } = await load([{ ...ENDPOINT, policy: 'vouched', directories: ['own'] }], { directories })
    expect(plan?.endpoints[0]?.directories[0]?.issuers).toEqual(['mine'])
  })

  it.each<[string, object, readonly string[], string]>([
    [
      'of which two have an issuer in common',
      { own: { issuers: ['mine', 'i'], jwksUri: 'https://own.example/jwks' } },
      ['production', 'own'],
      'directories[1]: a directory whose issuers are not those of production: iss must tell which of them vouches / own',
    ],
    [
      'of which two take any issuer',
      { a: { x5c: { trustedIssuers: 'sandbox' } }, b: { x5c: { trustedIssuers: 'sandbox' } } },
      ['a', 'b'],
      'directories[1]: a directory whose issuers are not those of a: iss must tell which of them vouches / b',
    ],
    [
      'of which one stands there twice',
      {},
      ['production', 'production'],
      'directories[1]: a directory whose issuers are not those of production: iss must tell which of them vouches / production',
    ],
    [
      'whose trusted issuers are nowhere',
      { own: { x5c: { trustedIssuers: 'sandbx' } } },
      ['own'],
      'directories[0]: a key of trust: sandbox / trusted issuers sandbx of own / did you mean sandbox?',
    ],
    [
      'that name a claim which nobody declared',
      { own: { issuers: ['o'], jwksUri: 'https://own.example/jwks', claims: { org: 'organisation.id' } } },
      ['own'],
      'directories[0]: claims that vouched declares / org of own',
    ],
  ])('refuses directories %s', async (_, directories, names, fault) => {
    const endpoint = { ...ENDPOINT, policy: 'vouched', directories: names }
    expect(await faultsOf([endpoint], { directories })).toEqual([`gateway.yaml endpoints[0].${fault}`])
  })

  it('takes several directories that iss tells apart', async () => {
    const directories = { own: { issuers: ['mine'], x5c: { trustedIssuers: 'sandbox' } } }
    const { plan, faults } = await load([{ ...ENDPOINT, policy: 'vouched', directories: ['own', 'production'] }], {
      directories,
    })
    expect(faults).toEqual([])
    expect(plan?.endpoints[0]?.directories.map(({ name }) => name)).toEqual(['own', 'production'])
  })

  it('refuses a policy whose signed requests are certified by issuers that are nowhere', async () => {
    const sealed = `${HEAD}name: sealed
signedRequest: { create: required, contentTypes: [application/jose], algorithms: [ES256], keys: { x5c: { trustedIssuers: seals } } }
`
    await mkdir(join(files.folder, 'policies/sealed'), { recursive: true })
    await files.write('policies/sealed/policy.yaml', sealed)
    expect(await faultsOf([{ ...ENDPOINT, policy: 'sealed' }])).toEqual([
      'gateway.yaml endpoints[0].policy: a key of trust: sandbox / trusted issuers seals of signed requests',
    ])
  })

  it.each<[string, object]>([
    ['policies', { policy: 'vouched', directories: ['production'] }],
    ['parameters', { parameters: { strict: true } }],
  ])('refuses two endpoints with different %s before one identity server', async (_, change) => {
    expect(await faultsOf([ENDPOINT, { ...ENDPOINT, path: '/lax', ...change }])).toEqual([
      expect.stringMatching(
        /^gateway\.yaml endpoints\[1\]\.policy: the policy, parameters and directories of endpoints\[0\]/,
      ),
    ])
    expect(await faultsOf([ENDPOINT, { ...ENDPOINT, path: '/same' }])).toEqual([])
  })
})

describe('endpoints with different policies', () => {
  const VOUCHED_ENDPOINT = { ...ENDPOINT, path: '/vouched', policy: 'vouched', directories: ['production'] }
  const SHARED = { sharesClients: true }

  it('may lead to the clients of two registration endpoints', async () => {
    const other = { ...VOUCHED_ENDPOINT, registrationUrl: 'https://as.bank.example/vouched' }
    const { plan, faults } = await load([ENDPOINT, other])
    expect(faults).toEqual([])
    expect(plan?.endpoints.map(({ registrationUrl }) => registrationUrl)).toEqual([
      'https://as.bank.example/register',
      'https://as.bank.example/vouched',
    ])
  })

  it('may lead to the same clients where all of them say so, and not where one does', async () => {
    expect(
      await faultsOf([
        { ...ENDPOINT, ...SHARED },
        { ...VOUCHED_ENDPOINT, ...SHARED },
      ]),
    ).toEqual([])
    const hint = 'give it a registrationUrl of its own, or say sharesClients: true at all endpoints of this one'
    const wanted = (other: number): string =>
      `the policy, parameters and directories of endpoints[${other}], since both lead to the same clients`
    expect(await faultsOf([ENDPOINT, { ...VOUCHED_ENDPOINT, ...SHARED }])).toEqual([
      `gateway.yaml endpoints[0].policy: ${wanted(1)} / plain / ${hint}`,
    ])
    expect(await faultsOf([{ ...ENDPOINT, ...SHARED }, VOUCHED_ENDPOINT])).toEqual([
      `gateway.yaml endpoints[1].policy: ${wanted(0)} / vouched / ${hint}`,
    ])
  })
})

const other = await mintAuthority({ ...VALID, subject: [['CN', 'Other']] })

describe('endpoints of one host and path', () => {
  const TWO_TRUSTS = { trust: { sandbox: 'certs/sandbox', other: 'certs/other' } }
  const OTHER = { ...ENDPOINT, name: 'other', trustedIssuers: 'other' }
  beforeEach(() => writeAll({ 'certs/other/roots/root.pem': other.pem }))

  it('are apart by trust folders that share no authority', async () => {
    const { plan, faults } = await load([ENDPOINT, OTHER], TWO_TRUSTS)
    expect(faults).toEqual([])
    expect(plan?.warnings).toEqual([])
    expect(plan?.endpoints.map(({ name, trust }) => [name, trust])).toEqual([
      ['/register', 'sandbox'],
      ['other', 'other'],
    ])
  })

  it('are not apart by trust folders that share one, be it as an intermediate', async () => {
    await writeAll({ 'certs/other/intermediates/shared.pem': files.authority.pem })
    const [fault, ...more] = await faultsOf([ENDPOINT, OTHER], TWO_TRUSTS)
    expect(more).toEqual([])
    expect(fault).toMatch(
      /^gateway\.yaml endpoints\[1\]\.path: requests apart from those of endpoints\[0\] \(\/register\) \/ both would take a create as application\/json with a certificate of \S.*, which trust sandbox and trust other hold/,
    )
  })

  it('are not apart by nothing, and it is said which request both would take', async () => {
    expect(await faultsOf([ENDPOINT, { ...ENDPOINT, name: 'second' }])).toEqual([
      'gateway.yaml endpoints[1].path: requests apart from those of endpoints[0] (/register) / both would take a create as application/json with a certificate of trust sandbox and without software statement',
    ])
  })

  it('are apart by their hosts, at the public URL of each', async () => {
    const named = await mintServerCertificate(files.authority, { ...VALID, dnsNames: ['*.bank.example'] })
    await writeAll({ 'wild.pem': named.pem, 'wild.key': named.privateKeyPem })
    const sections = {
      tls: { certificateFile: 'wild.pem', privateKeyFile: 'wild.key' },
      listen: { publicUrl: 'https://dcr.bank.example:8443' },
    }
    const { plan, faults } = await load([ENDPOINT, { ...ENDPOINT, host: 'Fleet.bank.example' }], sections)
    expect(faults).toEqual([])
    expect(plan?.endpoints.map(({ name, publicUrl }) => [name, publicUrl])).toEqual([
      ['/register', 'https://dcr.bank.example:8443/register'],
      ['fleet.bank.example/register', 'https://fleet.bank.example:8443/register'],
    ])
  })

  it('may leave the management of their clients to one another, and are warned where nobody takes it', async () => {
    const creates = { ...ENDPOINT, operations: ['create'] }
    const manages = { ...ENDPOINT, name: 'second', operations: ['read', 'update', 'delete'] }
    expect((await load([creates, manages])).plan?.warnings).toEqual([])
    const lost = (await load([creates, { ...manages, trustedIssuers: 'other' }], TWO_TRUSTS)).plan?.warnings
    expect(lost?.map(({ path, wanted }) => `${path}: ${wanted}`)).toEqual(
      ['read', 'update', 'delete'].map(
        (operation) => `endpoints[0].operations: ${operation}, here or at another endpoint that its clients reach`,
      ),
    )
  })

  it('may not leave it to one that asks another registration endpoint, which would be shown their tokens', async () => {
    const creates = { ...ENDPOINT, operations: ['create', 'read', 'update'] }
    const registrationUrl = 'https://as.bank.example/second'
    const manages = { ...ENDPOINT, name: 'second', operations: ['delete'], registrationUrl }
    expect(await faultsOf([creates, manages])).toEqual([
      'gateway.yaml endpoints[0].operations: delete, or the registrationUrl of endpoints[1] (second), which takes it instead / https://as.bank.example/register',
    ])
  })

  it('take no content type that their policy does not', async () => {
    expect(await faultsOf([{ ...ENDPOINT, contentTypes: ['application/jsn'] }])).toEqual([
      'gateway.yaml endpoints[0].contentTypes[0]: a content type that the policy takes: application/json / application/jsn / did you mean application/json?',
    ])
    expect(await faultsOf([{ ...ENDPOINT, operations: ['read'], contentTypes: ['application/json'] }])).toEqual([
      'gateway.yaml endpoints[0].contentTypes: none, where nothing is created or updated / some',
    ])
  })

  it('are looked at again when trusted issuers are renewed', async () => {
    const { plan } = await load([ENDPOINT, OTHER], TWO_TRUSTS)
    if (plan === null) throw new Error('it loads')
    expect(recheckEndpoints(plan, plan.trusts)).toEqual([])
    const [sandbox] = [...plan.trusts.values()]
    if (sandbox === undefined) throw new Error('there is one')
    expect(recheckEndpoints(plan, new Map([...plan.trusts].map(([name]) => [name, sandbox])))).toMatchObject([
      { path: 'endpoints[1].path', line: 0, found: expect.stringContaining('both would take a create') as unknown },
    ])
  })

  it('need a directory only where they take operations that demand statements', async () => {
    const reads = { ...ENDPOINT, policy: 'vouched', operations: ['read', 'update', 'delete'] }
    expect(await faultsOf([reads])).toEqual([])
  })
})
