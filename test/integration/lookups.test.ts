import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ResolveHost } from '../../src/egress/egress-rules.ts'
import type { RunningGateway } from '../../src/gateway.ts'
import { ROOT } from '../architecture/source-files.ts'
import { startDirectoryServer, type DirectoryServer } from '../support/directory-server.ts'
import { readAudit, startLaboratoryGateway, systemClock, type LogEntry } from '../support/gateway.ts'
import { openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { mintAuthority, mintServerCertificate } from '../support/mint-certificates.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'

const POLICY = `
apiVersion: dcr-gateway/v1
name: sectors
version: "1"
title: A scheme whose sectors publish at one host
source: A test
extends: [rfc7591]
softwareStatement: { create: forbidden, update: forbidden }
lookups:
  sectorRedirectUris:
    url: requested.?sector_identifier_uri
    hosts: [sectors.example]
    type: list(string)
    at: sector_identifier_uri
    clause: OpenID Connect Registration 5
`

let laboratory: Laboratory
let sectors: DirectoryServer
let gateway: RunningGateway | null = null
let registrant: RegistrantIdentity
const log: LogEntry[] = []

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  await cp(join(ROOT, 'policies/rfc7591'), join(laboratory.folder, 'policies/rfc7591'), { recursive: true })
  await mkdir(join(laboratory.folder, 'policies/sectors'))
  await writeFile(join(laboratory.folder, 'policies/sectors/policy.yaml'), POLICY)
  const authority = await mintAuthority({ subject: [['CN', 'Sectors CA']] })
  await writeFile(join(laboratory.folder, 'sectors-ca.pem'), authority.pem)
  const server = await mintServerCertificate(authority, { dnsNames: ['sectors.example'] })
  sectors = await startDirectoryServer({ certificate: server.pem, privateKey: server.privateKeyPem })
  registrant = await laboratory.registrant(SOFTWARE)
})
afterAll(async () => {
  await sectors.stop()
  await laboratory.stop()
})

/** The identity server fetches the same document by itself; it is told the same. */
beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(LISTED)))
})
afterEach(async () => {
  await gateway?.stop()
  gateway = null
  vi.unstubAllGlobals()
  log.length = 0
})

const LISTED = ['https://app.example/cb', 'https://other.example/cb']
const resolveHost: ResolveHost = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])

async function start(settings: Readonly<Record<string, object>> = {}): Promise<void> {
  await laboratory.writeSettings({
    ...laboratory.settings,
    directories: {},
    endpoints: [{ path: '/register', policy: 'sectors', trustedIssuers: 'sandbox', ...settings['endpoint'] }],
    lookups: { caFile: 'sectors-ca.pem', ports: [sectors.port], allowPrivateAddresses: true, ...settings['lookups'] },
    upstream: { ...(laboratory.settings['upstream'] as object), ...settings['upstream'] },
  })
  gateway = await startLaboratoryGateway(laboratory, systemClock, log, resolveHost)
}

function register(metadata: Record<string, unknown>, identity = registrant): Promise<RegistrantAnswer> {
  const url = `https://127.0.0.1:${gateway?.port ?? 0}/register`
  const body = {
    redirect_uris: ['https://app.example/cb'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks_uri: 'https://app.example/jwks',
    id_token_signed_response_alg: 'PS256',
    ...metadata,
  }
  return sendAs(identity, { method: 'POST', url, body })
}

const sectorUri = (): string => `https://sectors.example:${sectors.port}/openbanking.jwks`
const brokenBy = ({ body }: RegistrantAnswer): readonly unknown[] =>
  (body['findings'] as readonly { readonly rule: string }[] | undefined)?.map(({ rule }) => rule) ?? []

describe('a sector identifier', () => {
  const sent = (): Record<string, unknown> => ({ redirect_uris: LISTED, sector_identifier_uri: sectorUri() })
  const publish = (body: string, status = 200): void => sectors.behave({ kind: 'answer', status, body })

  it('whose document lists every redirect URI is registered, and the audit record says who was asked', async () => {
    await start()
    publish(JSON.stringify(LISTED))
    const answer = await register(sent())
    expect([answer.status, answer.body['sector_identifier_uri']]).toEqual([201, sectorUri()])
    const host = `sectors.example:${sectors.port}`
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({
      decision: 'granted',
      lookups: [{ lookup: 'sectorRedirectUris', host, problem: null }],
    })
    expect(log).toContainEqual(
      expect.objectContaining({
        event: 'fetched',
        facts: expect.objectContaining({ purpose: 'lookup', host }) as object,
      }),
    )
  })

  it('whose document lists one of two alone is refused', async () => {
    await start()
    publish(JSON.stringify(LISTED.slice(1)))
    const answer = await register(sent())
    expect([answer.status, answer.body['error'], brokenBy(answer)]).toEqual([
      400,
      'invalid_client_metadata',
      ['sector-identifier-lists-redirect-uris'],
    ])
  })

  it.each([
    ['is not there', '', 404],
    ['is of another kind', '{"redirect_uris":[]}', 200],
    ['leads elsewhere', '', 302],
  ])('whose document %s is refused together with all else that is wrong', async (_, body, status) => {
    await start()
    publish(body, status)
    const answer = await register({ ...sent(), default_max_age: -1 })
    expect([answer.status, brokenBy(answer)]).toEqual([400, ['lookup-failed', 'default-max-age-not-negative']])
    expect(answer.text).not.toContain('127.0.0.1')
  })

  it('at a listed host that breaks off is nobody’s fault here: 503, and the registrant may try again', async () => {
    await start()
    sectors.behave({ kind: 'reset' })
    const answer = await register(sent())
    expect([answer.status, answer.headers['retry-after'], brokenBy(answer)]).toEqual([
      503,
      '30',
      ['lookup-unavailable'],
    ])
    expect((await readAudit(laboratory)).at(-1)).toMatchObject({ decision: 'failed', reason: 'lookup-unavailable' })
  })

  it('at a host that the policy does not list is never asked', async () => {
    await start()
    const asked = sectors.requestCount()
    const answer = await register({ ...sent(), sector_identifier_uri: 'https://elsewhere.example/list' })
    expect([answer.status, brokenBy(answer)]).toEqual([400, ['lookup-failed']])
    expect(sectors.requestCount()).toBe(asked)
  })

  it('is not asked for by anybody without a good certificate', async () => {
    await start()
    const asked = sectors.connections().opened
    const answer = await register(sent(), laboratory.nobody)
    expect([answer.status, brokenBy(answer)]).toEqual([401, ['client-certificate-required']])
    expect(sectors.connections().opened).toBe(asked)
  })
})

describe('what the identity server offers', () => {
  const published = (): string => {
    const { registrationUrl } = laboratory.identityServer
    return `${new URL(registrationUrl).origin}/.well-known/openid-configuration`
  }

  it('is fetched from it over mTLS, and clients that want anything else are refused', async () => {
    await start({ upstream: { metadataUrl: published() } })
    await vi.waitUntil(() => log.some(({ event }) => event === 'fetched'))
    expect((await register({})).status).toBe(201)
    const answer = await register({ id_token_signed_response_alg: 'ES256', scope: 'openid unheard-of' })
    expect([answer.status, brokenBy(answer)]).toEqual([400, ['signing-algorithms-offered', 'scopes-offered']])
  })

  it('may come from a file instead', async () => {
    await writeFile(
      join(laboratory.folder, 'offered.json'),
      '{"token_endpoint_auth_methods_supported":["tls_client_auth"]}',
    )
    await start({ upstream: { metadataFile: 'offered.json' } })
    expect(brokenBy(await register({}))).toEqual(['authentication-method-offered'])
  })

  it('refuses whom rules would hold against it while it is unknown, and nobody is registered', async () => {
    await start({ upstream: { metadataUrl: `${published()}/nothing-there` } })
    await vi.waitUntil(() => log.some(({ event }) => event === 'fetch-failed'))
    const before = laboratory.identityServer.seen.length
    const answer = await register({})
    expect([answer.status, answer.headers['retry-after'], brokenBy(answer)]).toEqual([
      ...[503, '30'],
      ['lookup-unavailable'],
    ])
    expect(laboratory.identityServer.seen.slice(before).filter(({ method }) => method === 'POST')).toEqual([])
    expect(JSON.stringify((await readAudit(laboratory)).at(-1))).toContain(
      'asked for by rule grants-offered, rule response-types-offered',
    )
  })

  it('holds up nobody whose policy does not ask for it', async () => {
    const ignoring = { parameters: { serverMetadata: 'ignore' } }
    await start({ upstream: { metadataUrl: `${published()}/nothing-there` }, endpoint: ignoring })
    await vi.waitUntil(() => log.some(({ event }) => event === 'fetch-failed'))
    expect((await register({})).status).toBe(201)
  })

  it('lets them pass unasked where the operator says so', async () => {
    await start({ upstream: { metadataUrl: `${published()}/nothing-there`, unknownMetadata: 'admit' } })
    await vi.waitUntil(() => log.some(({ event }) => event === 'fetch-failed'))
    expect((await register({})).status).toBe(201)
  })

  it('is asked of nobody where the operator names no place for it', async () => {
    await start()
    expect((await register({})).status).toBe(201)
  })
})
