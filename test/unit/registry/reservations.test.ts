import { randomUUID } from 'node:crypto'
import { describe, expect, inject, it, vi } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration, OnceDemand } from '../../../src/model/decision.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { prove } from '../../../src/model/proof.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import {
  type ReservationLoss,
  type ReservationOptions,
  createReservations,
} from '../../../src/registry/reservations.ts'
import { advancingClock } from './advancing-clock.ts'
import { ENDLESS, PATIENCE, administrator, connect, start } from './redis-fixture.ts'

const TTL = 60_000

/** As policy/ would have made it; only what reservations read. */
function approval(
  reservationKey: string | null,
  operation: Operation = 'create',
  once: readonly OnceDemand[] = [],
): ApprovedRegistration {
  return prove('approved', { evidence: { request: { operation } }, reservationKey, once } as never)
}

function setUp(options: Partial<ReservationOptions> = {}) {
  const clock = advancingClock()
  const registry = options.registry ?? new MemoryRegistry({ clock, maxEntries: 1000 })
  const losses: ReservationLoss[] = []
  const settings = { registry, scope: '/register', reservationTtlMs: TTL, newOwner: randomUUID }
  const onLost = (loss: ReservationLoss): void => void losses.push(loss)
  return { ...createReservations({ ...settings, onLost, ...options }), registry, clock, losses }
}

async function refusalOf(outcome: Promise<unknown>): Promise<Refusal> {
  const failure: unknown = await outcome.then(
    () => 'no refusal',
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Refusal)
  return failure as Refusal
}

async function reasonOf(outcome: Promise<unknown>): Promise<string> {
  return (await refusalOf(outcome)).findings[0].reason
}

const answer = (status: number): UpstreamReply => ({ kind: 'answer', status, body: null })
const silence = (sent: boolean): UpstreamReply => ({
  kind: 'silence',
  sent,
  finding: { reason: 'upstream-timeout', at: 'identity server', message: 'the identity server did not answer' },
})

describe('reserve', () => {
  it('lets one registration of a software go on and refuses the next until that one is over', async () => {
    const { reserve } = setUp()
    const approved = approval('software-1')
    const reserved = await reserve(approved)
    expect(reserved.approved).toBe(approved)
    expect(reserved.owner).toMatch(/^[0-9a-f-]{36}$/)
    expect(await reasonOf(reserve(approval('software-1')))).toBe('registration-in-progress')
  })

  it('reserves nothing for an approval that was copied rather than made', async () => {
    const { reserve, registry } = setUp()
    const claim = vi.spyOn(registry, 'claim')
    await expect(reserve({ ...(approval('software-1') as object) } as never)).rejects.toThrow(
      new TypeError('not a proof of approved'),
    )
    expect(claim).not.toHaveBeenCalled()
  })

  it('tells the operator, and nobody else, which software it was', async () => {
    const { reserve } = setUp()
    await reserve(approval('software-1'))
    const [finding] = (await refusalOf(reserve(approval('software-1')))).findings
    expect(finding.detail).toContain('"software-1"')
    expect(JSON.stringify({ ...finding, detail: '' })).not.toContain('software-1')
  })

  it('keeps what it tells short, however long the key', async () => {
    const { reserve } = setUp()
    const long = 'x'.repeat(100_000)
    await reserve(approval(long))
    const [finding] = (await refusalOf(reserve(approval(long)))).findings
    expect(finding.detail?.length).toBeLessThanOrEqual(256)
  })

  it('lets exactly one of 100 go on that come at the same time to two gateways', async () => {
    const shared = { keyPrefix: `test:${randomUUID()}`, connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 }
    const registries = [await connect(inject('redisUrl'), shared), await connect(inject('redisUrl'), shared)]
    const gateways = registries.map((registry) => setUp({ registry }))
    const outcomes = await Promise.allSettled(
      gateways.flatMap(({ reserve }) => Array.from({ length: 50 }, () => reserve(approval('software-1')))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('lets different software, and one software at different endpoints, go on side by side', async () => {
    const { reserve, registry } = setUp({ scope: '/a' })
    const elsewhere = setUp({ registry, scope: '/ab' })
    await reserve(approval('bc'))
    await expect(reserve(approval('bd'))).resolves.toBeDefined()
    await expect(elsewhere.reserve(approval('bc'))).resolves.toBeDefined()
    await expect(elsewhere.reserve(approval('c'))).resolves.toBeDefined()
  })

  it.each<[string, ApprovedRegistration]>([
    ['a create without a reservation key', approval(null)],
    ['a read', approval('software-1', 'read')],
    ['an update', approval('software-1', 'update')],
    ['a delete', approval('software-1', 'delete')],
  ])('asks nothing of the registry for %s', async (_, approved) => {
    const { reserve, commit, registry, losses } = setUp()
    await registry.close()
    const reserved = await reserve(approved)
    expect(reserved).toEqual({ approved, owner: null })
    await commit(reserved, answer(200))
    expect(losses).toEqual([])
  })

  it('frees the software by itself when the lifetime of the reservation ends', async () => {
    const { reserve, clock } = setUp()
    await reserve(approval('software-1'))
    clock.advance(TTL - 1)
    expect(await reasonOf(reserve(approval('software-1')))).toBe('registration-in-progress')
    clock.advance(1)
    await expect(reserve(approval('software-1'))).resolves.toBeDefined()
  })

  it('refuses when the registry is away (fail closed)', async () => {
    const { reserve, registry } = setUp()
    await registry.close()
    const refusal = await refusalOf(reserve(approval('software-1')))
    expect(refusal.findings).toMatchObject([{ reason: 'state-unavailable', detail: 'closed' }])
    expect(refusal.cause).toBeInstanceOf(RegistryUnavailable)
  })

  it('does not lock the registrant out by a reservation whose confirmation came too late', async () => {
    const server = await start()
    const redis = administrator(server)
    const { reserve } = setUp({ registry: await connect(server.url, { commandTimeoutMs: 1_000 }) })
    await redis.client('PAUSE', ENDLESS, 'WRITE')
    expect(await reasonOf(reserve(approval('software-1')))).toBe('state-unavailable')
    await redis.client('UNPAUSE')
    await vi.waitFor(() => reserve(approval('software-1')), PATIENCE)
  })

  it('does not pass off a fault of the gateway as an absent registry', async () => {
    const { reserve } = setUp({ newOwner: () => 'not an owner' })
    await expect(reserve(approval('software-1'))).rejects.toBeInstanceOf(RangeError)
  })
})

describe('commit', () => {
  it.each<[string, UpstreamReply]>([
    ['the identity server registered', answer(201)],
    ['the identity server refused', answer(400)],
    ['the identity server failed', answer(500)],
    ['nothing was ever sent', silence(false)],
  ])('frees the software at once when %s', async (_, reply) => {
    const { reserve, commit, losses } = setUp()
    await commit(await reserve(approval('software-1')), reply)
    await expect(reserve(approval('software-1'))).resolves.toBeDefined()
    expect(losses).toEqual([])
  })

  it('keeps the reservation to its end when the identity server may have registered without saying so', async () => {
    const { reserve, commit, clock, losses } = setUp()
    await commit(await reserve(approval('software-1')), silence(true))
    clock.advance(TTL - 1)
    expect(await reasonOf(reserve(approval('software-1')))).toBe('registration-in-progress')
    clock.advance(1)
    await expect(reserve(approval('software-1'))).resolves.toBeDefined()
    expect(losses).toEqual([])
  })

  it('does not fail a granted registration when the registry goes away, and tells the operator', async () => {
    const { reserve, commit, registry, losses } = setUp()
    const reserved = await reserve(approval('software-1'))
    await registry.close()
    await expect(commit(reserved, answer(201))).resolves.toBeUndefined()
    expect(losses).toEqual([{ of: 'reservation', kind: 'unavailable', detail: 'closed' }])
  })

  it('tells the operator of a reservation that ended too early, and leaves the next one alone', async () => {
    const { reserve, commit, clock, losses } = setUp()
    const late = await reserve(approval('software-1'))
    clock.advance(TTL)
    await reserve(approval('software-1'))
    await commit(late, answer(201))
    expect(losses).toEqual([{ of: 'reservation', kind: 'expired' }])
    expect(await reasonOf(reserve(approval('software-1')))).toBe('registration-in-progress')
  })

  it('does not pass off a fault of the gateway as an absent registry', async () => {
    class FaultyRegistry extends MemoryRegistry {
      override release(): Promise<boolean> {
        return Promise.reject(new TypeError('a fault'))
      }
    }
    const { reserve, commit } = setUp({ registry: new FaultyRegistry({ clock: advancingClock(), maxEntries: 1 }) })
    const reserved = await reserve(approval('software-1'))
    await expect(commit(reserved, answer(201))).rejects.toBeInstanceOf(TypeError)
  })
})

const HOUR = 3_600_000
const demand = (key: string, id = 'request-used-once'): OnceDemand => ({
  ...{ id, key, holdsMs: HOUR },
  finding: { reason: 'used-before', rule: id, at: 'jti', message: 'the request was used before' },
})
/** Of one software, as if it registered again and again. */
const using = (...once: OnceDemand[]): ApprovedRegistration => approval(null, 'create', once)

describe('what may happen only once', () => {
  it('is used up by a grant, for as long as the policy says', async () => {
    const { reserve, commit, clock } = setUp()
    await commit(await reserve(using(demand('a'))), answer(201))
    clock.advance(HOUR - 1)
    const { findings } = await refusalOf(reserve(using(demand('a'))))
    expect(findings).toEqual([{ ...demand('a').finding, detail: 'the key "a" is taken' }])
    clock.advance(1)
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('is used up by an update as well', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(approval(null, 'update', [demand('a')])), answer(200))
    expect(await reasonOf(reserve(approval(null, 'update', [demand('a')])))).toBe('used-before')
  })

  it.each<[string, UpstreamReply]>([
    ['the identity server refused', answer(400)],
    ['the identity server failed', answer(500)],
    ['nothing was ever sent', silence(false)],
  ])('is not used up when %s: the very same request may be tried again', async (_, reply) => {
    const { reserve, commit, losses } = setUp()
    await commit(await reserve(using(demand('a'))), reply)
    await commit(await reserve(using(demand('a'))), answer(201))
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    expect(losses).toEqual([])
  })

  it('is held to the end of the reservation when the identity server may have registered without saying so', async () => {
    const { reserve, commit, clock } = setUp()
    await commit(await reserve(using(demand('a'))), silence(true))
    clock.advance(TTL - 1)
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    clock.advance(1)
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('keeps entries of the policy apart, and is the same at every endpoint', async () => {
    const { reserve, commit, registry } = setUp({ scope: '/a' })
    const elsewhere = setUp({ registry, scope: '/b' })
    await commit(await reserve(using(demand('a'))), answer(201))
    await expect(reserve(using(demand('a', 'statement-used-once')))).resolves.toBeDefined()
    expect(await reasonOf(elsewhere.reserve(using(demand('a'))))).toBe('used-before')
  })

  it('is refused with the first thing that was used before, and gives back what was claimed with it', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(using(demand('b'))), answer(201))
    const { findings } = await refusalOf(
      reserve(approval('software-1', 'create', [demand('a'), demand('b'), demand('c')])),
    )
    expect(findings.map(({ detail }) => detail)).toEqual(['the key "b" is taken'])
    await expect(reserve(approval('software-1', 'create', [demand('a'), demand('c')]))).resolves.toBeDefined()
  })

  it('is left alone by a registration that must wait for another one', async () => {
    const { reserve } = setUp()
    await reserve(approval('software-1'))
    expect(await reasonOf(reserve(approval('software-1', 'create', [demand('a')])))).toBe('registration-in-progress')
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
  })

  it('refuses while the registry is away (fail closed), and gives back what was claimed before', async () => {
    class LeavingRegistry extends MemoryRegistry {
      away = true
      override claim(key: string, owner: string, lifetimeMs: number): Promise<{ readonly claimed: boolean }> {
        if (this.away && key.includes('"b"')) return Promise.reject(new RegistryUnavailable('gone'))
        return super.claim(key, owner, lifetimeMs)
      }
    }
    const registry = new LeavingRegistry({ clock: advancingClock(), maxEntries: 10 })
    const { reserve } = setUp({ registry })
    expect(await reasonOf(reserve(using(demand('a'), demand('b'))))).toBe('state-unavailable')
    registry.away = false
    await expect(reserve(using(demand('a'), demand('b')))).resolves.toBeDefined()
  })

  it('does not fail a grant whose registry goes away, and tells the operator which entry was not used up', async () => {
    const { reserve, commit, registry, losses } = setUp()
    const reserved = await reserve(using(demand('a')))
    await registry.close()
    await expect(commit(reserved, answer(201))).resolves.toBeUndefined()
    expect(losses).toEqual([{ of: 'request-used-once', kind: 'unavailable', detail: 'closed' }])
  })

  it('is used up even when the grant came after the end of its claim, and the operator hears of it', async () => {
    const { reserve, commit, clock, losses } = setUp()
    const late = await reserve(using(demand('a')))
    clock.advance(TTL)
    await commit(late, answer(201))
    expect(losses).toEqual([{ of: 'request-used-once', kind: 'expired' }])
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
