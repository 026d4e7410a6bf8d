import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisTopology } from '../../../src/model/redis-topology.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { mintClientCertificate } from '../../support/mint-certificates.ts'
import { SettingsFolder, VALID } from './settings-folder.ts'

let files: SettingsFolder
beforeAll(async () => (files = await SettingsFolder.create()))
afterAll(() => files.remove())

const redis = { kind: 'redis', url: { env: 'REDIS_URL' } }
const FORM = 'redis[s]://[user[:password]@]host[:port][/database]'

function topologyOf(settings: Settings | null): RedisTopology | null {
  return settings?.state.kind === 'redis' ? settings.state.topology : null
}

describe('state', () => {
  it('is memory unless Redis is named', async () => {
    expect((await files.load()).settings?.state).toEqual({
      ...{ kind: 'memory', reservationTtlMs: 60_000, recovery: 'replay', recoveryMs: 600_000, sweepIntervalMs: 10_000 },
      whenUnavailable: { registrations: 'refuse', usedOnce: 'refuse', rates: 'allow' },
    })
  })

  it('has defaults for Redis, and its address as a secret', async () => {
    const { settings } = await files.load({ state: redis }, { REDIS_URL: 'rediss://user:hunter2@redis.example:6380/1' })
    expect(settings?.state).toMatchObject({
      ...{
        kind: 'redis',
        keyPrefix: 'dcr',
        waitForReplicas: 0,
        commandTimeoutMs: 500,
        connectTimeoutMs: 2000,
        reservationTtlMs: 60_000,
        whenUnavailable: { rates: 'allow' },
      },
    })
    expect(topologyOf(settings)).toMatchObject({
      ...{ kind: 'single', at: { host: 'redis.example', port: 6380 }, database: 1, user: 'user' },
      tls: { ca: null, clientCertificate: null },
    })
    expect(topologyOf(settings)?.password?.reveal()).toBe('hunter2')
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('hunter2')
  })

  it('refuses a literal address without printing it', async () => {
    expect(await files.faults({ state: { kind: 'redis', url: 'redis://:hunter2@localhost' } })).toEqual([
      'state.url: a reference to the secret, { env: NAME } or { file: path }, and never the secret itself / a value that is not shown',
    ])
  })

  it.each([
    'http://x',
    'redis://',
    'redis://x/y',
    'redis://x/123456',
    'redis://x?a=b',
    'redis://x#a',
    'x',
    'redis://:100%@x',
  ])('refuses the address %s without printing it', async (REDIS_URL) => {
    expect(await files.faults({ state: redis }, { REDIS_URL })).toEqual([`state.url: ${FORM} / something else`])
  })

  it.each(['redis://x', 'redis://x/', 'redis://x:1/2', 'rediss://[::1]:6379'])(
    'takes the address %s',
    async (REDIS_URL) => {
      expect(await files.faults({ state: redis }, { REDIS_URL })).toEqual([])
    },
  )

  it('refuses authorities for a connection without TLS, where they would silently not be asked', async () => {
    const state = { ...redis, caFile: 'ca.pem' }
    expect(await files.faults({ state }, { REDIS_URL: 'redis://x' })).toEqual([
      'state.caFile: none, since the URL begins with redis: and not with rediss: / one',
    ])
    const { settings } = await files.load({ state }, { REDIS_URL: 'rediss://x' })
    expect(topologyOf(settings)?.tls).toMatchObject({ ca: files.authority.pem })
  })

  it('reads what it presents to a Redis that demands a certificate', async () => {
    const client = await mintClientCertificate(files.authority, VALID)
    await files.write('redis.pem', client.pem)
    await files.write('redis.key', client.privateKeyPem)
    const state = { ...redis, clientCertificateFile: 'redis.pem', clientPrivateKeyFile: 'redis.key' }
    const { settings } = await files.load({ state }, { REDIS_URL: 'rediss://x' })
    const presented = topologyOf(settings)?.tls?.clientCertificate
    expect([presented?.certificate, presented?.privateKey.reveal()]).toEqual([client.pem, client.privateKeyPem])
    const none = 'none, since the URL begins with redis: and not with rediss: / one'
    expect(await files.faults({ state }, { REDIS_URL: 'redis://x' })).toEqual([
      `state.clientCertificateFile: ${none}`,
      `state.clientPrivateKeyFile: ${none}`,
    ])
    const mixed = { ...state, clientPrivateKeyFile: 'server.key' }
    expect(await files.faults({ state: mixed }, { REDIS_URL: 'rediss://x' })).toEqual([
      'state.clientPrivateKeyFile: the key of the first certificate / another key',
    ])
  })

  it.each([
    ['clientPrivateKeyFile', { clientCertificateFile: 'server.pem' }],
    ['clientCertificateFile', { clientPrivateKeyFile: 'server.key' }],
  ])('misses %s beside the other half', async (missing, half) => {
    expect(await files.faults({ state: { ...redis, ...half } }, { REDIS_URL: 'rediss://x' })).toEqual([
      `state.${missing}: clientCertificateFile and clientPrivateKeyFile, or neither / nothing`,
    ])
  })

  it('says what becomes of requests whose rate cannot be looked up', async () => {
    const whenUnavailable = { rates: 'refuse' }
    const { settings } = await files.load({ state: { ...redis, whenUnavailable } }, { REDIS_URL: 'redis://x' })
    expect(settings?.state).toMatchObject({ whenUnavailable })
    const misspelt = { ...redis, whenUnavailable: { rates: 'alow' } }
    expect(await files.faults({ state: misspelt }, { REDIS_URL: 'redis://x' })).toEqual([
      'state.whenUnavailable.rates: refuse or allow / "alow" / did you mean allow?',
    ])
  })

  it('refuses keys of Redis for memory, other kinds and other prefixes', async () => {
    expect(await files.faults({ state: { kind: 'memory', keyPrefix: 'x' } })).toEqual([
      'state.keyPrefix: a known key / keyPrefix / the keys here are kind, reservationTtlMs, recovery, recoveryMs, sweepIntervalMs, whenUnavailable',
    ])
    expect(await files.faults({ state: { kind: 'rediss' } })).toEqual([
      'state.kind: memory or redis / "rediss" / did you mean redis?',
    ])
    expect(await files.faults({ state: { ...redis, keyPrefix: 'a b' } }, { REDIS_URL: 'redis://x' })).toEqual([
      'state.keyPrefix: 1 to 64 letters, digits and characters of . _ : - / "a b"',
    ])
  })
})
