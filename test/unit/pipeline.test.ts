import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import type { Arrival } from '../../src/model/arrival.ts'
import type { Clock } from '../../src/model/clock.ts'
import { refuse, Refusal } from '../../src/model/refusal.ts'
import type { CommonStages, Exchange, Stages } from '../../src/model/stages.ts'
import { handleExchange } from '../../src/pipeline.ts'

const CLOCK: Clock = { now: () => new Date(0), elapsedMs: () => 0 }
const RECEIVED = new Date('2026-01-01T12:00:00Z')
const ARRIVAL = { decisionId: 'decision-1', receivedAt: RECEIVED, peer: { address: '192.0.2.1' } } as Arrival
const GRANTED: Answer = { status: 201, headers: {}, body: { client_id: 'a' } }
const SILENCE = { kind: 'silence', sent: true } as const

/** What each stage gives: values of which only the identity counts. */
const PRODUCTS = {
  identify: { of: 'identify' },
  route: { of: 'route' },
  read: { of: 'read' },
  verifyStatement: { of: 'verifyStatement' },
  verifyRequest: { of: 'verifyRequest' },
  decide: { of: 'decide' },
  reserve: { of: 'reserve' },
  forward: SILENCE,
  commit: undefined,
  rewrite: GRANTED,
} as const
type Stage = keyof typeof PRODUCTS
const ORDER = Object.keys(PRODUCTS) as readonly Stage[]

/** Stages that do nothing but take part; `failing` throws what it is given. */
function play(failing: Partial<Record<Stage | 'select' | 'refuse', unknown>> = {}) {
  const calls: [Stage, ...unknown[]][] = []
  const records: Exchange[] = []
  const stage =
    (name: Stage) =>
    (...given: unknown[]): unknown => {
      calls.push([name, ...given])
      if (name in failing) throw failing[name]
      return PRODUCTS[name]
    }
  const stages = {
    endpoint: { path: '/register' },
    reasons: { 'statement-expired': { clause: '7.1' }, 'internal-error': { clause: 'never' } },
    ...Object.fromEntries(ORDER.map((name) => [name, stage(name)])),
  } as unknown as Stages
  const common: CommonStages = {
    select: () => {
      if ('select' in failing) throw failing.select
      return stages
    },
    refuse: ({ findings: [{ reason, clause }] }) => {
      if ('refuse' in failing) throw failing.refuse
      return { status: 400, headers: {}, body: { reason, clause: clause ?? null } }
    },
    record: (exchange) => records.push(exchange),
  }
  return { answer: handleExchange(common, CLOCK, ARRIVAL), calls, records }
}

describe('one exchange', () => {
  it('goes through every stage once, in order, each given what earlier ones proved', async () => {
    const { answer, calls } = play()
    await answer
    const { identify, route, read, verifyStatement, verifyRequest, decide, reserve, forward } = PRODUCTS
    expect(calls).toEqual([
      ['identify', ARRIVAL.peer, RECEIVED],
      ['route', ARRIVAL],
      ['read', ARRIVAL, route],
      ['verifyStatement', read, RECEIVED],
      ['verifyRequest', read, verifyStatement, RECEIVED],
      ['decide', { request: verifyRequest, client: identify, statement: verifyStatement }, RECEIVED],
      ['reserve', decide],
      ['forward', reserve, 'decision-1', ARRIVAL.gone],
      ['commit', reserve, forward],
      ['rewrite', forward, decide, 'decision-1'],
    ])
  })

  it('is answered as the last stage words it, and recorded once with all that became known', async () => {
    const { answer, records } = play()
    expect(await answer).toBe(GRANTED)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      ...{ answer: GRANTED, arrival: ARRIVAL, endpoint: { path: '/register' }, client: PRODUCTS.identify },
      ...{ route: PRODUCTS.route, request: PRODUCTS.read, statement: PRODUCTS.verifyStatement },
      verified: PRODUCTS.verifyRequest,
      ...{ approved: PRODUCTS.decide, reserved: PRODUCTS.reserve, reply: SILENCE },
    })
    expect(records[0]).not.toHaveProperty('refusal')
  })

  it('settles its reservation before anything can refuse the reply', async () => {
    const { calls, answer } = play({ rewrite: refuse({ reason: 'upstream-failed', at: 'a', message: 'm' }) })
    expect((await answer).body).toMatchObject({ reason: 'upstream-failed' })
    expect(calls.map(([name]) => name)).toEqual(ORDER)
  })

  it.each(ORDER)('ends where %s refuses, worded as the policy words it', async (name) => {
    const refusal = refuse({ reason: 'statement-expired', at: 'software_statement', message: 'm' })
    const { answer, calls, records } = play({ [name]: refusal })
    expect((await answer).body).toEqual({ reason: 'statement-expired', clause: '7.1' })
    expect(calls.at(-1)?.[0]).toBe(name)
    expect(records).toHaveLength(1)
    expect(records[0]?.refusal?.findings[0]).toMatchObject({ reason: 'statement-expired', clause: '7.1' })
    expect(records[0]?.answer.status).toBe(400)
  })

  it.each(ORDER)('is refused (fail closed) and recorded where %s fails in a way nobody foresaw', async (name) => {
    const bug = new TypeError('undefined is not a function')
    const { answer, records } = play({ [name]: bug })
    expect((await answer).body).toMatchObject({ reason: 'internal-error' })
    expect(records[0]?.refusal?.findings).toEqual([
      { reason: 'internal-error', at: 'gateway', message: 'the gateway failed', clause: 'never' },
    ])
    // For the operator's log alone: no finding, hence neither answer nor audit record, holds a word of it.
    expect(records[0]?.refusal?.cause).toBe(bug)
    expect(JSON.stringify(records[0]?.refusal?.findings)).not.toContain('undefined')
  })

  it('takes whatever is thrown for a failure, errors or not', async () => {
    const { answer, records } = play({ decide: 'a text' })
    expect((await answer).body).toMatchObject({ reason: 'internal-error' })
    expect(records[0]?.refusal).toBeInstanceOf(Refusal)
    expect(records[0]?.refusal?.cause).toBe('a text')
  })

  it('is refused and recorded without an endpoint, where none has the path, in our words', async () => {
    const { answer, calls, records } = play({
      select: refuse({ reason: 'endpoint-unknown', at: 'path', message: 'm' }),
    })
    expect((await answer).body).toEqual({ reason: 'endpoint-unknown', clause: null })
    expect(calls).toEqual([])
    expect(records).toMatchObject([{ refusal: { findings: [{ reason: 'endpoint-unknown' }] } }])
    expect(records[0]).not.toHaveProperty('endpoint')
  })

  it('leaves to the connection what cannot even be refused', async () => {
    const { answer } = play({ decide: new Error('first'), refuse: new Error('second') })
    await expect(answer).rejects.toThrow('second')
  })
})
