import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, inject, it, vi } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration } from '../../../src/model/decision.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { ENDLESS, PATIENCE, administrator, connect, start } from './redis-fixture.ts'
import {
  answer,
  approval,
  frozenClock,
  reasonOf,
  refusalOf,
  ringOf,
  setUp,
  silence,
  TTL,
} from './registrations-fixture.ts'
import { ScriptedServer } from './scripted-server.ts'

describe('reserve', () => {
  it('lets one registration of a software go on and refuses the next until that one is over', async () => {
    const { reserve } = setUp()
    const approved = approval()
    const reserved = await reserve(approved, 'r1')
    expect(reserved).toMatchObject({ registration: 'r1', kept: null })
    expect(reserved.approved).toBe(approved)
    expect(reserved.holder).toMatch(/^[0-9a-f-]{36}$/)
    expect(await reasonOf(reserve(approval()))).toBe('registration-in-progress')
  })

  it('reserves nothing for an approval that was copied rather than made', async () => {
    const { reserve, registry } = setUp()
    const take = vi.spyOn(registry, 'take')
    await expect(reserve({ ...(approval() as object) } as never)).rejects.toThrow(
      new TypeError('not a proof of approved'),
    )
    expect(take).not.toHaveBeenCalled()
  })

  it('tells the operator, and nobody else, which software it was, and him by its hash', async () => {
    const { reserve } = setUp()
    await reserve(approval())
    const [finding] = (await refusalOf(reserve(approval()))).findings
    const hash = createHash('sha256').update('software-1').digest('base64url')
    expect(finding.detail).toContain(hash)
    expect(JSON.stringify({ ...finding, detail: '' })).not.toContain(hash)
    expect(JSON.stringify(finding)).not.toContain('software-1')
  })

  it.each<[string, ApprovedRegistration]>([
    ['of another software', approval({ key: 'software-2' })],
    ['vouched for by another directory, whatever its parties call it', approval({ directory: 'theirs' })],
    ['of a policy that names no software', approval({ key: null })],
  ])('lets a registration %s go on side by side', async (_, other) => {
    const { reserve } = setUp()
    await reserve(approval())
    await expect(reserve(other)).resolves.toBeDefined()
  })

  it('keeps registration endpoints of the identity server apart, and knows no other', async () => {
    const { reserve, registry, clock } = setUp({ realm: '/a', endpoint: 'one' })
    await reserve(approval())
    const elsewhere = setUp({ registry, clock, realm: '/ab' })
    await expect(elsewhere.reserve(approval())).resolves.toBeDefined()
    const sameServer = setUp({ registry, clock, realm: '/a', endpoint: 'two' })
    expect(await reasonOf(sameServer.reserve(approval()))).toBe('registration-in-progress')
  })

  it('lets software have several clients where the policy says so, one for each statement', async () => {
    const { exchange, server } = setUp({ single: false })
    await exchange(approval({ sha256: 'one' }), 'r1')
    await exchange(approval({ sha256: 'two' }), 'r2')
    expect(server.live).toEqual(['client-1', 'client-2'])
  })

  it('gives each registration of a policy that names no software a client of its own', async () => {
    const { exchange, server } = setUp()
    await exchange(approval({ key: null }), 'r1')
    await exchange(approval({ key: null }), 'r2')
    expect(server.live).toEqual(['client-1', 'client-2'])
  })

  it('lets exactly one of 100 go on that come at the same time to two gateways', async () => {
    const shared = { keyPrefix: `test:${randomUUID()}`, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 }
    const registries = [await connect(inject('redisUrl'), shared), await connect(inject('redisUrl'), shared)]
    const [ring, server, clock] = [ringOf('k1'), new ScriptedServer(), frozenClock()]
    const gateways = registries.map((registry) => setUp({ registry, ring, server, clock }))
    const outcomes = await Promise.allSettled(
      gateways.flatMap(({ exchange }) => Array.from({ length: 50 }, () => exchange(approval(), randomUUID()))),
    )
    // Whoever comes after the grant within the minutes after it is the same registrant again, and gets the same client.
    const granted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.clientId] : []))
    expect(granted.length).toBeGreaterThan(0)
    expect(new Set(granted)).toEqual(new Set(['client-1']))
    expect(server.live).toEqual(['client-1'])
  })

  it.each<[string, ApprovedRegistration]>([
    ['a read', approval({ operation: 'read' })],
    ['an update', approval({ operation: 'update' })],
    ['the deletion of a client of which nothing is remembered', approval({ operation: 'delete' })],
  ])('asks nothing of the registry for %s', async (_, approved) => {
    const { reserve, commit, registry, events } = setUp()
    await registry.close()
    const reserved = await reserve(approved, 'r1')
    expect(reserved).toEqual({
      ...{ approved, registration: 'r1', holder: null, record: null, remembered: null, token: null, kept: null },
    })
    await commit(reserved, answer(200))
    expect(events).toEqual([])
  })

  it('frees the software by itself when the lifetime of the reservation ends', async () => {
    const { reserve, clock } = setUp()
    await reserve(approval())
    clock.advance(TTL - 1)
    expect(await reasonOf(reserve(approval()))).toBe('registration-in-progress')
    clock.advance(1)
    await expect(reserve(approval())).resolves.toBeDefined()
  })

  it('frees the software at once when it is refused itself', async () => {
    const { reserve, exchange } = setUp()
    await exchange(approval(), 'r1')
    expect(await reasonOf(reserve(approval({ owner: 'B' })))).toBe('client-exists')
    expect(await reasonOf(reserve(approval({ owner: 'B' })))).toBe('client-exists')
  })

  it('refuses when the registry is away (fail closed)', async () => {
    const { reserve, registry } = setUp()
    await registry.close()
    const refusal = await refusalOf(reserve(approval()))
    expect(refusal.findings).toMatchObject([{ reason: 'state-unavailable', detail: 'closed' }])
    expect(refusal.cause).toBeInstanceOf(RegistryUnavailable)
  })

  it('does not lock the registrant out by a reservation whose confirmation came too late', async () => {
    const server = await start()
    const redis = administrator(server)
    const { reserve } = setUp({ registry: await connect(server.url, { commandTimeoutMs: 1_000 }) })
    await redis.client('PAUSE', ENDLESS, 'WRITE')
    expect(await reasonOf(reserve(approval()))).toBe('state-unavailable')
    await redis.client('UNPAUSE')
    await vi.waitFor(() => reserve(approval()), PATIENCE)
  })

  it('does not pass off a fault of the gateway as an absent registry', async () => {
    const { reserve } = setUp({ newHolder: () => 'not a holder' })
    await expect(reserve(approval())).rejects.toBeInstanceOf(RangeError)
  })
})

describe('commit', () => {
  it('of a grant keeps the software from getting a second client, for as long as it has the first', async () => {
    const { exchange, reserve, clock, sweep, server } = setUp()
    await exchange(approval(), 'r1')
    clock.advance(365 * 24 * 3_600_000)
    await sweep()
    const { findings } = await refusalOf(reserve(approval()))
    expect(findings).toMatchObject([{ reason: 'client-exists', detail: 'client client-1, of registration r1' }])
    expect(server.live).toEqual(['client-1'])
  })

  it.each<[string, UpstreamReply]>([
    ['the identity server refused', answer(400)],
    ['the identity server is busy', answer(503)],
    ['nothing was ever sent', silence(false)],
  ])('frees the software at once, and remembers nothing, when %s', async (_, reply) => {
    const { reserve, commit, recordAt, events } = setUp()
    const reserved = await reserve(approval())
    await commit(reserved, reply)
    expect(await recordAt(reserved.record)).toBeNull()
    await expect(reserve(approval())).resolves.toBeDefined()
    expect(events).toEqual([])
  })

  it.each<[string, UpstreamReply]>([
    ['was asked and never answered', silence(true)],
    ['failed by its own account', answer(500)],
    ['stands behind a proxy that got no answer', answer(502)],
    ['stands behind a proxy that got none in time', answer(504)],
  ])('keeps the software for as long as the identity server may be at it, where that %s', async (_, reply) => {
    const { reserve, commit, recordAt, clock } = setUp()
    const reserved = await reserve(approval())
    await commit(reserved, reply)
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown', clientId: null, kept: null })
    clock.advance(TTL - 1)
    expect(await reasonOf(reserve(approval()))).toBe('registration-in-progress')
    clock.advance(1)
    await expect(reserve(approval())).resolves.toBeDefined()
  })

  it('is written down as sent before the identity server is asked', async () => {
    const { reserve, recordAt, clock } = setUp()
    const { record } = await reserve(approval(), 'r1')
    expect(await recordAt(record)).toMatchObject({
      ...{ id: 'r1', attempt: 'r1', state: 'sent', dueMs: clock.now().getTime() + TTL, clientId: null, kept: null },
    })
  })

  it('leaves the record of a later attempt alone when it comes after the end of its own lease', async () => {
    const { reserve, commit, recordAt, clock, server, kinds } = setUp()
    const late = await reserve(approval(), 'r1')
    clock.advance(TTL)
    const next = await reserve(approval(), 'r2')
    expect(await reasonOf(commit(late, server.answer(late)))).toBe('state-unavailable')
    expect(await recordAt(next.record)).toMatchObject({ attempt: 'r2', state: 'sent' })
    expect(server.live).toEqual([])
    expect(kinds()).toContain('registration-rolled-back')
    await commit(next, server.answer(next))
    expect(server.live).toEqual(['client-2'])
  })

  it('does not pass off a fault of the gateway as an absent registry', async () => {
    class FaultyRegistry extends MemoryRegistry {
      override forget(): Promise<boolean> {
        return Promise.reject(new TypeError('a fault'))
      }
    }
    const clock = frozenClock()
    const { reserve, commit } = setUp({ clock, registry: new FaultyRegistry({ clock, maxEntries: 2 }) })
    const reserved = await reserve(approval())
    await expect(commit(reserved, answer(400))).rejects.toBeInstanceOf(TypeError)
  })
})
