import { describe, expect, it } from 'vitest'
import type { Operation } from '../../../src/model/operation.ts'
import type { Registry } from '../../../src/registry/registry.ts'
import { approval, reasonOf, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

const FIRST = 'token-of-client-1'

/** A client that is managed, and a store of which single calls fail. */
async function managed(given: Parameters<typeof setUp>[0]) {
  const fixture = setUp(given)
  const { reserved } = await fixture.exchange(approval(), 'r1')
  const asked = (operation: Operation) =>
    approval({ operation, managed: { record: reserved.record, clientId: 'client-1', token: FIRST } })
  /** The calls fail once they did what they were asked to, until what is given back is called. */
  const lose = (...calls: readonly ('take' | 'write' | 'leave' | 'read')[]): (() => void) => {
    const real: Partial<Registry> = {}
    for (const call of calls) {
      const does = fixture.registry[call].bind(fixture.registry) as (...given: unknown[]) => Promise<unknown>
      Object.assign(real, { [call]: does })
      const answersLate = (...all: unknown[]) => does(...all).then(() => Promise.reject(fixture.away()))
      Object.assign(fixture.registry, { [call]: answersLate })
    }
    return () => void Object.assign(fixture.registry, real)
  }
  return { ...fixture, reserved, asked, lose }
}

describe('a store that is lost while a client is managed', () => {
  it.each(['take', 'write'] as const)('does not leave the client held: %s', async (call) => {
    const { exchange, reserve, asked, lose } = await managed({ rotatesOnRead: true })
    const comeBack = lose(call)
    await reserve(asked('read'))
    comeBack()
    expect((await exchange(asked('read'), 'm')).reply).toMatchObject({ status: 200 })
  })

  it('does not leave the client held either when the answer was to be written down', async () => {
    const { exchange, reserve, commit, server, asked, lose, kinds } = await managed({})
    const reserved = await reserve(asked('update'))
    server.rotates = true
    const reply = server.answer(reserved)
    const comeBack = lose('take')
    await commit(reserved, reply)
    comeBack()
    expect(kinds()).toEqual(['registration-unrecorded'])
    await expect(exchange(approval({ sha256: 'another' }), 'r2')).rejects.toMatchObject({
      findings: [{ reason: 'client-exists' }],
    })
  })

  it.each(['read', 'update'] as const)('lets no %s of a client through that is being deleted', async (operation) => {
    const { exchange, reserve, server, asked, lose, clock } = await managed({ rotatesOnRead: true })
    server.behaviour = 'falls silent'
    await exchange(asked('delete'), 'd1')
    clock.advance(TTL)
    lose('leave')
    expect(await reasonOf(reserve(asked(operation)))).toBe('registration-in-progress')
  })

  it.each([true, false])(
    'has no client removed whose new token is written down once it is back (administration: %s)',
    async (hasAdministration) => {
      const gateway = await managed({ hasAdministration })
      const { reserve, commit, undelivered, reserved, server, asked, lose, clock, sweep } = gateway
      await undelivered(reserved)
      server.rotates = true
      const comeBack = lose('read', 'take')
      const update = await reserve(asked('update'))
      comeBack()
      await commit(update, server.answer(update))
      clock.advance(RECOVERY)
      await sweep()
      expect(server.live).toEqual(['client-1'])
      expect(await reasonOf(reserve(approval({ sha256: 'another' })))).toBe('client-exists')
    },
  )
})
