import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, inject, it, vi } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ApprovedRegistration } from '../../../src/model/decision.ts'
import { prove } from '../../../src/model/proof.ts'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { advancingClock } from './advancing-clock.ts'
import { ENDLESS, PATIENCE, administrator, connect, start } from './redis-fixture.ts'
import { answer, approval, reasonOf, refusalOf, setUp, silence, TTL } from './reservations-fixture.ts'

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

  it('tells the operator, and nobody else, which software it was, and him by its hash', async () => {
    const { reserve } = setUp()
    await reserve(approval('software-1'))
    const [finding] = (await refusalOf(reserve(approval('software-1')))).findings
    const hash = createHash('sha256').update('software-1').digest('base64url')
    expect(finding.detail).toContain(hash)
    expect(JSON.stringify({ ...finding, detail: '' })).not.toContain(hash)
    expect(JSON.stringify(finding)).not.toContain('software-1')
  })

  it('keeps software of different directories apart, whatever their parties call it', async () => {
    const { reserve } = setUp()
    const vouchedBy = (directory: string): ApprovedRegistration =>
      prove('approved', {
        ...{ clientKey: 'software-1', once: [] },
        evidence: { request: { operation: 'create' }, statement: { directory } },
      } as never)
    await reserve(vouchedBy('theirs'))
    await expect(reserve(vouchedBy('ours'))).resolves.toBeDefined()
    expect(await reasonOf(reserve(vouchedBy('theirs')))).toBe('registration-in-progress')
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
