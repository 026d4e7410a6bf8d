import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import type { PublishedKeysEvent } from '../../../src/signature/published-keys.ts'
import type { DirectoryBehaviour } from '../../support/directory-server.ts'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'
import { createStatementSigner } from '../../support/sign-statement.ts'
import {
  authority,
  createKeys,
  LIMITS,
  openDirectory,
  pinned,
  reasonsOf,
  startServer,
} from '../statement/directory-fixture.ts'

const signer = await createStatementSigner({ alg: 'ES256' })
const document = JSON.stringify({ keys: [signer.jwk] })
const reference = { algorithm: 'ES256', keyId: 'signer' }
const namesake = await mintAuthority({ subject: [['CN', 'Directory CA']] })

interface Case {
  readonly what: string
  readonly behaviour: DirectoryBehaviour
  readonly problem: string
}

const padded = (bytes: number): string => document.padEnd(bytes, ' ')
const cases: readonly Case[] = [
  { what: 'a body that never ends', behaviour: { kind: 'endless' }, problem: 'too-large' },
  {
    what: 'one byte more than the limit',
    behaviour: { kind: 'answer', body: padded(LIMITS.sizeLimitBytes + 1) },
    problem: 'too-large',
  },
  { what: 'a broken connection', behaviour: { kind: 'reset' }, problem: 'unreachable' },
  { what: 'an error', behaviour: { kind: 'answer', status: 500, body: document }, problem: 'status' },
  { what: 'another success than 200', behaviour: { kind: 'answer', status: 203, body: document }, problem: 'status' },
  {
    what: 'a long error',
    behaviour: { kind: 'answer', status: 404, body: padded(5_000_000) },
    problem: 'status',
  },
  { what: 'something that is not JSON', behaviour: { kind: 'answer', body: '<html>' }, problem: 'malformed' },
  { what: 'nothing', behaviour: { kind: 'answer', body: '' }, problem: 'malformed' },
  { what: 'JSON that is not a JWKS', behaviour: { kind: 'answer', body: '{"jwks":[]}' }, problem: 'malformed' },
  { what: 'an array', behaviour: { kind: 'answer', body: `[${document}]` }, problem: 'malformed' },
  {
    what: 'a member name twice',
    behaviour: { kind: 'answer', body: document.replace('{"keys"', '{"keys":[],"keys"') },
    problem: 'malformed',
  },
  {
    what: 'a compressed body that it was not asked for',
    behaviour: { kind: 'answer', headers: { 'content-encoding': 'gzip' }, body: gzipSync(document) },
    problem: 'malformed',
  },
  { what: 'no keys', behaviour: { kind: 'keys', keys: [] }, problem: 'no-usable-keys' },
  {
    what: 'more keys than the limit',
    behaviour: { kind: 'keys', keys: Array.from({ length: LIMITS.maxKeys + 1 }, () => signer.jwk) },
    problem: 'too-many-keys',
  },
]

describe('fetching the keys of a directory fails closed', () => {
  it.each(cases)('on $what', async ({ behaviour, problem }) => {
    const { keys, server, events } = await openDirectory([])
    server.behave(behaviour)
    expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    expect(events).toEqual([expect.objectContaining({ kind: 'failed', problem })])
    expect(server.requestCount()).toBe(1)
  })

  const unread: readonly DirectoryBehaviour[] = [
    { kind: 'endless' },
    { kind: 'answer', status: 503, body: padded(5_000_000) },
  ]
  it.each(unread)('without reading on, and without keeping the connection: $kind', async (behaviour) => {
    const { keys, server } = await openDirectory([], { timeoutMs: 60_000 })
    server.behave(behaviour)
    await reasonsOf(keys.find(reference))
    await vi.waitUntil(() => server.connections().stillOpen === 0, { timeout: 10_000 })
    expect(server.connections().opened).toBe(1)
  })

  it.each(['silent', 'stalled'] as const)('on a %s directory, when the time is up', async (kind) => {
    const { keys, server, events } = await openDirectory([], { timeoutMs: 200 })
    server.behave({ kind })
    expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    expect(events).toEqual([expect.objectContaining({ problem: 'timeout' })])
  })

  it.each([301, 302, 303, 307, 308])('on a redirect with %i, which is not followed (SSRF)', async (status) => {
    const elsewhere = await startServer([signer.jwk])
    const { keys, server, events } = await openDirectory([])
    server.behave({ kind: 'answer', status, headers: { location: elsewhere.jwksUri }, body: document })
    expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    expect(events).toEqual([expect.objectContaining({ problem: 'status', detail: `status: ${String(status)}` })])
    expect(elsewhere.requestCount()).toBe(0)
  })

  it('but takes a document of exactly the limit, whatever its content type', async () => {
    const { keys, server } = await openDirectory([])
    const body = padded(LIMITS.sizeLimitBytes)
    server.behave({ kind: 'answer', headers: { 'content-type': 'application/octet-stream' }, body })
    expect((await keys.find(reference)).equals(signer.publicKey)).toBe(true)
  })

  it('but takes exactly as many keys as the limit', async () => {
    const published = Array.from({ length: LIMITS.maxKeys }, (_, id) => ({ ...signer.jwk, kid: String(id) }))
    const { keys } = await openDirectory(published)
    expect((await keys.find({ algorithm: 'ES256', keyId: '4' })).equals(signer.publicKey)).toBe(true)
  })
})

describe('the server of a directory', () => {
  it.each([
    ['of another authority of the same name', namesake.pem],
    ['of an authority that is not a public one', null],
  ])('is refused with a certificate %s', async (_, ca) => {
    const server = await startServer([signer.jwk])
    const events: PublishedKeysEvent[] = []
    const keys = createKeys({ directory: pinned(server.jwksUri, ca), events })
    expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    expect(events).toEqual([expect.objectContaining({ problem: 'unreachable' })])
    expect(server.requestCount()).toBe(0)
  })

  it('is refused even when the environment switches certificate checks off', async () => {
    const server = await startServer([signer.jwk])
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const keys = createKeys({ directory: pinned(server.jwksUri, null) })
      expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })

  it('is refused under a name that its certificate does not have', async () => {
    const minted = await mintServerCertificate(authority, { dnsNames: ['elsewhere.example'], ipAddresses: [] })
    const server = await startServer([signer.jwk], { certificate: minted.pem, privateKey: minted.privateKeyPem })
    const events: PublishedKeysEvent[] = []
    const keys = createKeys({ directory: pinned(server.jwksUri), events })
    expect(await reasonsOf(keys.find(reference))).toEqual(['statement-keys-unavailable'])
    expect(events).toEqual([expect.objectContaining({ detail: 'unreachable: ERR_TLS_CERT_ALTNAME_INVALID' })])
  })

  it('shows its certificate for each fetch: no connection is resumed', async () => {
    const { keys, server, clock } = await openDirectory([signer.jwk])
    for (let fetch = 0; fetch < 4; fetch += 1) {
      await keys.find(reference)
      clock.step(LIMITS.freshMs)
    }
    expect(server.requestCount()).toBe(4)
    expect(server.connections()).toMatchObject({ opened: 4, resumed: 0 })
  })
})
