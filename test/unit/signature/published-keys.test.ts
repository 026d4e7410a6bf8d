import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { reasonEntry } from '../../../src/model/reasons.ts'
import { DEFAULT_PUBLISHED_KEYS_LIMITS } from '../../../src/signature/published-keys.ts'
import { createStatementSigner } from '../../support/sign-statement.ts'
import {
  createKeys,
  findingsOf,
  LIMITS,
  openDirectory,
  pinned,
  reasonsOf,
  refusalOf,
  startServer,
  type DirectoryFixture,
} from '../statement/directory-fixture.ts'

const { freshMs, staleMs, coolDownMs } = LIMITS
const first = await createStatementSigner({ alg: 'ES256', kid: 'first' })
const second = await createStatementSigner({ alg: 'ES256', kid: 'second' })
const knownKey = { algorithm: 'ES256', keyId: 'first' }
const newKey = { algorithm: 'ES256', keyId: 'second' }
const inventedKey = { algorithm: 'ES256', keyId: 'invented' }

/** Lets a refresh that nobody waits for come to its end. */
async function settle({ events }: DirectoryFixture, count: number): Promise<void> {
  while (events.length < count) await nextTurn()
}

describe('the keys of a directory', () => {
  it('are fetched at the first lookup, not before, and not again while they are fresh', async () => {
    const fixture = await openDirectory([first.jwk])
    expect(fixture.server.requestCount()).toBe(0)
    const found = await fixture.keys.find(knownKey)
    fixture.clock.step(freshMs * 0.8 - 1)
    await fixture.keys.find(knownKey)
    expect(found.equals(first.publicKey)).toBe(true)
    expect(fixture.server.requestCount()).toBe(1)
    expect(fixture.events).toEqual([{ kind: 'fetched', keys: 1, ignored: 0 }])
  })

  it('are fetched once for twenty registrants who come at the same time', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    await Promise.all(Array.from({ length: 20 }, () => keys.find(knownKey)))
    expect(server.requestCount()).toBe(1)
  })

  it('are fetched anew when they are no longer fresh, so that a withdrawn key stops working', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    server.behave({ kind: 'keys', keys: [second.jwk] })
    clock.step(freshMs)
    expect(await reasonsOf(keys.find(knownKey))).toEqual(['statement-key-unknown'])
    expect(server.requestCount()).toBe(2)
  })

  it('count their age from the beginning of the fetch, since the answer may be as old', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    const asked = keys.find(knownKey)
    clock.step(freshMs)
    await asked
    await keys.find(knownKey)
    expect(server.requestCount()).toBe(2)
  })

  it('are fetched ahead of time without anybody waiting', async () => {
    const fixture = await openDirectory([first.jwk])
    await fixture.keys.find(knownKey)
    fixture.clock.step(freshMs * 0.8)
    fixture.server.behave({ kind: 'silent' })
    await fixture.keys.find(knownKey)
    expect(fixture.events).toHaveLength(1)
    await fixture.server.stop()
    await settle(fixture, 2)
    expect(fixture.events.map(({ kind }) => kind)).toEqual(['fetched', 'failed'])
  })

  it('live on from the fetch ahead of time', async () => {
    const fixture = await openDirectory([first.jwk])
    await fixture.keys.find(knownKey)
    fixture.clock.step(freshMs * 0.8)
    await fixture.keys.find(knownKey)
    await settle(fixture, 2)
    fixture.clock.step(freshMs * 0.5)
    await fixture.keys.find(knownKey)
    expect(fixture.server.requestCount()).toBe(2)
  })
})

describe('a key id that the directory did not publish', () => {
  it('makes the gateway ask once more, so that a new key works at once', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    server.behave({ kind: 'keys', keys: [first.jwk, second.jwk] })
    const found = await keys.find(newKey)
    expect(found.equals(second.publicKey)).toBe(true)
    expect(server.requestCount()).toBe(2)
  })

  it('is not asked for again when the keys came during this very lookup', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    expect(await reasonsOf(keys.find(inventedKey))).toEqual(['statement-key-unknown'])
    expect(server.requestCount()).toBe(1)
  })

  it('cannot be used to hammer the directory: the next question waits for the cool-down', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    for (let id = 0; id < 10; id += 1)
      await reasonsOf(keys.find({ algorithm: 'ES256', keyId: `invented ${String(id)}` }))
    clock.step(coolDownMs - 1)
    expect(await reasonsOf(keys.find(inventedKey))).toEqual(['statement-key-unknown'])
    expect(server.requestCount()).toBe(2)
    clock.step(1)
    await reasonsOf(keys.find(inventedKey))
    expect(server.requestCount()).toBe(3)
  })

  it('is asked for once when twenty registrants bring it at the same time, and all of them get the answer', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    server.behave({ kind: 'keys', keys: [second.jwk] })
    const found = await Promise.all(Array.from({ length: 20 }, () => keys.find(newKey)))
    expect(found.every((key) => key.equals(second.publicKey))).toBe(true)
    expect(server.requestCount()).toBe(2)
  })

  it('is named to the registrant in a short and harmless form', async () => {
    const { keys } = await openDirectory([first.jwk])
    const [finding] = await findingsOf(keys.find({ algorithm: 'ES256', keyId: `\n\u0007${'x'.repeat(5000)}` }))
    expect(finding?.found).toMatch(/^kid "\\n\\u0007x+\.\.\.$/)
    expect(finding?.found?.length).toBeLessThan(200)
    expect(finding?.wanted).toBe('one key of the directory for ES256')
  })

  it('is called unavailable, not unknown, while the directory is away: nobody can tell', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    await server.stop()
    expect(await reasonsOf(keys.find(newKey))).toEqual(['statement-keys-unavailable'])
    expect(await reasonsOf(keys.find(newKey))).toEqual(['statement-keys-unavailable'])
    expect((await keys.find(knownKey)).equals(first.publicKey)).toBe(true)
  })

  it('is found as soon as the directory is back and the cool-down over, even when somebody asked in between', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    server.behave({ kind: 'reset' })
    await reasonsOf(keys.find(newKey))
    server.behave({ kind: 'keys', keys: [second.jwk] })
    clock.step(coolDownMs - 1)
    expect(await reasonsOf(keys.find(newKey))).toEqual(['statement-keys-unavailable'])
    clock.step(1)
    expect((await keys.find(newKey)).equals(second.publicKey)).toBe(true)
  })
})

describe('while the directory is away', () => {
  it('the last good keys keep serving, and no longer than that', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    await server.stop()
    clock.step(freshMs)
    expect((await keys.find(knownKey)).equals(first.publicKey)).toBe(true)
    clock.step(staleMs - 1)
    expect((await keys.find(knownKey)).equals(first.publicKey)).toBe(true)
    clock.step(1)
    expect(await reasonsOf(keys.find(knownKey))).toEqual(['statement-keys-unavailable'])
  })

  it('it is not asked for each request: a failed fetch has a cool-down', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    server.behave({ kind: 'reset' })
    for (let attempt = 0; attempt < 10; attempt += 1) await reasonsOf(keys.find(knownKey))
    clock.step(coolDownMs - 1)
    expect(await reasonsOf(keys.find(knownKey))).toEqual(['statement-keys-unavailable'])
    expect(server.requestCount()).toBe(1)
    clock.step(1)
    await reasonsOf(keys.find(knownKey))
    expect(server.requestCount()).toBe(2)
  })

  it('the cool-down begins when the fetch failed, not when it began', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    server.behave({ kind: 'reset' })
    const asked = reasonsOf(keys.find(knownKey))
    clock.step(coolDownMs)
    await asked
    await reasonsOf(keys.find(knownKey))
    expect(server.requestCount()).toBe(1)
  })

  it('the registrant is told to come back, and not what the directory said', async () => {
    const { keys, server, events } = await openDirectory([first.jwk])
    server.behave({ kind: 'answer', status: 500, body: 'secret stack trace of the directory' })
    const refusal = await refusalOf(keys.find(knownKey))
    const [finding] = refusal.findings
    expect(finding).toEqual({
      reason: 'statement-keys-unavailable',
      at: 'software_statement',
      message: 'the keys of the directory cannot be fetched at the moment',
      detail: 'status: 500',
    })
    expect(reasonEntry(finding.reason)).toMatchObject({ status: 503, retryAfterSeconds: 30 })
    expect(events).toEqual([{ kind: 'failed', problem: 'status', detail: 'status: 500' }])
    expect(JSON.stringify([refusal.findings, events, String(refusal.cause)])).not.toContain('secret')
  })

  it('keys work again as soon as it is back', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    server.behave({ kind: 'reset' })
    await reasonsOf(keys.find(knownKey))
    server.behave({ kind: 'keys', keys: [first.jwk] })
    clock.step(coolDownMs)
    expect((await keys.find(knownKey)).equals(first.publicKey)).toBe(true)
    expect(await reasonsOf(keys.find(inventedKey))).toEqual(['statement-key-unknown'])
  })
})

describe('the way to the directory', () => {
  it('is https or nothing', () => {
    expect(() => createKeys({ directory: pinned('http://127.0.0.1/openbanking.jwks') })).toThrow(TypeError)
  })

  it('has limits without anybody setting them', () => {
    expect(DEFAULT_PUBLISHED_KEYS_LIMITS).toEqual({
      ...{ timeoutMs: 5_000, sizeLimitBytes: 262_144, maxKeys: 100 },
      ...{ freshMs: 600_000, staleMs: 3_600_000, coolDownMs: 30_000 },
    })
  })

  it('can be closed more than once, and leads nowhere afterwards', async () => {
    const { keys, server } = await openDirectory([first.jwk])
    await Promise.all([keys.close(), keys.close()])
    expect(await reasonsOf(keys.find(knownKey))).toEqual(['statement-keys-unavailable'])
    expect(server.requestCount()).toBe(0)
  })

  it('leads to the server that listens there now, after the old one was replaced', async () => {
    const { keys, server, clock } = await openDirectory([first.jwk])
    await keys.find(knownKey)
    await server.stop()
    await startServer([second.jwk], { port: server.port })
    clock.step(freshMs)
    expect((await keys.find(newKey)).equals(second.publicKey)).toBe(true)
  })
})
