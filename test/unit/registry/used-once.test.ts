import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration, OnceDemand } from '../../../src/model/decision.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { onceKey } from '../../../src/registry/used-once.ts'
import { connect } from './redis-fixture.ts'
import {
  answer,
  approval,
  demand,
  frozenClock,
  reasonOf,
  refusalOf,
  setUp,
  silence,
  TTL,
} from './registrations-fixture.ts'

const HOUR = 3_600_000
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
/** Each a registration for itself, as under a policy that names no software. */
const using = (...once: OnceDemand[]): ApprovedRegistration => approval({ key: null, once })

describe('what may happen only once', () => {
  it('is used up by a grant, for as long as the policy says', async () => {
    const { reserve, commit, clock } = setUp()
    await commit(await reserve(using(demand('a'))), answer(201))
    clock.advance(HOUR - 1)
    const { findings } = await refusalOf(reserve(using(demand('a'))))
    expect(findings).toEqual([{ ...demand('a').finding, detail: `the key with SHA-256 ${sha256('a')} is taken` }])
    clock.advance(1)
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('is used up by an update as well', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(approval({ operation: 'update', once: [demand('a')] })), answer(200))
    expect(await reasonOf(reserve(approval({ operation: 'update', once: [demand('a')] })))).toBe('used-before')
  })

  it.each<[string, UpstreamReply]>([
    ['the identity server refused', answer(400)],
    ['the identity server is busy', answer(503)],
    ['nothing was ever sent', silence(false)],
  ])('is not used up when %s: the very same request may be tried again', async (_, reply) => {
    const { reserve, commit, events } = setUp()
    await commit(await reserve(using(demand('a'))), reply)
    await commit(await reserve(using(demand('a'))), answer(201))
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    expect(events).toEqual([])
  })

  it.each<[string, UpstreamReply]>([
    ['was asked and never answered', silence(true)],
    ['failed by its own account', answer(500)],
    ['stands behind a proxy that got no answer', answer(502)],
    ['stands behind a proxy that got none in time', answer(504)],
  ])('is used up where the identity server %s: it may have registered', async (_, reply) => {
    const { reserve, commit, clock, events } = setUp()
    await commit(await reserve(using(demand('a'))), reply)
    clock.advance(HOUR - 1)
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    clock.advance(1)
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
    expect(events).toEqual([])
  })

  it('is not in the way of the second attempt of the very registration that used it up', async () => {
    const { reserve, commit, clock } = setUp()
    const asked = approval({ once: [demand('a')] })
    await commit(await reserve(asked), silence(true))
    clock.advance(TTL)
    await commit(await reserve(asked), answer(201))
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
  })

  it('stays used up by the first attempt when the second one is refused', async () => {
    const { reserve, commit, clock } = setUp()
    const asked = approval({ once: [demand('a'), demand('b')] })
    await commit(await reserve(asked), silence(true))
    clock.advance(TTL)
    await commit(await reserve(asked), answer(400))
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    expect(await reasonOf(reserve(using(demand('b'))))).toBe('used-before')
  })

  it('is not used up by a refused registration, though an earlier one of the same software is in doubt', async () => {
    const { reserve, commit, clock } = setUp()
    await commit(await reserve(approval()), silence(true))
    clock.advance(TTL)
    await commit(await reserve(approval({ sha256: 'statement-2', once: [demand('a')] })), answer(400))
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('stays used up by the first attempt when the second one is refused for something else that was used since', async () => {
    const { reserve, commit, clock } = setUp()
    const short = { ...demand('b', 'short'), holdsMs: 1 }
    const asked = approval({ once: [demand('a'), short] })
    await commit(await reserve(asked), silence(true))
    clock.advance(TTL)
    await commit(await reserve(using(short)), answer(201))
    expect(await reasonOf(reserve(approval({ once: [demand('a'), { ...short, holdsMs: HOUR }] })))).toBe('used-before')
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
  })

  it('stays used up by the first attempt when the store goes away in the second one', async () => {
    class LeavingRegistry extends MemoryRegistry {
      away = false
      override claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
        return this.away && key === onceKey(demand('b'))
          ? Promise.reject(new RegistryUnavailable('gone'))
          : super.claim(key, owner, lifetimeMs)
      }
    }
    const clock = frozenClock()
    const registry = new LeavingRegistry({ clock, maxEntries: 10 })
    const { reserve, commit } = setUp({ registry, clock })
    const asked = approval({ once: [demand('a'), demand('b')] })
    await commit(await reserve(asked), silence(true))
    clock.advance(TTL)
    registry.away = true
    expect(await reasonOf(reserve(asked))).toBe('state-unavailable')
    registry.away = false
    for (const key of ['a', 'b']) expect(await reasonOf(reserve(using(demand(key))))).toBe('used-before')
  })

  it('is used up by a second attempt that gets the answer of the first', async () => {
    const { exchange, reserve } = setUp()
    await exchange(approval({ once: [demand('a')] }), 'r1')
    await exchange(approval({ once: [demand('b')] }), 'r2')
    for (const key of ['a', 'b']) expect(await reasonOf(reserve(using(demand(key))))).toBe('used-before')
  })

  it('is not used up by what another directory vouched for', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(using(demand('a', 'once', 'theirs'))), answer(201))
    await expect(reserve(using(demand('a', 'once', 'ours')))).resolves.toBeDefined()
    await expect(reserve(using(demand('a', 'once')))).resolves.toBeDefined()
    expect(await reasonOf(reserve(using(demand('a', 'once', 'theirs'))))).toBe('used-before')
  })

  it('keeps entries of the policy apart, and is the same at every endpoint', async () => {
    const { reserve, commit, registry } = setUp({ realm: '/a', endpoint: 'a' })
    const elsewhere = setUp({ registry, realm: '/b', endpoint: 'b' })
    await commit(await reserve(using(demand('a'))), answer(201))
    await expect(reserve(using(demand('a', 'statement-used-once')))).resolves.toBeDefined()
    expect(await reasonOf(elsewhere.reserve(using(demand('a'))))).toBe('used-before')
  })

  it('is refused with the first thing that was used before, and gives back what was claimed with it', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(using(demand('b'))), answer(201))
    const { findings } = await refusalOf(reserve(approval({ once: [demand('a'), demand('b'), demand('c')] })))
    expect(findings.map(({ detail }) => detail)).toEqual([`the key with SHA-256 ${sha256('b')} is taken`])
    await expect(reserve(approval({ once: [demand('a'), demand('c')] }))).resolves.toBeDefined()
  })

  it('is left alone by a registration that must wait for another one', async () => {
    const { reserve } = setUp()
    await reserve(approval())
    expect(await reasonOf(reserve(approval({ once: [demand('a')] })))).toBe('registration-in-progress')
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('refuses while the registry is away (fail closed), and gives back what was claimed before', async () => {
    class LeavingRegistry extends MemoryRegistry {
      away = true
      override claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
        if (this.away && key === onceKey(demand('b'))) return Promise.reject(new RegistryUnavailable('gone'))
        return super.claim(key, owner, lifetimeMs)
      }
    }
    const clock = frozenClock()
    const registry = new LeavingRegistry({ clock, maxEntries: 10 })
    const { reserve } = setUp({ registry, clock })
    expect(await reasonOf(reserve(using(demand('a'), demand('b'))))).toBe('state-unavailable')
    registry.away = false
    await expect(reserve(using(demand('a'), demand('b')))).resolves.toBeDefined()
  })

  it('does not fail a grant whose registry goes away, and tells the operator which entry was not used up', async () => {
    const { reserve, commit, registry, events } = setUp()
    const reserved = await reserve(approval({ operation: 'update', once: [demand('a')] }))
    await registry.close()
    await expect(commit(reserved, answer(200))).resolves.toBeUndefined()
    expect(events).toMatchObject([{ kind: 'reservation-lost', detail: 'request-used-once: closed' }])
  })

  it('is used up even when the grant came after the end of its claim, and the operator hears of it', async () => {
    const { reserve, commit, clock, events } = setUp()
    const late = await reserve(approval({ operation: 'update', once: [demand('a')] }))
    clock.advance(TTL)
    await commit(late, answer(200))
    expect(events).toMatchObject([
      { kind: 'reservation-lost', detail: 'request-used-once: its claim had ended before' },
    ])
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
  })

  it('is given to exactly one of 100 that come at the same time to two gateways, and stays used up at both', async () => {
    const shared = { keyPrefix: `test:${randomUUID()}`, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 }
    const registries = [await connect(inject('redisUrl'), shared), await connect(inject('redisUrl'), shared)]
    const gateways = registries.map((registry) => setUp({ registry }))
    const outcomes = await Promise.allSettled(
      gateways.flatMap(({ reserve, commit }) =>
        Array.from({ length: 50 }, async () => {
          const reserved = await reserve(using(demand('a'), demand('b')))
          await commit(reserved, answer(201))
        }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const { reserve } of gateways)
      for (const key of ['a', 'b']) expect(await reasonOf(reserve(using(demand(key))))).toBe('used-before')
  })
})
