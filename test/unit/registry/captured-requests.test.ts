import { describe, expect, it } from 'vitest'
import type { ApprovedRegistration, OnceDemand } from '../../../src/model/decision.ts'
import { approval, demand, reasonOf, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

const using = (...once: OnceDemand[]): ApprovedRegistration => approval({ key: null, once })

describe('what may happen only once', () => {
  it.each([true, false])(
    'is never good for a second client, single %s: a captured request stays worthless',
    async (single) => {
      const { exchange, reserve, clock, server } = setUp({ single })
      const captured = approval({ once: [demand('a')] })
      await exchange(captured, 'r1')
      clock.advance(RECOVERY)
      expect(await reasonOf(reserve(captured))).toBe(single ? 'client-exists' : 'used-before')
      expect(server.live).toEqual(['client-1'])
    },
  )

  it('is never good for a client after the one that was deleted, though nobody knows whether it was', async () => {
    const { exchange, reserve, clock, server } = setUp()
    const captured = approval({ once: [demand('a')] })
    const { reserved } = await exchange(captured, 'r1')
    server.behaviour = 'falls silent'
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await exchange(approval({ operation: 'delete', managed }), 'd1')
    clock.advance(TTL)
    expect(await reasonOf(reserve(captured))).toBe('used-before')
  })

  it.each([0, RECOVERY])(
    'is never good for a client after one that somebody deleted at the identity server, %s ms after it was used',
    async (ms) => {
      const { exchange, reserve, clock, server, sweep } = setUp({ hasAdministration: true, looksUp: true })
      const captured = approval({ once: [demand('a')] })
      const { reserved } = await exchange(captured, 'r1')
      const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
      await exchange(approval({ operation: 'read', managed }), 'm1')
      clock.advance(ms)
      await sweep()
      server.clients.clear()
      expect(await reasonOf(reserve(captured))).toBe('used-before')
      await exchange(approval({ sha256: 'another', once: [demand('b')] }), 'r2')
      expect(await reasonOf(reserve(using(demand('a'))))).toBe('used-before')
    },
  )

  it('is good again in all that one registration was asked with, once it is known that it came to nothing', async () => {
    const { exchange, reserve, clock, server, sweep } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    await exchange(approval({ once: [demand('a')] }), 'r1')
    clock.advance(TTL)
    await exchange(approval({ once: [demand('b')] }), 'r2')
    clock.advance(TTL)
    for (const key of ['a', 'b']) expect(await reasonOf(reserve(using(demand(key))))).toBe('used-before')
    await sweep()
    expect(server.live).toEqual([])
    for (const key of ['a', 'b']) await expect(reserve(using(demand(key)))).resolves.toBeDefined()
  })

  it.each(['answers', 'falls silent'] as const)(
    'is never good again for a client that was granted and deleted (%s), though earlier attempts are in doubt',
    async (behaviour) => {
      const { exchange, reserve, clock, server, sweep } = setUp({ hasAdministration: true })
      const captured = approval({ once: [demand('a')] })
      server.behaviour = 'falls silent'
      await exchange(captured, 'r1')
      clock.advance(TTL)
      server.behaviour = 'answers'
      const { reserved } = await exchange(captured, 'r2')
      server.behaviour = behaviour
      const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
      await exchange(approval({ operation: 'delete', managed }), 'd1')
      clock.advance(TTL)
      expect(await reasonOf(reserve(captured))).toBe('used-before')
      await sweep()
      expect(await reasonOf(reserve(captured))).toBe('used-before')
      expect(server.live).toEqual([])
    },
  )
})
