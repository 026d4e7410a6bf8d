import { describe, expect, it } from 'vitest'
import { settleRecord, sweepRegistrations } from '../../../src/registry/sweep-registrations.ts'
import { approval, demand, reasonOf, RECOVERY, ringOf, setUp, TTL } from './registrations-fixture.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe('the sweeper', () => {
  it('leaves a registration alone that is under way', async () => {
    const { reserve, sweep, recordAt, clock, server, commit } = setUp({ hasAdministration: true })
    const reserved = await reserve(approval())
    clock.advance(TTL - 1)
    const reply = server.answer(reserved)
    expect(await sweep()).toBe(0)
    expect(server.asked).toEqual([])
    await commit(reserved, reply)
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'granted', clientId: 'client-1' })
  })

  it.each(['sent', 'unknown'] as const)('removes what a registration left behind that ended as %s', async (state) => {
    const { reserve, commit, sweep, recordAt, clock, server, kinds } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    const reserved = await reserve(approval(), 'r1')
    const reply = server.answer(reserved)
    if (state === 'unknown') await commit(reserved, reply)
    clock.advance(TTL)
    await sweep()
    expect(server.live).toEqual([])
    expect(server.asked).toEqual(['search r1', 'administration removes client-1'])
    expect(kinds()).toEqual(['registration-settled'])
    // An identity server may finish what it was asked long after.
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown' })
    server.clients.set('late', { token: 'token-of-late', mark: 'r1' })
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual([])
    expect(await recordAt(reserved.record)).toBeNull()
  })

  it('gives back what such a registration used up at its first look, and lets the software register meanwhile', async () => {
    const { exchange, sweep, clock, server } = setUp({ hasAdministration: true })
    server.behaviour = 'falls silent'
    await exchange(approval({ once: [demand('a')] }), 'r1')
    clock.advance(TTL)
    await sweep()
    server.behaviour = 'answers'
    const other = approval({ sha256: 'another', once: [demand('a')] })
    const { clientId } = await exchange(other, 'r2')
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual([clientId])
  })

  it('tries again after a minute where the identity server does not answer, for as long as it takes', async () => {
    const { exchange, sweep, recordAt, clock, server, kinds } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    const { reserved } = await exchange(approval(), 'r1')
    server.tends = false
    clock.advance(TTL)
    for (let round = 0; round < 3; round += 1) {
      await sweep()
      expect(await sweep()).toBe(0)
      clock.advance(MINUTE)
    }
    expect(kinds()).toEqual(Array(3).fill('registration-unsettled'))
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown' })
    server.tends = true
    await sweep()
    expect(server.live).toEqual([])
  })

  it('tells once, and asks nobody again, where the operator named no way to look', async () => {
    const { exchange, sweep, recordAt, clock, server, kinds } = setUp()
    server.behaviour = 'falls silent'
    const { reserved } = await exchange(approval(), 'r1')
    clock.advance(TTL)
    for (let round = 0; round < 3; round += 1) {
      await sweep()
      clock.advance(MINUTE)
    }
    expect(kinds()).toEqual(['registration-unsettled'])
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown' })
    clock.advance(30 * DAY)
    await sweep()
    expect(await recordAt(reserved.record)).toBeNull()
    expect(kinds()).toEqual(['registration-unsettled'])
  })

  it('leaves a granted client alone, and removes what attempts before it left behind', async () => {
    const { exchange, sweep, recordAt, clock, server } = setUp({ hasAdministration: true })
    server.behaviour = 'falls silent'
    await exchange(approval(), 'r1')
    clock.advance(TTL)
    server.behaviour = 'answers'
    const { reserved } = await exchange(approval(), 'r2')
    // The identity server was slow beyond all measure, and finished the first attempt after the second.
    server.clients.set('late', { token: 'token-of-late', mark: 'r1' })
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-1'])
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'settled', clientId: 'client-1', doubtful: [] })
  })

  it('forgets kept credentials in time even where it cannot look for what earlier attempts left behind', async () => {
    const { exchange, sweep, recordAt, clock, server } = setUp({ hasAdministration: true })
    server.behaviour = 'falls silent'
    await exchange(approval(), 'r1')
    clock.advance(TTL)
    server.behaviour = 'answers'
    const { reserved } = await exchange(approval(), 'r2')
    server.tends = false
    clock.advance(RECOVERY)
    await sweep()
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'granted', kept: null, doubtful: ['r1'] })
    server.tends = true
    clock.advance(MINUTE)
    await sweep()
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'settled', doubtful: [] })
    expect(server.live).toEqual(['client-1'])
  })

  it('forgets kept credentials in time even where the identity server does not tell whether the client is there', async () => {
    const { exchange, sweep, recordAt, clock, server } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    server.tends = false
    clock.advance(RECOVERY)
    await sweep()
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'settled', clientId: 'client-1', kept: null })
  })

  it.each([
    ['by its token', ['k1'], false],
    ['by the way that the operator named, where no key opens the token any more', ['k2'], true],
  ])('removes a client that nobody has got %s', async (_, keys, hasAdministration) => {
    const first = setUp({ recovery: 'rollback', hasAdministration })
    const { reserved } = await first.exchange(approval(), 'r1')
    await first.undelivered(reserved)
    const ring = keys[0] === 'k1' ? first.ring : ringOf(...keys)
    const later = setUp({ ...first.settings, server: first.server, hasAdministration, ring })
    await later.sweep()
    expect(first.server.live).toEqual([])
    expect(await first.recordAt(reserved.record)).toBeNull()
  })

  it('keeps the software until such a client is removed, and tells the operator that it cannot', async () => {
    const { exchange, undelivered, sweep, clock, server, reserve, kinds } = setUp({ recovery: 'rollback' })
    await undelivered((await exchange(approval(), 'r1')).reserved)
    server.tends = false
    await sweep()
    expect(kinds()).toEqual(['registration-undelivered', 'registration-unsettled'])
    expect(await reasonOf(reserve(approval()))).toBe('registration-unsettled')
    server.tends = true
    clock.advance(MINUTE)
    await sweep()
    expect(server.live).toEqual([])
    await expect(reserve(approval())).resolves.toBeDefined()
  })

  it('keeps nobody out for a client that can be removed by nobody: no token, and no way named by the operator', async () => {
    const { exchange, undelivered, sweep, recordAt, server, kinds } = setUp({ recovery: 'rollback' })
    server.givesTokens = false
    const { reserved } = await exchange(approval(), 'r1')
    await undelivered(reserved)
    await sweep()
    expect(kinds()).toEqual(['registration-undelivered', 'registration-unsettled'])
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown' })
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-2')
  })

  it('is not waited for by such a registrant', async () => {
    const { exchange, undelivered, recordAt, server } = setUp({ recovery: 'rollback' })
    server.givesTokens = false
    await undelivered((await exchange(approval(), 'r1')).reserved)
    const { clientId, reserved } = await exchange(approval({ sha256: 'another' }), 'r2')
    expect(clientId).toBe('client-2')
    expect(await recordAt(reserved.record)).toMatchObject({ doubtful: ['r1'] })
  })

  it('settles many, whatever becomes of each', async () => {
    const { exchange, sweep, clock, server } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    for (let index = 0; index < 150; index += 1) await exchange(approval({ key: `software-${index}` }), `r${index}`)
    clock.advance(TTL)
    expect(await sweep()).toBe(100)
    expect(await sweep()).toBe(50)
    expect(server.live).toEqual([])
  })

  it('works beside others: what one has is left alone by the next', async () => {
    const { exchange, settings, registry, clock, server, recordAt } = setUp({ hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    const { reserved } = await exchange(approval(), 'r1')
    clock.advance(TTL)
    const name = reserved.record ?? ''
    await registry.take(name, 'another-process', TTL, null)
    expect(await settleRecord({ ...settings, keepsAnswers: false, upkeepAt: () => settings.upkeep }, name)).toBe(false)
    expect(server.asked).toEqual([])
    expect(await recordAt(name)).not.toBeNull()
  })

  it('leaves what it cannot read as it is, and looks at it once', async () => {
    const { exchange, registry, sweep, clock } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    const name = reserved.record ?? ''
    await registry.take(name, 'other-edition', TTL, null)
    await registry.write(name, 'other-edition', { value: '{"edition":2}', dueMs: 0 }, null)
    clock.advance(RECOVERY)
    expect(await sweep()).toBe(1)
    expect(await sweep()).toBe(0)
    expect(await registry.read(name)).toBe('{"edition":2}')
  })

  it('asks the identity server at the endpoint that has the client, whatever others there are', async () => {
    const { exchange, undelivered, settings, clock, server } = setUp({ recovery: 'rollback' })
    await undelivered((await exchange(approval(), 'r1')).reserved)
    clock.advance(RECOVERY)
    const realms: string[] = []
    await sweepRegistrations({
      ...settings,
      keepsAnswers: false,
      upkeepAt: (realm) => {
        realms.push(realm)
        return settings.upkeep
      },
    })
    expect(new Set(realms)).toEqual(new Set(['/reg']))
    expect(server.live).toEqual([])
  })
})

describe('a record that cannot be dealt with', () => {
  it('keeps no other waiting, and is told of as a fault', async () => {
    const { exchange, undelivered, server, settings, clock } = setUp({ recovery: 'rollback' })
    for (const key of ['first', 'second']) await undelivered((await exchange(approval({ key }), key)).reserved)
    const { remove } = settings.upkeep
    const upkeep = {
      ...settings.upkeep,
      remove: (place: string, token: Parameters<typeof remove>[1]) => {
        if (place === '/client-1') throw new TypeError('a fault of the gateway')
        return remove(place, token)
      },
    }
    clock.advance(TTL)
    const sweep = sweepRegistrations({ ...settings, upkeepAt: () => upkeep })
    await expect(sweep).rejects.toThrow('1 records could not be settled')
    expect(server.live).toEqual(['client-1'])
  })
})
