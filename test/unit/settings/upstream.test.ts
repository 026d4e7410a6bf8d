import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mintClientCertificate } from '../../support/mint-certificates.ts'
import { SettingsFolder, SOUND, VALID } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const upstream = SOUND.upstream
const URL_FORM =
  'an http or https URL with a path, without credentials, query, fragment, empty segments or a slash at the end'

describe('upstream', () => {
  it('has defaults', async () => {
    const { settings } = await files.load()
    expect(settings?.upstream).toEqual({
      registrationUrl: 'https://as.bank.example/register',
      ca: null,
      clientCertificate: null,
      initialAccessToken: null,
      ...{ management: 'forward', rotatesOnRead: false, earlierClients: 'refuse', administration: null },
      metadataUrl: null,
      unknownMetadata: 'refuse',
      metadata: null,
      timeoutMs: 10_000,
      maxSockets: 64,
      responseLimitBytes: 262_144,
      passHeaders: ['x-fapi-interaction-id'],
    })
  })

  it.each([
    'ftp://as.example/register',
    'https://as.example',
    'https://as.example/register/',
    'https://as.example//register',
    'https://as.example/op//register',
    'https://as.example/op/http:/register',
    'https://as.example/register?a=b',
    'https://as.example/register#a',
    'https://user@as.example/register',
    'https://:word@as.example/register',
    '/register',
  ])('refuses the registration URL %s', async (registrationUrl) => {
    expect(await files.faults({ upstream: { registrationUrl } })).toEqual([
      `upstream.registrationUrl: ${URL_FORM} / "${registrationUrl}"`,
    ])
  })

  it.each(['http://as.example/register', 'http://127.0.0.1.example/register', 'http://10.0.0.1/register'])(
    'refuses %s, which leaves this machine in the clear, unless the operator says so',
    async (registrationUrl) => {
      expect(await files.faults({ upstream: { registrationUrl } })).toEqual([
        `upstream.registrationUrl: https, or allowPlainHttp: true for http to another machine / "${registrationUrl}"`,
      ])
      expect(await files.faults({ upstream: { registrationUrl, allowPlainHttp: true } })).toEqual([])
    },
  )

  it.each([
    'http://localhost:8080/register',
    'http://127.0.0.1/register',
    'http://127.9.9.9/register',
    'http://[::1]/register',
    'http://2130706433/register',
  ])('takes %s, which stays on this machine', async (registrationUrl) => {
    expect(await files.faults({ upstream: { registrationUrl } })).toEqual([])
  })

  it('says that http goes to another machine even when other keys have faults', async () => {
    expect(await files.faults({ upstream: { registrationUrl: 'http://as.example/register', timeoutMs: 'x' } })).toEqual(
      [
        'upstream.timeoutMs: a whole number from 1 to 3600000 / "x"',
        'upstream.registrationUrl: https, or allowPlainHttp: true for http to another machine / "http://as.example/register"',
      ],
    )
  })

  it.each([
    ['of identity', 'Client-Cert'],
    ['of identity in another case', 'X-FORWARDED-CLIENT-CERT'],
    ['of credentials', 'Authorization'],
    ['of cookies', 'cookie'],
    ['of routing', 'Host'],
    ['of framing', 'transfer-encoding'],
    ['of content', 'Content-Location'],
  ])('refuses to let headers %s through', async (_, header) => {
    expect(await files.faults({ upstream: { ...upstream, passHeaders: ['x-a', header] } })).toEqual([
      `upstream.passHeaders[1]: a header that says nothing of identity, framing or routing / "${header}"`,
    ])
  })

  it('refuses names with an underscore, which many servers take for a hyphen', async () => {
    expect(await files.faults({ upstream: { ...upstream, passHeaders: ['client_cert'] } })).toEqual([
      'upstream.passHeaders[0]: a header name of letters, digits and hyphens / "client_cert"',
    ])
  })

  it('gives the names of passed headers in lower case, each once', async () => {
    const { settings } = await files.load({ upstream: { ...upstream, passHeaders: ['X-A', 'x-b', 'x-a'] } })
    expect(settings?.upstream.passHeaders).toEqual(['x-a', 'x-b'])
  })

  it('reads authorities, and the certificate and key for mTLS', async () => {
    const client = await mintClientCertificate(files.authority, VALID)
    await files.write('client.pem', client.pem)
    await files.write('client.key', client.privateKeyPem)
    const { settings } = await files.load({
      upstream: {
        ...upstream,
        caFile: 'ca.pem',
        clientCertificateFile: 'client.pem',
        clientPrivateKeyFile: 'client.key',
      },
    })
    expect(settings?.upstream.ca).toBe(files.authority.pem)
    expect(settings?.upstream.clientCertificate?.certificate).toBe(client.pem)
    expect(settings?.upstream.clientCertificate?.privateKey.reveal()).toBe(client.privateKeyPem)
  })

  it('refuses a certificate without key, a key without certificate, and two that do not match', async () => {
    const both = 'clientCertificateFile and clientPrivateKeyFile, or neither / nothing'
    const certificate = { clientCertificateFile: 'server.pem' }
    const other = await mintClientCertificate(files.authority, VALID)
    await files.write('other.key', other.privateKeyPem)
    expect(await files.faults({ upstream: { ...upstream, ...certificate } })).toEqual([
      `upstream.clientPrivateKeyFile: ${both}`,
    ])
    expect(await files.faults({ upstream: { ...upstream, clientPrivateKeyFile: 'other.key' } })).toEqual([
      `upstream.clientCertificateFile: ${both}`,
    ])
    expect(
      await files.faults({ upstream: { ...upstream, ...certificate, clientPrivateKeyFile: 'other.key' } }),
    ).toEqual(['upstream.clientPrivateKeyFile: the key of the first certificate / another key'])
  })

  it('refuses authorities that cannot be read', async () => {
    expect(await files.faults({ upstream: { ...upstream, caFile: 'none.pem' } })).toEqual([
      'upstream.caFile: a file / nothing at none.pem',
    ])
    await files.write('broken.pem', files.authority.pem.replace('MII', 'XXX'))
    expect(await files.faults({ upstream: { ...upstream, caFile: 'broken.pem' } })).toEqual([
      'upstream.caFile: PEM certificates / none, or one that cannot be read',
    ])
  })

  it('takes its initial access token from the environment, and refuses what cannot stand in a header (RFC 6750 2.1)', async () => {
    const sections = { upstream: { ...upstream, initialAccessToken: { env: 'TOKEN' } } }
    const { settings } = await files.load(sections, { TOKEN: 'abc-._~+/123==' })
    expect(settings?.upstream.initialAccessToken?.reveal()).toBe('abc-._~+/123==')
    expect(await files.faults(sections, { TOKEN: 'hunter 2' })).toEqual([
      'upstream.initialAccessToken: a bearer token (RFC 6750 section 2.1) / other characters in it',
    ])
  })

  it('reads the metadata of the identity server from a file', async () => {
    await files.write('metadata.json', '{"issuer":"https://as.example","scopes_supported":["openid"],"other":1}')
    const { settings } = await files.load({ upstream: { ...upstream, metadataFile: 'metadata.json' } })
    expect(settings?.upstream.metadata).toEqual({ issuer: 'https://as.example', scopes_supported: ['openid'] })
  })

  it('refuses metadata that cannot be read', async () => {
    await files.write('metadata.json', '{"scopes_supported":"openid"}')
    expect(await files.faults({ upstream: { ...upstream, metadataFile: 'metadata.json' } })).toEqual([
      'upstream.metadataFile: scopes_supported as an array of at most 500 strings / string',
    ])
    expect(await files.faults({ upstream: { ...upstream, metadataFile: 'none.json' } })).toEqual([
      'upstream.metadataFile: a file / nothing at none.json',
    ])
  })

  it('takes metadata from one place alone', async () => {
    await files.write('metadata.json', '{}')
    const both = { metadataUrl: 'https://as.example/metadata', metadataFile: 'metadata.json' }
    expect(await files.faults({ upstream: { ...upstream, ...both } })).toEqual([
      'upstream.metadataFile: metadataUrl or metadataFile, not both / both',
    ])
  })

  it('admits while metadata are unknown only where they are fetched, and refuses else', async () => {
    const metadataUrl = 'https://as.example/metadata'
    const settingsOf = async (more: object) =>
      (await files.load({ ...SOUND, upstream: { ...upstream, ...more } })).settings?.upstream.unknownMetadata
    expect(await settingsOf({ metadataUrl })).toBe('refuse')
    expect(await settingsOf({ metadataUrl, unknownMetadata: 'admit' })).toBe('admit')
    expect(await files.faults({ upstream: { ...upstream, unknownMetadata: 'admit' } })).toEqual([
      'upstream.unknownMetadata: metadataUrl beside it / none',
    ])
  })

  it('fetches metadata in the clear from this very machine alone, unless the operator says so', async () => {
    const faultsOf = (metadataUrl: string, more = {}) =>
      files.faults({ upstream: { ...upstream, metadataUrl, ...more } })
    expect(await faultsOf('http://127.0.0.1:8080/metadata')).toEqual([])
    expect(await faultsOf('http://as.example/metadata', { allowPlainHttp: true })).toEqual([])
    expect(await faultsOf('http://as.example/metadata')).toEqual([
      'upstream.metadataUrl: https, or allowPlainHttp: true for http to another machine / "http://as.example/metadata"',
    ])
    expect(await faultsOf('https://user@as.example/metadata')).toEqual([
      'upstream.metadataUrl: an http or https URL without credentials or fragment / "https://user@as.example/metadata"',
    ])
  })
})

describe('upstream.administration', () => {
  const administration = {
    searchUrl: 'https://admin.example/clients?mark={mark}',
    removeUrl: 'https://admin.example/clients/{client_id}',
    markMember: 'gateway_mark',
  }
  const faultsOf = (more: object) =>
    files.faults({ upstream: { ...upstream, administration: { ...administration, ...more } } })

  it('has three addresses, the last one where the operator names it', async () => {
    const load = async (more: object) =>
      (await files.load({ upstream: { ...upstream, administration: { ...administration, ...more } } })).settings
    expect((await load({}))?.upstream.administration).toEqual({ ...administration, lookUpUrl: null, token: null })
    const lookUpUrl = 'https://admin.example/client?id={client_id}'
    expect((await load({ lookUpUrl }))?.upstream.administration).toMatchObject({ lookUpUrl })
  })

  it('has them all at one origin, since they share a token', async () => {
    const elsewhere = 'https://evil.example/{client_id}'
    expect(await faultsOf({ removeUrl: elsewhere, lookUpUrl: elsewhere })).toEqual([
      `upstream.administration.removeUrl: a URL of https://admin.example / ${elsewhere}`,
      `upstream.administration.lookUpUrl: a URL of https://admin.example / ${elsewhere}`,
    ])
  })

  it.each([
    ['searchUrl', 'http://admin.example/{mark}'],
    ['removeUrl', 'http://admin.example/{client_id}'],
    ['lookUpUrl', 'http://admin.example/{client_id}'],
  ])('sends no token in the clear to another machine by %s', async (key, url) => {
    expect(await faultsOf({ [key]: url })).toContain(
      `upstream.administration.${key}: https, or allowPlainHttp: true for http to another machine / "${url}"`,
    )
  })

  it('names a client, or a mark, in each of them', async () => {
    const form = 'in it, without credentials or fragment'
    expect(await faultsOf({ searchUrl: 'https://admin.example/', lookUpUrl: 'https://admin.example/' })).toEqual([
      `upstream.administration.searchUrl: an http or https URL with {mark} ${form} / "https://admin.example/"`,
      `upstream.administration.lookUpUrl: an http or https URL with {client_id} ${form} / "https://admin.example/"`,
    ])
  })
})

describe('lookups', () => {
  it('reach nobody inside and nothing but https unless the operator says so', async () => {
    const { settings } = await files.load()
    expect(settings?.lookups).toEqual({ timeoutMs: 3_000, ca: null, ports: [443], allowPrivateAddresses: false })
  })

  it('have authorities of their own', async () => {
    const { settings } = await files.load({ lookups: { caFile: 'ca.pem', ports: [443, 8443] } })
    expect(settings?.lookups).toMatchObject({ ca: files.authority.pem, ports: [443, 8443] })
    expect(await files.faults({ lookups: { caFile: 'none.pem', ports: [0] } })).toEqual([
      'lookups.ports[0]: a whole number from 1 to 65535 / 0',
      'lookups.caFile: a file / nothing at none.pem',
    ])
  })
})
