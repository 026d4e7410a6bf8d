import { describe, expect, it } from 'vitest'
import { approval, reasonOf, setUp, TTL } from './registrations-fixture.ts'

describe('the sweeper, while the identity server takes its time', () => {
  it('removes nothing more once another has the record: what it finds by then may be his', async () => {
    const { exchange, sweep, clock, server, registry, recordAt } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    const { reserved } = await exchange(approval(), 'r1')
    const name = reserved.record ?? ''
    clock.advance(TTL)
    server.duringSearch = async () => {
      clock.advance(TTL)
      await registry.take(name, 'next-attempt', TTL, null)
    }
    await sweep()
    expect(server.live).toEqual(['client-1'])
    expect(await recordAt(name)).toMatchObject({ state: 'unknown' })
    expect(await registry.leave(name, 'next-attempt')).toBe(true)
  })

  it('keeps the record for as long as the identity server takes, step after step', async () => {
    const { exchange, sweep, clock, server, registry, reserve } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    for (const sha256 of ['one', 'two', 'three']) {
      await exchange(approval({ sha256 }), `r-${sha256}`)
      clock.advance(TTL)
    }
    server.duringSearch = async () => {
      clock.advance(TTL - 1)
      expect(await reasonOf(reserve(approval()))).toBe('registration-in-progress')
    }
    await sweep()
    expect(server.live).toEqual([])
    expect(await registry.due(clock.now().getTime(), 10)).toEqual([])
  })
})
