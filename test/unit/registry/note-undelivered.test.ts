import { describe, expect, it } from 'vitest'
import { approval, reasonOf, RECOVERY, SECOND, setUp, TTL } from './registrations-fixture.ts'

const rollback = { recovery: 'rollback' } as const

describe('a registrant who went away before all of the answer was written', () => {
  it('is written down as such, and the operator hears of it', async () => {
    const { exchange, undelivered, recordAt, events, clock } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    clock.advance(SECOND)
    await undelivered(reserved)
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'undelivered', clientId: 'client-1' })
    expect(events).toEqual([
      {
        ...{ kind: 'registration-undelivered', registration: 'r1', endpoint: '/register', clientId: 'client-1' },
        detail: 'the connection broke',
      },
    ])
  })

  it('gets the same answer when he comes again, where answers are given again', async () => {
    const { exchange, undelivered, server } = setUp()
    const first = await exchange(approval(), 'r1')
    await undelivered(first.reserved)
    expect((await exchange(approval(), 'r2')).reply).toEqual(first.reply)
    expect(server.live).toEqual(['client-1'])
  })

  it('gets a new client when he comes again, where clients are rolled back', async () => {
    const { exchange, undelivered, server } = setUp(rollback)
    await undelivered((await exchange(approval(), 'r1')).reserved)
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
  })

  it('leaves no client behind that would keep himself out: he goes on with another statement', async () => {
    const { exchange, undelivered, server } = setUp()
    await undelivered((await exchange(approval(), 'r1')).reserved)
    expect((await exchange(approval({ sha256: 'statement-2' }), 'r2')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
  })

  it.each([
    ['another party of the same software', approval({ owner: 'B' })],
    ['nobody with a certificate', approval({ owner: null })],
  ])('leaves nothing to %s, until the sweeper has removed it', async (_, other) => {
    const { exchange, undelivered, server, sweep, clock } = setUp()
    await undelivered((await exchange(approval(), 'r1')).reserved)
    expect(await reasonOf(exchange(other, 'r2'))).toBe('client-exists')
    expect(server.live).toEqual(['client-1'])
    clock.advance(RECOVERY)
    await sweep()
    expect((await exchange(other, 'r3')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
  })

  it('and never comes again leaves no client behind: at once where clients are rolled back', async () => {
    const { exchange, undelivered, server, sweep, recordAt } = setUp(rollback)
    const { reserved } = await exchange(approval(), 'r1')
    await undelivered(reserved)
    await sweep()
    expect(server.live).toEqual([])
    expect(await recordAt(reserved.record)).toBeNull()
  })

  it('and never comes again leaves no client behind: in the end where answers are given again', async () => {
    const { exchange, undelivered, server, sweep, clock } = setUp()
    await undelivered((await exchange(approval(), 'r1')).reserved)
    clock.advance(RECOVERY - 1)
    await sweep()
    expect(server.live).toEqual(['client-1'])
    clock.advance(1)
    await sweep()
    expect(server.live).toEqual([])
  })

  it('is left to the answer that is kept, where the store is away', async () => {
    const { exchange, undelivered, registry, events } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    await registry.close()
    await expect(undelivered(reserved)).resolves.toBeUndefined()
    expect(events).toEqual([])
  })

  it.each(['read', 'update', 'delete'] as const)(
    'of a %s changes nothing: no client is made by that',
    async (operation) => {
      const { exchange, undelivered, recordAt } = setUp()
      const { reserved } = await exchange(approval(), 'r1')
      const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
      const { record, remembered } = reserved
      await undelivered({ record, remembered, approved: approval({ operation, managed }) } as never)
      expect(await recordAt(reserved.record)).toMatchObject({ state: 'granted' })
    },
  )
})

describe('a client whose registrant has got it is never taken for one that nobody has', () => {
  it('when he was answered again before it was known that the first answer was lost', async () => {
    const { exchange, undelivered, sweep, clock, server } = setUp()
    const lost = await exchange(approval(), 'r1')
    await exchange(approval(), 'r2')
    await undelivered(lost.reserved)
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-1'])
  })

  it('when he got a new client before it was known that the first answer was lost', async () => {
    const { exchange, undelivered, sweep, clock, server } = setUp(rollback)
    const lost = await exchange(approval(), 'r1')
    const { reserved } = await exchange(approval(), 'r2')
    expect(reserved.registration).toBe(lost.reserved.registration)
    await undelivered(lost.reserved)
    await sweep()
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-2'])
  })

  it('when he has the first answer, and the second one, which he did not need, was lost', async () => {
    const { exchange, undelivered, sweep, clock, server } = setUp()
    await exchange(approval(), 'r1')
    const needless = await exchange(approval(), 'r2')
    await undelivered(needless.reserved)
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-1'])
  })

  it('but is taken for one when every answer was lost, in whatever order that becomes known', async () => {
    const { exchange, undelivered, sweep, clock, server } = setUp()
    const first = await exchange(approval(), 'r1')
    const second = await exchange(approval(), 'r2')
    const third = await exchange(approval(), 'r3')
    for (const { reserved } of [second, third, first]) await undelivered(reserved)
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual([])
  })

  it.each(['read', 'update'] as const)('when he uses it: by a %s he shows that he has its token', async (operation) => {
    const { exchange, undelivered, sweep, clock, server } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    await undelivered(reserved)
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await exchange(approval({ operation, managed }), 'u1')
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-1'])
  })

  it('when he uses it before it is noted that the connection broke', async () => {
    const { exchange, undelivered, sweep, clock, server } = setUp(rollback)
    const { reserved } = await exchange(approval(), 'r1')
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await exchange(approval({ operation: 'read', managed }), 'u1')
    await undelivered(reserved)
    await sweep()
    clock.advance(RECOVERY)
    await sweep()
    expect(server.live).toEqual(['client-1'])
  })

  it.each(['replay', 'rollback'] as const)(
    'nor replaced when he registers again after an update gave it another token (%s)',
    async (recovery) => {
      const { exchange, reserve, server, clock } = setUp({ recovery })
      const { reserved } = await exchange(approval(), 'r1')
      const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
      await exchange(approval({ operation: 'update', managed }), 'u1')
      server.rotate('client-1')
      clock.advance(SECOND)
      expect(await reasonOf(reserve(approval()))).toBe('client-exists')
      expect(server.live).toEqual(['client-1'])
    },
  )

  it('whoever reads with a token of an earlier client of the software settles nothing of the present one', async () => {
    const { exchange, undelivered, recordAt } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    await undelivered(reserved)
    const managed = { record: reserved.record, clientId: 'client-0', token: 'token-of-client-0' }
    await exchange(approval({ operation: 'read', managed }), 'u1')
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'undelivered' })
  })

  it('reads go on while another has the record, and updates wait: the other may be deciding by the token that they change', async () => {
    const { exchange, registry, recordAt } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await registry.take(reserved.record ?? '', 'somebody-else', TTL, null)
    expect(await reasonOf(exchange(approval({ operation: 'update', managed }), 'u1'))).toBe('registration-in-progress')
    await expect(exchange(approval({ operation: 'read', managed }), 'u1')).resolves.toBeDefined()
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'granted' })
  })

  it('reads and updates go on while the store is away', async () => {
    const { exchange, registry } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await registry.close()
    await expect(exchange(approval({ operation: 'update', managed }), 'u1')).resolves.toBeDefined()
    await expect(exchange(approval({ operation: 'read', managed }), 'u2')).resolves.toBeDefined()
  })
})
