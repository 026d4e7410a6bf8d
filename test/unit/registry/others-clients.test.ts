import { describe, expect, it } from 'vitest'
import { MemoryRegistry } from '../../../src/registry/memory-registry.ts'
import { writeRecord } from '../../../src/registry/registration-record.ts'
import { approval, frozenClock, reasonOf, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

describe('what others call by the same name', () => {
  it('is another software where certificates of another scheme vouch for it', async () => {
    const { exchange, server } = setUp()
    await exchange(approval({ hasStatement: false, trust: 'banks', owner: 'PSDFR-1', key: 'PSDFR-1' }), 'r1')
    await exchange(approval({ hasStatement: false, trust: 'devices', owner: 'PSDFR-1', key: 'PSDFR-1' }), 'r2')
    expect(server.live).toEqual(['client-1', 'client-2'])
  })

  it('keeps no copy of an app out that has nothing to tell it apart from the others', async () => {
    const { reserve, exchange, server } = setUp({ single: false })
    const copy = approval({ owner: null })
    await reserve(copy, 'r1')
    await exchange(copy, 'r2')
    await exchange(copy, 'r3')
    expect(server.live).toEqual(['client-1', 'client-2'])
  })
})

describe('who can write to the store', () => {
  it("gets nobody's credentials by copying what is kept into a record of his own", async () => {
    const { exchange, recordAt, registry, server } = setUp()
    const victim = await recordAt((await exchange(approval({ key: 'victim', owner: 'V' }), 'r1')).reserved.record)
    const own = (await exchange(approval({ key: 'thief', owner: 'T' }), 'r2')).reserved.record ?? ''
    const record = await recordAt(own)
    if (victim === null || record === null) throw new Error('both were recorded')
    await registry.take(own, 'thief', TTL, null)
    const forged = { ...record, kept: victim.kept, clientId: victim.clientId }
    await registry.write(own, 'thief', { value: writeRecord(forged), dueMs: record.dueMs }, null)
    const again = await exchange(approval({ key: 'thief', owner: 'T' }), 'r3')
    expect(JSON.stringify(again.reply)).not.toContain('secret-of-client-1')
    expect(server.live).toContain('client-1')
  })

  it('has no client removed that he names in a record', async () => {
    const { exchange, recordAt, registry, server, sweep } = setUp({ hasAdministration: true })
    await exchange(approval({ key: 'victim', owner: 'V' }), 'r1')
    const own = (await exchange(approval({ key: 'thief', owner: 'T' }), 'r2')).reserved.record ?? ''
    const record = await recordAt(own)
    if (record === null) throw new Error('it was recorded')
    await registry.take(own, 'thief', TTL, null)
    const forged = { ...record, state: 'undelivered', clientId: 'client-1', kept: null, dueMs: 0 } as const
    await registry.write(own, 'thief', { value: writeRecord(forged), dueMs: 0 }, null)
    await sweep()
    expect(server.live).toContain('client-1')
  })
})

describe('memory', () => {
  it('keeps no settled client that keeps nobody out', async () => {
    const clock = frozenClock()
    const registry = new MemoryRegistry({ clock, maxEntries: 10 })
    const { exchange, sweep, server } = setUp({ clock, registry, single: false, keepsUnnamed: false })
    for (let round = 0; round < 30; round += 1) {
      await exchange(approval({ sha256: `statement-${round}` }), `r${round}`)
      clock.advance(RECOVERY)
      await sweep()
    }
    expect(server.live).toHaveLength(30)
  })

  it('keeps no answer that nobody can get again', async () => {
    const { exchange, recordAt } = setUp()
    const long = { client_name: 'x'.repeat(50_000) }
    const unnamed = await exchange(approval({ key: null, metadata: long }), 'r1')
    const anybodys = await exchange(approval({ owner: null, metadata: long }), 'r2')
    for (const { reserved } of [unnamed, anybodys])
      expect((await recordAt(reserved.record))?.kept?.length).toBeLessThan(1000)
  })
})

describe('an update while the deletion of its client is not known to have happened', () => {
  it('waits: the sweeper deletes by the token that it would change', async () => {
    const { exchange, server } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    server.behaviour = 'falls silent'
    await exchange(approval({ operation: 'delete', managed }), 'd1')
    expect(await reasonOf(exchange(approval({ operation: 'update', managed }), 'u1'))).toBe('registration-in-progress')
  })
})

describe('a list of clients that leaves out one that is there', () => {
  it('has nobody lose it: its own token still says that it lives', async () => {
    const { settings } = setUp({ hasAdministration: true })
    const { administration } = settings.upkeep
    if (administration === null) throw new Error('there is one')
    const forgetful = { ...administration, search: () => Promise.resolve([]) }
    const { exchange, settings: known } = setUp()
    const gateway = setUp({ ...known, upkeep: { ...known.upkeep, administration: forgetful } })
    const first = await exchange(approval(), 'r1')
    expect(await reasonOf(gateway.exchange(approval({ sha256: 'statement-2' }), 'r2'))).toBe('client-exists')
    expect((await gateway.exchange(approval(), 'r3')).reply).toEqual(first.reply)
  })
})
