import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ENDPOINT, HEAD, PLAIN, useGatewayFolder } from './gateway-folder.ts'

const { files, writeAll, load, faultsOf } = useGatewayFolder()

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
    expect(plan?.source).toEqual({ file: join(files().folder, 'gateway.yaml'), environment: {} })
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
    await rm(join(files().folder, 'certs/sandbox/roots/root.pem'))
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
    const at = { file: join(files().folder, 'policies/bank/policy.yaml'), by: 'bank', of: 'plain' }
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
    await mkdir(join(files().folder, 'policies/sealed'), { recursive: true })
    await files().write('policies/sealed/policy.yaml', sealed)
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
