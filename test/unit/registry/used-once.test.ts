import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration, OnceDemand } from '../../../src/model/decision.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { advancingClock } from './advancing-clock.ts'
import { connect } from './redis-fixture.ts'
import { answer, approval, reasonOf, refusalOf, setUp, silence, TTL } from './reservations-fixture.ts'

const HOUR = 3_600_000
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
const demand = (key: string, id = 'request-used-once', directory: string | null = null): OnceDemand => ({
  ...{ id, key, directory, holdsMs: HOUR },
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
    expect(findings).toEqual([{ ...demand('a').finding, detail: `the key with SHA-256 ${sha256('a')} is taken` }])
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

  it('is used up where the identity server may have registered without saying so, as by a registrant who hangs up', async () => {
    const { reserve, commit, clock, losses } = setUp()
    await commit(await reserve(approval('software-1', 'create', [demand('a')])), silence(true))
    clock.advance(TTL)
    await expect(reserve(approval('software-1'))).resolves.toBeDefined()
    clock.advance(HOUR - TTL - 1)
    expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    clock.advance(1)
    await expect(reserve(using(demand('a')))).resolves.toBeDefined()
    expect(losses).toEqual([])
  })

  it('is not used up by what another directory vouched for', async () => {
    const { reserve, commit } = setUp()
    await commit(await reserve(using(demand('a', 'once', 'theirs'))), answer(201))
    await expect(reserve(using(demand('a', 'once', 'ours')))).resolves.toBeDefined()
    await expect(reserve(using(demand('a', 'once')))).resolves.toBeDefined()
    expect(await reasonOf(reserve(using(demand('a', 'once', 'theirs'))))).toBe('used-before')
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
    expect(findings.map(({ detail }) => detail)).toEqual([`the key with SHA-256 ${sha256('b')} is taken`])
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
