import { describe, expect, it } from 'vitest'
import { approval, setUp, TTL } from './registrations-fixture.ts'

describe('a client that its registrant could not use', () => {
  const unusable = { isUsable: () => false }

  it('is removed, and neither the software nor what may happen only once is held by it', async () => {
    const { exchange, recordAt, server, kinds } = setUp(unusable)
    const { reserved } = await exchange(approval(), 'r1')
    expect(server.live).toEqual([])
    expect(await recordAt(reserved.record)).toBeNull()
    expect(kinds()).toEqual(['registration-rolled-back'])
  })

  it('is removed by its token later, where it cannot be at once: by the sweeper', async () => {
    const { exchange, server, sweep, clock, recordAt } = setUp(unusable)
    server.tends = false
    const { reserved } = await exchange(approval(), 'r1')
    expect(server.live).toEqual(['client-1'])
    server.tends = true
    clock.advance(TTL)
    await sweep()
    expect(server.live).toEqual([])
    expect(await recordAt(reserved.record)).toBeNull()
  })

  it('is removed by its token later, where it cannot be at once: by the next attempt', async () => {
    let usable = false
    const { exchange, server } = setUp({ isUsable: () => usable })
    server.tends = false
    await exchange(approval(), 'r1')
    server.tends = true
    usable = true
    await exchange(approval(), 'r2')
    expect(server.live).toEqual(['client-2'])
  })

  it('is removed where nothing is remembered of it, since the store is away', async () => {
    const whenUnavailable = { registrations: 'allow', usedOnce: 'refuse' } as const
    const { exchange, registry, server } = setUp({ ...unusable, whenUnavailable })
    await registry.close()
    await exchange(approval(), 'r1')
    expect(server.live).toEqual([])
  })

  it('is looked for by its mark where the identity server gave no token for it', async () => {
    const { exchange, sweep, server, clock } = setUp({ ...unusable, hasAdministration: true })
    server.givesTokens = false
    await exchange(approval(), 'r1')
    expect(server.live).toEqual(['client-1'])
    clock.advance(TTL)
    await sweep()
    expect(server.live).toEqual([])
  })
})
