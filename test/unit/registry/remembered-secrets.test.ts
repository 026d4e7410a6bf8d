import { describe, expect, it } from 'vitest'
import { approval, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

describe('what is remembered', () => {
  it('holds no secret in clear, in any state', async () => {
    const { exchange, registry, server, clock, undelivered, sweep } = setUp({ hasAdministration: true })
    const texts: string[] = []
    const write = registry.write.bind(registry)
    registry.write = (name, holder, entry, leaseMs) => {
      texts.push(entry.value)
      return write(name, holder, entry, leaseMs)
    }
    const { reserved } = await exchange(approval(), 'r1')
    await undelivered(reserved)
    await exchange(approval(), 'r2')
    server.behaviour = 'makes the client and falls silent'
    const managed = { record: reserved.record, clientId: 'client-1', token: 'token-of-client-1' }
    await exchange(approval({ operation: 'delete', managed }), 'd1')
    server.behaviour = 'answers'
    clock.advance(TTL)
    await exchange(approval(), 'r3')
    clock.advance(RECOVERY)
    await sweep()
    const states = new Set(texts.map((text) => (JSON.parse(text) as { state: string }).state))
    expect([...states].sort()).toEqual(['deleting', 'granted', 'sent', 'settled', 'undelivered'])
    for (const text of texts) expect(text).not.toMatch(/secret-of|token-of|bound /)
  })

  it('is kept no longer than stated of credentials, sealed though they are', async () => {
    const { exchange, recordAt, clock, sweep } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    expect((await recordAt(reserved.record))?.kept).not.toBeNull()
    clock.advance(RECOVERY)
    await sweep()
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'settled', kept: null, keptUntilMs: null })
  })
})
