import { describe, expect, it } from 'vitest'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { createAnsweringFromRecord } from '../../../src/registry/answer-from-record.ts'
import { removeClient } from '../../../src/registry/clear-away.ts'
import { settleRecord } from '../../../src/registry/sweep-registrations.ts'
import { approval, demand, reasonOf, RECOVERY, setUp, TTL } from './registrations-fixture.ts'

const FIRST = 'token-of-client-1'
const AFTER_ONE = `${FIRST} rotated`
const AFTER_TWO = `${AFTER_ONE} rotated`

/** A client of an identity server that gives it another token at each use, and how its registrant manages it by the one he has. */
async function rotating(given: Parameters<typeof setUp>[0] = {}) {
  const fixture = setUp(given)
  const { reserved } = await fixture.exchange(approval(), 'r1')
  fixture.server.rotates = true
  const asked = (operation: Operation, token: string) =>
    approval({ operation, managed: { record: reserved.record, clientId: 'client-1', token } })
  const manage = async (operation: Operation, token: string): Promise<string> =>
    tokenIn((await fixture.exchange(asked(operation, token), 'm')).reply)
  return { ...fixture, record: reserved.record ?? '', asked, manage }
}

/** As the identity server issued it; its status where it issued none. */
function tokenIn(reply: UpstreamReply): string {
  if (reply.kind === 'silence') return 'silence'
  const token = reply.body?.['registration_access_token']
  return typeof token === 'string' ? token.replace('bound ', '') : String(reply.status)
}

describe.each([false, true])(
  'a token that was replaced in an answer that got lost (rotatesOnRead: %s)',
  (rotatesOnRead) => {
    it.each<Operation>(['read', 'update'])('still works for who has no other: %s', async (operation) => {
      const { manage, kinds } = await rotating({ rotatesOnRead })
      expect(await manage(operation, FIRST)).toBe(AFTER_ONE)
      expect(await manage(operation, FIRST)).toBe(AFTER_TWO)
      expect(await manage(operation, FIRST)).toBe(`${AFTER_TWO} rotated`)
      expect(kinds()).toEqual(['management-token-succeeded', 'management-token-succeeded'])
    })

    it('works, and so does each of those after it, whichever answer was the last to arrive', async () => {
      const { manage } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      await manage('read', FIRST)
      expect(await manage('read', AFTER_ONE)).toBe(`${AFTER_TWO} rotated`)
      expect(await manage('read', AFTER_TWO)).toBe(`${AFTER_TWO} rotated rotated`)
    })

    it('works no longer once he has shown that he has its successor', async () => {
      const { manage } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      await manage('read', AFTER_ONE)
      expect(await manage('read', FIRST)).toBe('401')
    })

    it('works for the stated time, and its successor is forgotten then', async () => {
      const { manage, clock, sweep, recordAt, record } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      await sweep()
      clock.advance(RECOVERY - 1)
      await sweep()
      expect(await recordAt(record)).toMatchObject({ state: 'settled', replaced: { digests: [expect.any(String)] } })
      expect(await manage('read', FIRST)).toBe(AFTER_TWO)
      clock.advance(RECOVERY)
      await sweep()
      expect(await recordAt(record)).toMatchObject({ state: 'settled', kept: null, replaced: null, dueMs: null })
      expect(await manage('read', FIRST)).toBe('401')
    })

    it('works as long after the last answer that may have got lost, though that had no new token in it', async () => {
      const { manage, server, clock, sweep } = await rotating({ rotatesOnRead })
      await manage('update', FIRST)
      server.rotates = false
      for (let round = 0; round < 3; round += 1) {
        clock.advance(RECOVERY - 1)
        await sweep()
        expect(await manage('read', FIRST)).toBe(AFTER_ONE)
      }
    })

    it('works no longer once he has shown that he has one of several after it', async () => {
      const { manage } = await rotating({ rotatesOnRead })
      for (const token of [FIRST, FIRST, AFTER_ONE]) await manage('read', token)
      expect(await manage('read', FIRST)).toBe('401')
    })

    it('works however many of those after it got lost', async () => {
      const { manage, recordAt, record } = await rotating({ rotatesOnRead })
      for (let round = 0; round < 30; round += 1) expect(await manage('read', FIRST)).not.toBe('401')
      expect((await recordAt(record))?.replaced?.digests).toHaveLength(20)
    })

    it('leaves nothing behind in a store that is short of room', async () => {
      const { manage, clock, sweep, recordAt, record } = await rotating({
        ...{ rotatesOnRead, keepsUnnamed: false, single: false },
      })
      await manage('read', FIRST)
      await sweep()
      expect(await recordAt(record)).toMatchObject({ state: 'settled' })
      clock.advance(RECOVERY)
      await sweep()
      expect(await recordAt(record)).toBeNull()
    })

    it('deletes the client when it comes a second time, nobody knowing how the first time ended', async () => {
      const { exchange, manage, asked, server, clock, sweep, recordAt, record } = await rotating({ rotatesOnRead })
      await manage('update', FIRST)
      server.behaviour = 'falls silent'
      for (const id of ['d1', 'd2']) {
        await exchange(asked('delete', FIRST), id)
        clock.advance(RECOVERY - 1)
      }
      await sweep()
      expect(server.live).toEqual([])
      expect(await recordAt(record)).toBeNull()
    })

    it('deletes the client, too', async () => {
      const { exchange, manage, asked, server, recordAt, record } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      const { reply } = await exchange(asked('delete', FIRST), 'd1')
      expect(reply).toMatchObject({ status: 204 })
      expect(server.live).toEqual([])
      expect(await recordAt(record)).toBeNull()
    })

    it('leads to no other client that has the place of its own by now', async () => {
      const { exchange, reserve, manage, asked, record } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      await exchange(asked('delete', FIRST), 'd1')
      const second = await exchange(approval({ sha256: 'another' }), 'r2')
      expect(second.reserved.record).toBe(record)
      expect((await reserve(asked('read', FIRST))).token?.reveal()).toBe(FIRST)
    })

    it('and its successor stand nowhere in clear', async () => {
      const { manage, registry, record } = await rotating({ rotatesOnRead })
      await manage('read', FIRST)
      expect(await registry.read(record)).not.toContain(FIRST)
    })

    it('is of no use where the store is away; what the identity server says goes out, and the operator hears of it', async () => {
      const { manage, registry, away, kinds } = await rotating({ rotatesOnRead })
      registry.read = () => Promise.reject(away())
      registry.take = () => Promise.reject(away())
      expect(await manage('read', FIRST)).toBe(AFTER_ONE)
      expect(kinds()).toEqual(['registration-unrecorded'])
    })
  },
)

describe('a client whose token is replaced at each update', () => {
  it('is updated by one request at a time, and may be read meanwhile', async () => {
    const { reserve, commit, asked, manage, server } = await rotating()
    const reserved = await reserve(asked('update', FIRST))
    expect(await reasonOf(reserve(asked('update', FIRST)))).toBe('registration-in-progress')
    expect(await reasonOf(reserve(asked('delete', FIRST)))).toBe('registration-in-progress')
    expect((await reserve(asked('read', FIRST))).token?.reveal()).toBe(FIRST)
    await commit(reserved, server.answer(reserved))
    expect(await manage('update', FIRST)).toBe(AFTER_TWO)
  })

  it('loses none of its tokens to the sweeper, who would look at it just now', async () => {
    const { reserve, commit, asked, manage, sweep, server } = await rotating()
    const reserved = await reserve(asked('update', FIRST))
    const reply = server.answer(reserved)
    await sweep()
    await commit(reserved, reply)
    expect(await manage('read', FIRST)).toBe(AFTER_TWO)
  })
})

describe('a client whose token is replaced at each use', () => {
  it('is managed by one request at a time: of two at once the second would come with a dead token', async () => {
    const { reserve, commit, asked, manage, server } = await rotating({ rotatesOnRead: true })
    const reserved = await reserve(asked('read', FIRST))
    expect(await reasonOf(reserve(asked('update', FIRST)))).toBe('registration-in-progress')
    await commit(reserved, server.answer(reserved))
    expect(await manage('update', AFTER_ONE)).toBe(AFTER_TWO)
  })

  it('is free again when the identity server refuses, is silent, or the gateway dies', async () => {
    const { reserve, manage, asked, server, clock } = await rotating({ rotatesOnRead: true })
    for (const behaviour of ['refuses', 'falls silent', 'is not reached'] as const) {
      server.behaviour = behaviour
      await manage('read', FIRST)
    }
    await reserve(asked('read', FIRST))
    clock.advance(TTL)
    server.behaviour = 'answers'
    expect(await manage('read', FIRST)).toBe(AFTER_ONE)
  })

  it('gives back what may happen only once to an update that had to wait', async () => {
    const { reserve, commit, record, server } = await rotating({ rotatesOnRead: true })
    const managed = { record, clientId: 'client-1', token: FIRST }
    const reserved = await reserve(approval({ operation: 'read', managed }))
    const update = approval({ operation: 'update', managed: { ...managed, token: AFTER_ONE }, once: [demand('a')] })
    expect(await reasonOf(reserve(update))).toBe('registration-in-progress')
    await commit(reserved, server.answer(reserved))
    expect((await reserve(update)).token?.reveal()).toBe(AFTER_ONE)
  })

  it('is not said to be gone when the bank wants that, and the latest token is one that not even the gateway got', async () => {
    const { manage, recordAt, record, settings, server, kinds } = await rotating({ rotatesOnRead: true })
    await manage('read', FIRST)
    server.rotate('client-1')
    await settleRecord({ ...settings, upkeepAt: () => settings.upkeep }, record, 'remove')
    expect(kinds()).toEqual(['registration-unsettled'])
    expect(await recordAt(record)).toMatchObject({ state: 'unknown' })
    expect(server.live).toEqual(['client-1'])
  })

  it('is removed by its latest token when the bank wants it gone', async () => {
    const { manage, recordAt, record, settings, server } = await rotating({ rotatesOnRead: true })
    await manage('read', FIRST)
    const found = await recordAt(record)
    if (found === null) throw new Error('it was recorded')
    expect(await removeClient(found, settings, () => Promise.resolve(true), 'by hand')).toBe('nothing-left')
    expect(server.live).toEqual([])
  })
})

describe('a client that is read from the record of the gateway alone', () => {
  it("can be read again and again: the token in it is the registration's, and has replaced none", async () => {
    const { reserve, commit, asked, registry, ring } = await rotating({ keepsAnswers: true })
    const answerFromRecord = createAnsweringFromRecord(registry, ring)
    for (let round = 0; round < 3; round += 1) {
      const reserved = await reserve(asked('read', FIRST))
      const reply = await answerFromRecord(reserved)
      expect(reply).toMatchObject({ status: 200, body: { client_id: 'client-1' } })
      await commit(reserved, reply)
    }
  })
})
