import { describe, expect, it } from 'vitest'
import { answer, approval, reasonOf, RECOVERY, setUp } from './registrations-fixture.ts'
import { ScriptedServer } from './scripted-server.ts'

describe('a client that somebody deleted at the identity server', () => {
  const MODES_OF_KNOWING = [
    ['settled', 'long after it was granted', RECOVERY],
    ['granted', 'while its answer is kept', 0],
  ] as const

  it.each(MODES_OF_KNOWING)(
    'lets its software register anew where one client can be looked up: %s, %s',
    async (state, _, ms) => {
      const { exchange, sweep, server, clock, recordAt, kinds } = setUp({ hasAdministration: true, looksUp: true })
      const { reserved } = await exchange(approval(), 'r1')
      clock.advance(ms)
      await sweep()
      expect(await recordAt(reserved.record)).toMatchObject({ state })
      server.clients.clear()
      expect((await exchange(approval({ sha256: 'another' }), 'r2')).clientId).toBe('client-2')
      expect(kinds()).toContain('registration-rolled-back')
    },
  )

  it.each<[string, Parameters<typeof setUp>[0], (server: ReturnType<typeof setUp>['server']) => void]>([
    ['is there after all', { hasAdministration: true, looksUp: true }, () => undefined],
    ['is missing in the list alone', { hasAdministration: true }, (server) => server.clients.clear()],
    ['can be looked for by nobody', {}, (server) => server.clients.clear()],
  ])('still keeps its software out where it %s', async (_, given, happens) => {
    const { exchange, reserve, sweep, server, clock } = setUp(given)
    await exchange(approval(), 'r1')
    clock.advance(RECOVERY)
    await sweep()
    happens(server)
    expect(await reasonOf(reserve(approval({ sha256: 'another' })))).toBe('client-exists')
  })

  it.each([0, RECOVERY])('is not said to exist while nobody can tell, %s ms after it was granted', async (ms) => {
    const { exchange, reserve, sweep, server, clock } = setUp({ hasAdministration: true, looksUp: true })
    await exchange(approval(), 'r1')
    clock.advance(ms)
    await sweep()
    server.tends = false
    expect(await reasonOf(reserve(approval({ sha256: 'another' })))).toBe('registration-unsettled')
  })

  it('is not believed to be gone by an address that answers 404 to every id', async () => {
    const server = new ScriptedServer()
    const upkeep = server.upkeep(true, true)
    const { administration } = upkeep
    if (administration === null) throw new Error('there is one')
    const mistaken = { ...administration, isThere: () => Promise.resolve(false) }
    const gateway = setUp({ server, upkeep: { ...upkeep, administration: mistaken } })
    const { exchange, reserve, sweep, clock } = gateway
    await exchange(approval(), 'r1')
    clock.advance(RECOVERY)
    await sweep()
    expect(await reasonOf(reserve(approval({ sha256: 'another' })))).toBe('client-exists')
  })

  it('is not taken for one whose id is too long to be remembered', async () => {
    const gateway = setUp({ hasAdministration: true, looksUp: true })
    const { reserve, commit, sweep, server, clock } = gateway
    const reserved = await reserve(approval(), 'r1')
    const clientId = 'c'.repeat(3000)
    server.clients.set(clientId, { token: 't', mark: 'r1' })
    await commit(reserved, answer(201, { client_id: clientId, registration_access_token: 't' }))
    clock.advance(RECOVERY)
    await sweep()
    expect(await reasonOf(reserve(approval({ sha256: 'another' })))).toBe('client-exists')
    expect(server.live).toEqual([clientId])
  })
})
