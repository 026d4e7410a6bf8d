import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { recheckEndpoints } from '../../src/load-gateway.ts'
import { mintAuthority, mintServerCertificate } from '../support/mint-certificates.ts'
import { VALID } from './settings/settings-folder.ts'
import { ENDPOINT, HEAD, useGatewayFolder, vouched } from './gateway-folder.ts'

const { files, writeAll, load, faultsOf } = useGatewayFolder()

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

describe('directories of one name', () => {
  const own = (path: string, policy: string) => ({ ...ENDPOINT, path, policy, directories: ['production'] })
  const apart = { ...own('/other', 'vouched-too'), registrationUrl: 'https://as.bank.example/other' }

  it.each([
    ['other issuers', 'issuers: [j], jwksUri: https://directory.example/jwks'],
    ['other keys', 'issuers: [i], jwksUri: https://elsewhere.example/jwks'],
  ])(
    'may not have %s at another endpoint: what is used up, and whose it is, is told apart by their names',
    async (_, says) => {
      await writeAll({ 'policies/vouched-too/policy.yaml': vouched('vouched-too', says) })
      expect(await faultsOf([own('/one', 'vouched'), apart])).toEqual([
        'gateway.yaml endpoints[1].directories: a name of its own for this directory: that of endpoints[0] (/one) has other issuers or keys / production',
      ])
    },
  )

  it('may be the same one', async () => {
    const says = 'issuers: [i], jwksUri: https://directory.example/jwks'
    await writeAll({ 'policies/vouched-too/policy.yaml': vouched('vouched-too', says) })
    expect(await faultsOf([own('/one', 'vouched'), apart])).toEqual([])
  })

  it('may be the same one by the same keys, in a file of each policy', async () => {
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
    const jwks = JSON.stringify({ keys: [{ ...jwk, kid: 'k', alg: 'PS256', use: 'sig' }] })
    for (const name of ['vouched', 'vouched-too'])
      await writeAll({
        [`policies/${name}/policy.yaml`]: vouched(name, `issuers: [i], jwksFile: ${name}.jwks`),
        [`policies/${name}/${name}.jwks`]: jwks,
      })
    expect(await faultsOf([own('/one', 'vouched'), apart])).toEqual([])
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
    await writeAll({ 'certs/other/intermediates/shared.pem': files().authority.pem })
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
    const named = await mintServerCertificate(files().authority, { ...VALID, dnsNames: ['*.bank.example'] })
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

  it('take no operation without a content type under which their policy takes it', async () => {
    const signed = `${HEAD}name: signed
signedRequest: { create: required, update: forbidden, contentTypes: [application/jose], algorithms: [ES256], keys: { x5c: { trustedIssuers: sandbox } } }
`
    await writeAll({ 'policies/signed/policy.yaml': signed })
    const of = (operations: readonly string[], contentTypes: readonly string[]): Promise<readonly string[]> =>
      faultsOf([{ ...ENDPOINT, policy: 'signed', operations, contentTypes }])
    expect(await of(['create', 'read', 'update', 'delete'], ['application/jose'])).toEqual([
      'gateway.yaml endpoints[0].contentTypes: one that the policy takes for update: application/json / application/jose',
    ])
    expect(await of(['create', 'read', 'update', 'delete'], ['application/json'])).toEqual([
      'gateway.yaml endpoints[0].contentTypes: one that the policy takes for create: application/jose / application/json',
    ])
    expect(await of(['create', 'read'], ['application/jose'])).toEqual([])
    expect(await of(['create', 'update'], ['application/jose', 'application/json'])).toEqual([])
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
