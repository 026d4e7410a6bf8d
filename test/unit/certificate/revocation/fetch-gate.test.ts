import { describe, expect, it } from 'vitest'
import { FetchGate, type GateLimits } from '../../../../src/certificate/revocation/store/fetch-gate.ts'
import type { RevocationEvent } from '../../../../src/certificate/revocation/store/revocation-event.ts'
import { RevocationFailure } from '../../../../src/certificate/revocation/store/revocation-failure.ts'
import { HandWoundTime, settle, StandInEgressFailure } from './revocation-fixture.ts'

const LIMITS: GateLimits = {
  concurrent: 4,
  concurrentPerHost: 2,
  concurrentPerOwner: 3,
  waiting: 3,
  waitingPerHost: 2,
  waitingPerOwner: 2,
  rest: { failures: 2, restMs: 1000 },
}

function openGate() {
  const time = new HandWoundTime()
  const events: RevocationEvent[] = []
  const gate = new FetchGate(LIMITS, time, (event) => events.push(event))
  const begun: string[] = []
  const ends: (() => void)[] = []
  const enter = (host: string, urgency: 'waiting' | 'background' = 'waiting', owner = host): Promise<string> =>
    gate
      .run({ host, owner }, urgency, () => {
        begun.push(host)
        return new Promise<string>((resolve) => ends.push(() => resolve('done')))
      })
      .catch((error: unknown) => (error instanceof RevocationFailure ? error.problem : 'wrong'))
  return { time, events, gate, begun, ends, enter }
}

describe('the gate of fetches', () => {
  it('lets in so many of a host, and so many altogether', async () => {
    const { begun, enter } = openGate()
    for (const host of ['a', 'a', 'a', 'b', 'b', 'c']) void enter(host)
    await settle()
    expect(begun).toEqual(['a', 'a', 'b', 'b'])
  })

  it('lets the next in when one leaves: who waited longest and whose host has room', async () => {
    const { begun, ends, enter } = openGate()
    for (const host of ['a', 'a', 'b', 'b', 'b', 'a']) void enter(host)
    await settle()
    ends[0]?.()
    // Comes at the very moment when a place is free that is promised already.
    void enter('c')
    await settle()
    expect(begun).toEqual(['a', 'a', 'b', 'b', 'a'])
    ends[2]?.()
    await settle()
    expect(begun).toEqual(['a', 'a', 'b', 'b', 'a', 'b'])
  })

  it('turns away who would wait too long, tells it once, and again when it begins anew', async () => {
    const { events, ends, enter } = openGate()
    const all = Array.from({ length: 6 }, () => enter('a'))
    await settle()
    expect(await Promise.all(all.slice(4))).toEqual(['queue-full', 'queue-full'])
    expect(events).toEqual([{ kind: 'revocation-queue-full', host: 'a' }])
    for (const index of [0, 1, 2, 3]) {
      ends[index]?.()
      await settle()
    }
    for (let index = 0; index < 6; index += 1) void enter('a')
    await settle()
    expect(events).toHaveLength(2)
  })

  it('leaves places for others when one issuer names many hosts that never answer', async () => {
    const { begun, enter } = openGate()
    const many = ['1', '2', '3', '4', '5', '6'].map((host) => enter(host, 'waiting', 'hostile'))
    void enter('a')
    await settle()
    expect(begun).toEqual(['1', '2', '3', 'a'])
    expect(await many[5]).toBe('queue-full')
    void enter('b')
    await settle()
    expect(begun).toHaveLength(4)
  })

  it('keeps room for who waits from what nobody waits for', async () => {
    const { begun, enter } = openGate()
    void enter('a', 'background')
    void enter('b', 'background')
    expect(await enter('c', 'background')).toBe('busy')
    void enter('c')
    await settle()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('leaves a host alone for a while that did not answer so often in a row', async () => {
    const { gate, time, events, enter } = openGate()
    const fail = (error: Error) =>
      gate.run({ host: 'a', owner: 'a' }, 'waiting', () => Promise.reject(error)).catch(() => undefined)
    await fail(new StandInEgressFailure('x'))
    await fail(new RevocationFailure('status', '500'))
    await fail(new StandInEgressFailure('x'))
    expect(events).toEqual([])
    await fail(new StandInEgressFailure('x'))
    expect(events).toEqual([{ kind: 'revocation-host-rests', host: 'a', restMs: 1000 }])
    expect(await enter('a')).toBe('host-resting')
    await time.wind(1000)
    await fail(new StandInEgressFailure('x'))
    expect(await enter('a')).toBe('host-resting')
  })

  it('hands through what the task failed with, and gives its place back', async () => {
    const { gate } = openGate()
    for (let turn = 0; turn < 5; turn += 1)
      await expect(
        gate.run({ host: 'a', owner: 'a' }, 'waiting', () => Promise.reject(new TypeError('bug'))),
      ).rejects.toMatchObject({
        problem: 'internal',
        detail: 'bug',
      })
  })
})
