import { describe, expect, it } from 'vitest'
import type { ApprovedRegistration } from '../../../src/model/decision.ts'
import {
  demand,
  approval,
  reasonOf,
  refusalOf,
  RECOVERY,
  ringOf,
  setUp,
  silence,
  TTL,
} from './registrations-fixture.ts'

const MODES = ['replay', 'rollback'] as const

/** Not the same registration: what is different in each, and whose. */
const OTHERS: readonly [string, ApprovedRegistration][] = [
  ['another party', approval({ owner: 'B' })],
  ['the same name vouched for by other issuers', approval({ trust: 'another scheme' })],
  ['nobody with a certificate', approval({ owner: null })],
  ['another statement', approval({ sha256: 'statement-2' })],
  ['other metadata', approval({ metadata: { client_name: 'Larkfield Ledger 2' } })],
]

describe('a second attempt after a grant, where answers are given again', () => {
  it('gets the answer of the first, character by character, and the identity server is not asked for another client', async () => {
    const { exchange, server, kinds } = setUp()
    const first = await exchange(approval(), 'r1')
    const second = await exchange(approval(), 'r2')
    expect(second.reply).toEqual(first.reply)
    expect(second.reserved).toMatchObject({ registration: 'r1', holder: null })
    expect(server.live).toEqual(['client-1'])
    expect(kinds()).toEqual(['registration-answered-again'])
  })

  it('is one whatever the order of members, which says nothing in JSON', async () => {
    const { exchange } = setUp()
    await exchange(approval({ metadata: { a: [{ b: 1, c: 2 }], d: 3 } }), 'r1')
    const { clientId } = await exchange(approval({ metadata: { d: 3, a: [{ c: 2, b: 1 }] } }), 'r2')
    expect(clientId).toBe('client-1')
  })

  it('is one by the order of lists, which says something', async () => {
    const { exchange, reserve } = setUp()
    await exchange(approval({ metadata: { a: [1, 2] } }), 'r1')
    expect(await reasonOf(reserve(approval({ metadata: { a: [2, 1] } })))).toBe('client-exists')
  })

  it.each(OTHERS)('is not one by %s: refused, and nothing of the answer is told', async (_, other) => {
    const { exchange, reserve, server } = setUp()
    await exchange(approval(), 'r1')
    const refusal = await refusalOf(reserve(other))
    expect(refusal.findings.map(({ reason }) => reason)).toEqual(['client-exists'])
    expect(JSON.stringify(refusal.findings)).not.toContain('secret')
    expect(server.live).toEqual(['client-1'])
  })

  it('is none where nobody has a certificate: all copies of an app register with the same statement', async () => {
    const { exchange, reserve } = setUp()
    await exchange(approval({ owner: null }), 'r1')
    expect(await reasonOf(reserve(approval({ owner: null })))).toBe('client-exists')
  })

  it('is one until the stated time is over, and not after', async () => {
    const { exchange, reserve, clock } = setUp()
    await exchange(approval(), 'r1')
    clock.advance(RECOVERY - 1)
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-1')
    clock.advance(1)
    expect(await reasonOf(reserve(approval()))).toBe('client-exists')
  })

  it('gets a new client when the first one was deleted meanwhile: dead credentials are given to nobody', async () => {
    const { exchange, server } = setUp()
    await exchange(approval(), 'r1')
    server.clients.clear()
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-2')
  })

  it('waits where the identity server does not tell whether the client is there', async () => {
    const { exchange, reserve, server, recordAt } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    server.tends = false
    expect(await reasonOf(reserve(approval()))).toBe('registration-unsettled')
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'granted', clientId: 'client-1' })
    server.tends = true
    expect((await exchange(approval(), 'r3')).clientId).toBe('client-1')
  })

  it('gets a new client, and the first one is removed, where the keys that sealed the answer are gone', async () => {
    const { exchange, registry, clock, server, settings } = setUp({ hasAdministration: true })
    await exchange(approval(), 'r1')
    const later = setUp({ ...settings, server, hasAdministration: true, registry, clock, ring: ringOf('k2') })
    expect((await later.exchange(approval(), 'r2')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
  })

  it('gets a new client for one whose answer was too long to be kept', async () => {
    const { reserve, commit, exchange, server } = setUp()
    const reserved = await reserve(approval(), 'r1')
    const reply = server.answer(reserved)
    const long = 'x'.repeat(300_000)
    await commit(reserved, reply, { kind: 'answer', status: 201, body: { client_id: 'client-1', long } })
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
  })
})

describe('a second attempt after a grant, where clients are rolled back', () => {
  const rollback = { recovery: 'rollback' } as const

  it('gets a new client, and the first one is removed by its own token', async () => {
    const { exchange, server, kinds } = setUp(rollback)
    await exchange(approval(), 'r1')
    const { clientId, reserved } = await exchange(approval(), 'r2')
    expect(clientId).toBe('client-2')
    expect(reserved.registration).toBe('r1')
    expect(server.live).toEqual(['client-2'])
    expect(server.asked).toEqual(['remove client-1'])
    expect(kinds()).toEqual(['registration-rolled-back'])
  })

  it.each(OTHERS)('is not one by %s: the client is left alone', async (_, other) => {
    const { exchange, reserve, server } = setUp(rollback)
    await exchange(approval(), 'r1')
    expect(await reasonOf(reserve(other))).toBe('client-exists')
    expect(server.live).toEqual(['client-1'])
  })

  it('waits where the first client cannot be removed, and is then done by anybody who looks', async () => {
    const { exchange, reserve, server, sweep } = setUp(rollback)
    await exchange(approval(), 'r1')
    server.tends = false
    expect(await reasonOf(reserve(approval()))).toBe('registration-unsettled')
    expect(server.live).toEqual(['client-1'])
    server.tends = true
    await sweep()
    expect(server.live).toEqual([])
  })
})

describe.each(MODES)('with %s, an attempt whose end nobody knows', (recovery) => {
  it('left a client: it is found by its mark and removed, and the next attempt gets the only one', async () => {
    const { exchange, server, clock, kinds } = setUp({ recovery, hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    await exchange(approval(), 'r1')
    expect(server.live).toEqual(['client-1'])
    server.behaviour = 'answers'
    clock.advance(TTL)
    expect((await exchange(approval(), 'r2')).clientId).toBe('client-2')
    expect(server.live).toEqual(['client-2'])
    expect(kinds()).toEqual(['registration-settled'])
  })

  it('left a client, and so did the next: all are found, by whatever mark', async () => {
    const { exchange, server, clock } = setUp({ recovery, hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    for (const [id, sha256] of [
      ['r1', 'one'],
      ['r2', 'one'],
      ['r3', 'two'],
      ['r4', 'three'],
    ] as const) {
      await exchange(approval({ sha256 }), id)
      clock.advance(TTL)
    }
    server.behaviour = 'answers'
    const { clientId } = await exchange(approval(), 'r5')
    expect(server.live).toEqual([clientId])
  })

  it('does not let the next one begin while nobody can be asked, though he could', async () => {
    const { exchange, reserve, server, clock, recordAt } = setUp({ recovery, hasAdministration: true })
    server.behaviour = 'makes the client and falls silent'
    const { reserved } = await exchange(approval(), 'r1')
    server.tends = false
    clock.advance(TTL)
    expect(await reasonOf(reserve(approval()))).toBe('registration-unsettled')
    expect(await recordAt(reserved.record)).toMatchObject({ id: 'r1', state: 'unknown' })
  })

  it('does not lock the registrant out where the operator named no way to look; the doubt stays written down', async () => {
    const { exchange, server, clock, recordAt, kinds } = setUp({ recovery })
    server.behaviour = 'falls silent'
    await exchange(approval(), 'r1')
    clock.advance(TTL)
    server.behaviour = 'answers'
    const { reserved, clientId } = await exchange(approval({ sha256: 'another' }), 'r2')
    expect(clientId).toBe('client-1')
    expect(await recordAt(reserved.record)).toMatchObject({ id: 'r2', state: 'granted', doubtful: ['r1'] })
    expect(kinds()).toEqual(['registration-unsettled'])
  })

  it('is still in doubt after a next attempt that was refused, where nobody can look', async () => {
    const { exchange, server, clock, recordAt } = setUp({ recovery })
    server.behaviour = 'falls silent'
    await exchange(approval(), 'r1')
    clock.advance(TTL)
    server.behaviour = 'refuses'
    const { reserved } = await exchange(approval({ sha256: 'another' }), 'r2')
    expect(await recordAt(reserved.record)).toMatchObject({ state: 'unknown', doubtful: ['r1'] })
  })

  it('keeps no more doubts than a record holds', async () => {
    const { exchange, server, clock, recordAt } = setUp({ recovery })
    server.behaviour = 'falls silent'
    for (let index = 0; index < 25; index += 1) {
      const { reserved } = await exchange(approval({ sha256: String(index) }), `r${index}`)
      const record = await recordAt(reserved.record)
      expect(record?.doubtful.length).toBe(Math.min(index, 20))
      clock.advance(TTL)
    }
  })

  it('whose gateway died before anything was sent is followed by the next as if it had not been', async () => {
    const { reserve, registry, clock, exchange, events } = setUp({ recovery })
    class Died extends Error {}
    const write = registry.write.bind(registry)
    registry.write = () => Promise.reject(new Died())
    await expect(reserve(approval({ once: [demand('a')] }), 'r1')).rejects.toBeInstanceOf(Died)
    registry.write = write
    clock.advance(TTL)
    expect((await exchange(approval({ once: [demand('a')] }), 'r2')).clientId).toBe('client-1')
    expect(events).toEqual([])
  })
})

describe('nothing of a registration that failed is in the way of others', () => {
  it('whoever hung up: another party of the same software goes on', async () => {
    const { reserve, commit, exchange, clock } = setUp()
    await commit(await reserve(approval()), silence(true))
    clock.advance(TTL)
    expect((await exchange(approval({ owner: 'B' }), 'r2')).clientId).toBe('client-1')
  })

  it('cannot be read: refused, and neither guessed at nor written over', async () => {
    const { reserve, registry, exchange } = setUp()
    const { reserved } = await exchange(approval(), 'r1')
    const name = reserved.record ?? ''
    await registry.take(name, 'other-edition', TTL, null)
    await registry.write(name, 'other-edition', { value: '{"edition":2}', dueMs: null }, null)
    expect(await reasonOf(reserve(approval()))).toBe('state-unavailable')
    expect(await reasonOf(reserve(approval()))).toBe('state-unavailable')
    expect(await registry.read(name)).toBe('{"edition":2}')
  })
})
