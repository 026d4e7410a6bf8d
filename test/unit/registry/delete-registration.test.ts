import { describe, expect, it } from 'vitest'
import { onceKey } from '../../../src/registry/used-once.ts'
import { answer, approval, demand, reasonOf, RECOVERY, setUp, silence, TTL } from './registrations-fixture.ts'

type SetUp = ReturnType<typeof setUp>

/** A client of its software, as it is after some time. */
async function registered(fixture: SetUp, sha256 = 'statement-1') {
  const { reserved } = await fixture.exchange(approval({ sha256 }), 'r1')
  fixture.clock.advance(RECOVERY)
  await fixture.sweep()
  expect(await fixture.recordAt(reserved.record)).toMatchObject({ state: 'settled' })
  const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
  return { name: reserved.record ?? '', managed, deletion: approval({ operation: 'delete', managed }) }
}

describe('the deletion of a client', () => {
  it('frees its software, and nothing is remembered of it', async () => {
    const fixture = setUp()
    const { name, deletion } = await registered(fixture)
    await fixture.exchange(deletion, 'd1')
    expect(await fixture.recordAt(name)).toBeNull()
    expect((await fixture.exchange(approval(), 'r2')).clientId).toBe('client-2')
  })

  it('is written down before the identity server is asked, with what it takes to finish it', async () => {
    const fixture = setUp()
    const { name, deletion } = await registered(fixture)
    await fixture.reserve(deletion)
    const dueMs = fixture.clock.now().getTime() + TTL
    expect(await fixture.recordAt(name)).toMatchObject({ state: 'deleting', clientId: 'client-1', dueMs })
    expect(await fixture.registry.read(name)).not.toContain('token-of')
  })

  it('keeps registrations of its software, and other deletions, waiting', async () => {
    const fixture = setUp()
    const { deletion } = await registered(fixture)
    await fixture.reserve(deletion)
    expect(await reasonOf(fixture.reserve(approval()))).toBe('registration-in-progress')
    expect(await reasonOf(fixture.reserve(deletion))).toBe('registration-in-progress')
  })

  it.each([
    ['the identity server refuses it', answer(403)],
    ['the identity server does not offer it', answer(405)],
    ['the token is not the latest one', answer(401)],
    ['nothing was ever sent', silence(false)],
  ])('leaves all as it was where %s', async (_, reply) => {
    const fixture = setUp()
    const { name, deletion } = await registered(fixture)
    const before = await fixture.registry.read(name)
    await fixture.commit(await fixture.reserve(deletion), reply)
    expect(await fixture.registry.read(name)).toBe(before)
    fixture.clock.advance(TTL)
    await fixture.sweep()
    expect(fixture.server.live).toEqual(['client-1'])
    expect(await reasonOf(fixture.reserve(approval()))).toBe('client-exists')
  })

  it.each([404, 410])('of one that is not there any more (%i) does not lock its software out', async (status) => {
    const fixture = setUp()
    const { name, deletion } = await registered(fixture)
    await fixture.commit(await fixture.reserve(deletion), answer(status))
    expect(await fixture.recordAt(name)).toBeNull()
  })

  it.each([silence(true), answer(500), answer(502), answer(504)])(
    'is finished by the sweeper where nobody knows whether it happened, and once for all (%#)',
    async (reply) => {
      const fixture = setUp()
      const { name, deletion } = await registered(fixture)
      await fixture.commit(await fixture.reserve(deletion), reply)
      await fixture.sweep()
      expect(fixture.server.live).toEqual(['client-1'])
      fixture.clock.advance(TTL)
      await fixture.sweep()
      expect(fixture.server.live).toEqual([])
      expect(await fixture.recordAt(name)).toBeNull()
    },
  )

  it('is finished by the next registration where that comes first', async () => {
    const fixture = setUp()
    const { deletion } = await registered(fixture)
    fixture.server.behaviour = 'falls silent'
    await fixture.exchange(deletion, 'd1')
    fixture.server.behaviour = 'answers'
    fixture.clock.advance(TTL)
    expect((await fixture.exchange(approval(), 'r2')).clientId).toBe('client-2')
    expect(fixture.server.live).toEqual(['client-2'])
  })

  it('asked for a second time, after one whose end nobody knows, frees the software as well', async () => {
    const fixture = setUp()
    const { name, deletion } = await registered(fixture)
    fixture.server.behaviour = 'makes the client and falls silent'
    await fixture.exchange(deletion, 'd1')
    expect(fixture.server.live).toEqual([])
    fixture.server.behaviour = 'answers'
    fixture.clock.advance(TTL)
    await fixture.exchange(deletion, 'd2')
    await fixture.sweep()
    fixture.clock.advance(TTL)
    await fixture.sweep()
    expect(await fixture.recordAt(name)).toBeNull()
  })

  it('does not touch the record of the client that the software has by now', async () => {
    const fixture = setUp()
    const { deletion, name } = await registered(fixture)
    await fixture.exchange(deletion, 'd1')
    await fixture.exchange(approval(), 'r2')
    await fixture.exchange(deletion, 'd2')
    expect(await fixture.recordAt(name)).toMatchObject({ state: 'granted', clientId: 'client-2' })
    expect(fixture.server.live).toEqual(['client-2'])
    expect(await reasonOf(fixture.reserve(approval({ sha256: 'other' })))).toBe('client-exists')
  })

  it('does not forget what earlier attempts of its software may have left behind', async () => {
    const fixture = setUp({ hasAdministration: true })
    const { server, clock, exchange } = fixture
    server.behaviour = 'falls silent'
    await exchange(approval({ sha256: 'earlier' }), 'r0')
    clock.advance(TTL)
    server.behaviour = 'answers'
    const { reserved } = await exchange(approval(), 'r1')
    // The identity server was slow beyond all measure.
    server.clients.set('late', { token: 'token-of-late', mark: 'r0' })
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await exchange(approval({ operation: 'delete', managed }), 'd1')
    await fixture.sweep()
    expect(server.live).toEqual([])
    clock.advance(RECOVERY)
    await fixture.sweep()
    expect(await fixture.recordAt(reserved.record)).toBeNull()
  })

  it('goes on where the registry has lost everything', async () => {
    const { exchange, recordAt } = setUp()
    const managed = { record: 'x'.repeat(43), clientId: 'client-1', token: 'token-of-client-1' }
    const { reserved } = await exchange(approval({ operation: 'delete', managed }), 'd1')
    expect(reserved.holder).toBeNull()
    expect(await recordAt(managed.record)).toBeNull()
  })

  it('that is refused, since it was used before, deletes nothing, then or later', async () => {
    const fixture = setUp()
    const { name, managed } = await registered(fixture)
    const before = await fixture.registry.read(name)
    const deletion = approval({ operation: 'delete', managed, once: [demand('a')] })
    await fixture.commit(await fixture.reserve(approval({ operation: 'update', once: [demand('a')] })), answer(200))
    expect(await reasonOf(fixture.reserve(deletion))).toBe('used-before')
    expect(await fixture.registry.read(name)).toBe(before)
    fixture.clock.advance(TTL)
    await fixture.sweep()
    expect(fixture.server.live).toEqual(['client-1'])
  })
})

describe('the deletion of a client, while the store is away', () => {
  it('is refused, uses nothing up, and deletes nothing later', async () => {
    const fixture = setUp()
    const { managed, name } = await registered(fixture)
    const { registry } = fixture
    const write = registry.write.bind(registry)
    registry.write = () => Promise.reject(fixture.away())
    const deletion = approval({ operation: 'delete', managed, once: [demand('a')] })
    expect(await reasonOf(fixture.reserve(deletion))).toBe('state-unavailable')
    registry.write = write
    expect(await registry.get(onceKey(demand('a')))).toBeNull()
    expect(await fixture.recordAt(name)).toMatchObject({ state: 'settled' })
    await expect(fixture.reserve(deletion)).resolves.toBeDefined()
  })

  it('deletes nothing later when the store is lost between its steps and the deletion is refused', async () => {
    const fixture = setUp()
    const { managed, name } = await registered(fixture)
    const { registry } = fixture
    const claim = registry.claim.bind(registry)
    const write = registry.write.bind(registry)
    registry.claim = () => {
      registry.write = () => Promise.reject(fixture.away())
      return Promise.reject(fixture.away())
    }
    const deletion = approval({ operation: 'delete', managed, once: [demand('a')] })
    expect(await reasonOf(fixture.reserve(deletion))).toBe('state-unavailable')
    Object.assign(registry, { claim, write })
    fixture.clock.advance(10 * TTL)
    await fixture.sweep()
    expect(fixture.server.live).toEqual(['client-1'])
    expect(await fixture.recordAt(name)).toMatchObject({ state: 'settled' })
  })

  it('goes on where the operator would rather have that', async () => {
    const fixture = setUp({ whenUnavailable: { registrations: 'allow', usedOnce: 'refuse' } })
    const { deletion } = await registered(fixture)
    await fixture.registry.close()
    await fixture.exchange(deletion, 'd1')
    expect(fixture.server.live).toEqual([])
  })

  it('that happened is finished by the sweeper when it could not be written down', async () => {
    const fixture = setUp()
    const { deletion, name } = await registered(fixture)
    const { registry } = fixture
    const reserved = await fixture.reserve(deletion)
    const forget = registry.forget.bind(registry)
    registry.forget = () => Promise.reject(fixture.away())
    await fixture.commit(reserved, fixture.server.answer(reserved))
    registry.forget = forget
    expect(await fixture.recordAt(name)).toMatchObject({ state: 'deleting' })
    fixture.clock.advance(TTL)
    await fixture.sweep()
    expect(await fixture.recordAt(name)).toBeNull()
  })
})
