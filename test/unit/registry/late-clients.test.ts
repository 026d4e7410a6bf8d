import { describe, expect, it } from 'vitest'
import { approval, demand, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

/** An attempt that nobody got an answer to, and how the identity server finishes it long after. */
async function silent() {
  const fixture = setUp({ hasAdministration: true })
  fixture.server.behaviour = 'falls silent'
  const { reserved } = await fixture.exchange(approval(), 'r1')
  fixture.clock.advance(TTL)
  const finishLate = () => fixture.server.clients.set('late', { token: 'token-of-late', mark: 'r1' })
  const after = async (ms: number): Promise<void> => {
    fixture.clock.advance(ms)
    await fixture.sweep()
  }
  return { ...fixture, record: reserved.record, finishLate, after }
}

describe('a client that the identity server makes long after nobody waits for it', () => {
  it('is found though the identity server was away for longer than `recoveryMs`', async () => {
    const { server, after, finishLate, recordAt, record } = await silent()
    server.tends = false
    await after(0)
    await after(RECOVERY)
    server.tends = true
    await after(TTL)
    expect(await recordAt(record)).toMatchObject({ state: 'unknown' })
    finishLate()
    await after(RECOVERY)
    expect(server.live).toEqual([])
    expect(await recordAt(record)).toBeNull()
  })

  it.each(['refuses', 'is not reached'] as const)(
    'is found though the next attempt came to nothing: the identity server %s',
    async (behaviour) => {
      const { server, exchange, after, finishLate, recordAt, record } = await silent()
      server.behaviour = behaviour
      await exchange(approval({ once: [demand('a')] }), 'r2')
      finishLate()
      await after(0)
      expect(server.live).toEqual([])
      finishLate()
      await after(RECOVERY)
      expect(server.live).toEqual([])
      expect(await recordAt(record)).toBeNull()
    },
  )

  it('is looked for no more often with each attempt that came to nothing', async () => {
    const { server, exchange, reserve } = await silent()
    server.behaviour = 'refuses'
    for (const sha256 of ['2', '3', '4']) await exchange(approval({ sha256 }), `r${sha256}`)
    server.asked.length = 0
    await reserve(approval({ sha256: '5' }), 'r5')
    expect(server.asked).toEqual(['search r1'])
  })

  it('keeps nobody out meanwhile, whose next attempt came to nothing', async () => {
    const { server, exchange, after } = await silent()
    server.behaviour = 'refuses'
    await exchange(approval({ once: [demand('a')] }), 'r2')
    server.behaviour = 'answers'
    const { clientId } = await exchange(approval({ sha256: 'another', once: [demand('a')] }), 'r3')
    await after(RECOVERY)
    expect(server.live).toEqual([clientId])
  })
})
