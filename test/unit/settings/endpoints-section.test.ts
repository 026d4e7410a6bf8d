import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsFolder, SOUND } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const [endpoint] = SOUND.endpoints

describe('endpoints', () => {
  it('are read with parameters and directory', async () => {
    const parameters = { strict: true, roles: ['DADOS'], days: 5, mode: 'x' }
    const { settings } = await files.load({
      endpoints: [endpoint, { ...endpoint, path: '/open-banking/v1.0/dcr', directories: ['pinned'], parameters }],
    })
    expect(settings?.endpoints).toMatchObject([
      { ...endpoint, directories: [], parameters: {} },
      { ...endpoint, path: '/open-banking/v1.0/dcr', directories: ['pinned'], parameters },
    ])
  })

  it('take all operations of their policy at any host for the clients of the identity server, unless they say otherwise', async () => {
    const { settings } = await files.load()
    expect(settings?.endpoints).toMatchObject([
      {
        ...{ name: '/register', host: null, contentTypes: null, sharesClients: false },
        operations: ['create', 'read', 'update', 'delete'],
        registrationUrl: SOUND.upstream.registrationUrl,
      },
    ])
  })

  it('have the host of the public URL where another one names a host, and names that tell them apart', async () => {
    const other = { ...endpoint, host: 'DCR.bank.example', path: '/other', operations: ['read', 'create'] }
    const { settings } = await files.load({ endpoints: [endpoint, other] })
    expect(settings?.endpoints).toMatchObject([
      { name: '/register', host: 'dcr.bank.example' },
      { name: 'dcr.bank.example/other', host: 'dcr.bank.example', operations: ['create', 'read'] },
    ])
  })

  it.each(['dcr.bank.example:8443', 'https://dcr.bank.example', '[::1]', '-a.example', 'a..example', ''])(
    'refuses the host %s',
    async (host) => {
      expect(await files.faults({ endpoints: [{ ...endpoint, host }] })).toEqual([
        `endpoints[0].host: a host name such as dcr.bank.example, without port / "${host}"`,
      ])
    },
  )

  it('must be named by the certificate of the gateway, each host of them', async () => {
    const endpoints = [endpoint, { ...endpoint, host: 'api.bank.example', name: 'api' }]
    expect(await files.faults({ endpoints })).toEqual([
      expect.stringMatching(
        /^tls\.certificateFile: a certificate of a TLS server for the host dcr\.bank\.example of listen\.publicUrl and for the host api\.bank\.example of an endpoint \/ one for DNS:dcr/,
      ),
    ])
  })

  it.each([
    [
      'of another server',
      'https://other.example/reg',
      'the origin of upstream.registrationUrl, https://as.bank.example',
    ],
    [
      'below that of another',
      'https://as.bank.example/register/b',
      'that of endpoints[0], or one whose path is apart from it',
    ],
    [
      'in other letter case',
      'https://as.bank.example/Register',
      'that of endpoints[0], or one whose path is apart from it',
    ],
  ])('refuses a registration URL %s', async (_case, registrationUrl, wanted) => {
    const endpoints = [endpoint, { ...endpoint, path: '/b', registrationUrl }]
    expect(await files.faults({ endpoints })).toEqual([`endpoints[1].registrationUrl: ${wanted} / ${registrationUrl}`])
  })

  it('are told apart by their names where they share host and path', async () => {
    const fault =
      'endpoints[1].name: another name than that of endpoints[0] / /register / endpoints of one host and path are told apart by the names they are given'
    expect(await files.faults({ endpoints: [endpoint, endpoint] })).toEqual([fault])
    expect(await files.faults({ endpoints: [endpoint, { ...endpoint, name: 'other' }] })).toEqual([])
  })

  it.each(['/', 'register', '/register/', '/register?x=1', '/a//b', '/a/../b', '/a/.', '/%61', '/a#b', '/a b'])(
    'refuses the path %s',
    async (path) => {
      expect(await files.faults({ endpoints: [{ ...endpoint, path }] })).toEqual([
        `endpoints[0].path: a path such as /register, without query, escapes or a slash at the end / "${path}"`,
      ])
    },
  )

  it('refuses paths of more than 256 characters', async () => {
    expect(await files.faults({ endpoints: [{ ...endpoint, path: `/${'a'.repeat(256)}` }] })).toHaveLength(1)
    expect(await files.faults({ endpoints: [{ ...endpoint, path: `/${'a'.repeat(255)}` }] })).toEqual([])
  })

  it.each([
    ['inside another', '/register', '/register/mobile'],
    ['around another', '/register/mobile', '/register'],
  ])('refuses a path %s, since one request would belong to both', async (_, first, second) => {
    expect(
      await files.faults({
        endpoints: [
          { ...endpoint, path: first },
          { ...endpoint, path: second },
        ],
      }),
    ).toEqual([`endpoints[1].path: the path of endpoints[0], or one apart from it / "${second}"`])
  })

  it('takes paths that only begin alike', async () => {
    expect(await files.faults({ endpoints: [{ ...endpoint, path: '/reg' }, endpoint] })).toEqual([])
  })

  it('finds clashing paths among endpoints that have other faults', async () => {
    expect(
      await files.faults({ endpoints: [endpoint, null, { ...endpoint, path: '/register/x', policy: 5 }] }),
    ).toEqual([
      'endpoints[1]: a map with the keys name, host, path, operations, contentTypes, policy, trustedIssuers, directories, parameters, registrationUrl, sharesClients / nothing',
      'endpoints[2].policy: a name of lower-case letters, digits and hyphens / 5 / put it in quotes',
      'endpoints[2].path: the path of endpoints[0], or one apart from it / "/register/x"',
    ])
  })

  it('must name trusted issuers that there are', async () => {
    expect(
      await files.faults({
        endpoints: [
          { ...endpoint, trustedIssuers: 'sandbocks' },
          { ...endpoint, path: '/x', trustedIssuers: 'foreign' },
        ],
      }),
    ).toEqual([
      'endpoints[0].trustedIssuers: a key of trust: sandbox / sandbocks / did you mean sandbox?',
      'endpoints[1].trustedIssuers: a key of trust: sandbox / foreign',
    ])
  })

  it('are not held against a section trust that has faults itself', async () => {
    expect(await files.faults({ trust: { Sandbox: 'certs/sandbox' } })).toEqual([
      'trust.Sandbox: a name of lower-case letters, digits and hyphens / Sandbox',
    ])
  })

  it('must exist, and have values for parameters that a policy can declare', async () => {
    expect(await files.faults({ endpoints: [] })).toHaveLength(1)
    expect(await files.faults({ endpoints: 'none' })).toHaveLength(1)
    expect(await files.faults({ endpoints: [{ ...endpoint, parameters: { 'a-b': 1, c: { d: 1 } } }] })).toEqual([
      'endpoints[0].parameters.a-b: the name of a parameter: letters, digits and underscores / a-b',
      'endpoints[0].parameters.c: text or true or false or a number or a list, each entry text / a map',
    ])
  })
})
