import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EgressEvent } from '../../../src/egress/egress-event.ts'
import { EgressFailure, type EgressProblem } from '../../../src/egress/egress-failure.ts'
import { FetchFailure } from '../../../src/egress/fetch-failure.ts'
import type { AddressChoice, FetchPlace } from '../../../src/egress/fetch-place.ts'
import { DEFAULT_GATE_LIMITS, HostGate, type GateLimits } from '../../../src/egress/host-gate.ts'

const PLACES = { together: 4, perHost: 2 }
const LIMITS: GateLimits = {
  places: { 'any-host': PLACES, 'listed-host': PLACES, pinned: PLACES, 'server-metadata': PLACES },
  ...{ silences: 3, restMs: 30_000, maxHosts: 100 },
}
const CHOICES: readonly AddressChoice[] = ['any-host', 'listed-host', 'pinned', 'server-metadata']
const A: FetchPlace = { choice: 'any-host', host: 'a:443', authorities: 'public' }
const at = (host: string): FetchPlace => ({ ...A, host })

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

function openGate(limits: Partial<GateLimits> = {}): { gate: HostGate; events: EgressEvent[] } {
  const events: EgressEvent[] = []
  return { gate: new HostGate({ ...LIMITS, ...limits }, (event) => events.push(event)), events }
}

const failWith = (problem: EgressProblem, isSilence: boolean) => () =>
  Promise.reject(new EgressFailure(problem, 'of the test', undefined, { isSilence }))

async function problemOf(run: Promise<unknown>): Promise<string> {
  const outcome = await run.then(String, (error: unknown) => error)
  return outcome instanceof FetchFailure ? outcome.problem : String(outcome)
}

async function failTimes(
  gate: HostGate,
  times: number,
  problem: EgressProblem,
  isSilence = problem === 'timeout',
): Promise<void> {
  for (let count = 0; count < times; count += 1)
    expect(await problemOf(gate.run(A, failWith(problem, isSilence)))).toBe(problem)
}

/** A task that ends when it is told to. */
function pending(): { task: () => Promise<string>; end: () => void } {
  let end = (): void => undefined
  const ended = new Promise<string>((resolve) => (end = () => resolve('done')))
  return { task: () => ended, end: () => end() }
}

describe('a host that is silent', () => {
  it.each(['timeout', 'unreachable'] as const)('again and again (%s) is left alone for a while', async (problem) => {
    const { gate, events } = openGate()
    await failTimes(gate, 3, problem, true)
    expect(events).toEqual([{ kind: 'fetch-host-rests', choice: 'any-host', host: 'a:443', restMs: 30_000 }])
    const task = vi.fn(() => Promise.resolve('answer'))
    expect(await problemOf(gate.run(A, task))).toBe('host-rests')
    expect(task).not.toHaveBeenCalled()
  })

  it('is asked again once it has rested, by one fetch alone', async () => {
    const { gate } = openGate()
    await failTimes(gate, 3, 'timeout')
    vi.advanceTimersByTime(30_000)
    const probe = pending()
    const probing = gate.run(A, probe.task)
    expect(await problemOf(gate.run(A, () => Promise.resolve('second')))).toBe('host-rests')
    probe.end()
    expect(await probing).toBe('done')
    expect(await gate.run(A, () => Promise.resolve('third'))).toBe('third')
  })

  it('rests again after one more silence', async () => {
    const { gate, events } = openGate()
    await failTimes(gate, 3, 'timeout')
    vi.advanceTimersByTime(30_000)
    await failTimes(gate, 1, 'timeout')
    expect(await problemOf(gate.run(A, () => Promise.resolve('answer')))).toBe('host-rests')
    expect(events).toHaveLength(2)
  })

  it('does not keep others from being asked, nor itself on another port', async () => {
    const { gate } = openGate()
    await failTimes(gate, 3, 'timeout')
    for (const host of ['b:443', 'a:8443'])
      expect(await gate.run(at(host), () => Promise.resolve('answer'))).toBe('answer')
  })
})

describe('a host that is left alone', () => {
  it.each(CHOICES)('because of %s is asked for all else: nobody speaks for what others chose', async (choice) => {
    const { gate } = openGate()
    for (let count = 0; count < 3; count += 1)
      await problemOf(gate.run({ ...A, choice }, failWith('unreachable', true)))
    const answers = await Promise.all(
      CHOICES.map((other) => problemOf(gate.run({ ...A, choice: other }, () => Promise.resolve('answer')))),
    )
    expect(answers).toEqual(CHOICES.map((other) => (other === choice ? 'host-rests' : 'answer')))
  })

  it('is asked where other authorities certify it', async () => {
    const { gate } = openGate()
    await failTimes(gate, 3, 'timeout')
    expect(await gate.run({ ...A, authorities: 'others' }, () => Promise.resolve('answer'))).toBe('answer')
  })

  it('is not forgotten because registrants name host after host', async () => {
    const { gate } = openGate({ maxHosts: 10 })
    const pinned: FetchPlace = { ...A, choice: 'pinned' }
    for (let count = 0; count < 3; count += 1) await problemOf(gate.run(pinned, failWith('timeout', true)))
    for (let count = 0; count < 100; count += 1) await gate.run(at(`h${count}:443`), () => Promise.resolve('answer'))
    expect(await problemOf(gate.run(pinned, () => Promise.resolve('answer')))).toBe('host-rests')
  })
})

describe('a host that answers', () => {
  it.each(['status', 'too-large', 'address-forbidden', 'unreachable', 'timeout'] as const)(
    'in whatever way (%s) is never left alone: nobody can bring that about with an invented path',
    async (problem) => {
      const { gate, events } = openGate()
      await failTimes(gate, 10, problem, false)
      expect(await gate.run(A, () => Promise.resolve('answer'))).toBe('answer')
      expect(events).toEqual([])
    },
  )

  it('between silences is not counted as silent', async () => {
    const { gate } = openGate()
    await failTimes(gate, 2, 'timeout')
    await failTimes(gate, 1, 'status')
    await failTimes(gate, 2, 'timeout')
    expect(await gate.run(A, () => Promise.resolve('answer'))).toBe('answer')
  })
})

describe('places', () => {
  it('of one host are few, and who finds none is told so at once', async () => {
    const { gate, events } = openGate()
    const slow = pending()
    const running = [gate.run(A, slow.task), gate.run(A, slow.task)]
    expect(await problemOf(gate.run(A, slow.task))).toBe('busy')
    expect(await gate.run(at('b:443'), () => Promise.resolve('answer'))).toBe('answer')
    expect(events).toEqual([{ kind: 'fetch-turned-away', choice: 'any-host', host: 'a:443' }])
    slow.end()
    await Promise.all(running)
    expect(await gate.run(A, () => Promise.resolve('answer'))).toBe('answer')
  })

  it('of all hosts together are bounded as well', async () => {
    const { gate } = openGate()
    const slow = pending()
    const running = ['a:443', 'b:443', 'c:443', 'd:443'].map((host) => gate.run(at(host), slow.task))
    expect(await problemOf(gate.run(at('e:443'), slow.task))).toBe('busy')
    slow.end()
    await Promise.all(running)
  })
})

describe('places that registrants fill with hosts of their choice', () => {
  it.each(CHOICES)('are none of those for %s, unless these are the same', async (choice) => {
    const { gate } = openGate()
    const slow = pending()
    const running = ['a:443', 'b:443', 'c:443', 'd:443'].map((host) => gate.run(at(host), slow.task))
    const asked = problemOf(gate.run({ ...A, choice, host: 'e:443' }, () => Promise.resolve('answer')))
    expect(await asked).toBe(choice === 'any-host' ? 'busy' : 'answer')
    slow.end()
    await Promise.all(running)
  })

  it('take a good many hosts: each has few of them', () => {
    const { together, perHost } = DEFAULT_GATE_LIMITS.places['any-host']
    expect(together / perHost).toBeGreaterThanOrEqual(32)
  })
})

it('what nobody foresaw is a fault of ours, and no failure of the host', async () => {
  const { gate } = openGate()
  for (let count = 0; count < 10; count += 1)
    await expect(gate.run(A, () => Promise.reject(new RangeError('a slip')))).rejects.toThrow(RangeError)
  expect(await gate.run(A, () => Promise.resolve('answer'))).toBe('answer')
})
