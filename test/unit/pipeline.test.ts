import { describe, expect, it, vi } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import type { Arrival } from '../../src/model/arrival.ts'
import type { Clock } from '../../src/model/clock.ts'
import type { ReasonOverrides } from '../../src/model/reasons.ts'
import { refuse, Refusal } from '../../src/model/refusal.ts'
import type { Approach, CommonStages, Endpoint, Exchange, Place, Stages } from '../../src/model/stages.ts'
import { handleExchange } from '../../src/pipeline.ts'

const CLOCK: Clock = { now: () => new Date(0), elapsedMs: () => 0 }
const RECEIVED = new Date('2026-01-01T12:00:00Z')
const ARRIVAL = { decisionId: 'decision-1', receivedAt: RECEIVED, peer: { address: '192.0.2.1' } } as Arrival
const GRANTED: Answer = { status: 201, headers: {}, body: { client_id: 'a' } }
const SILENCE = { kind: 'silence', sent: true } as const
const BOUND = { kind: 'answer', status: 201, body: { client_id: 'a' } } as const

/** What each stage gives: values of which only the identity counts. */
const PRODUCTS = {
  limitAddress: undefined,
  route: { of: 'route' },
  identify: { of: 'identify' },
  limitClient: undefined,
  read: { of: 'read' },
  recognise: { of: 'recognise' },
  verifyStatement: { of: 'verifyStatement' },
  verifyRequest: { of: 'verifyRequest' },
  lookUp: { of: 'lookUp' },
  decide: { of: 'decide' },
  reserve: { of: 'reserve' },
  forward: SILENCE,
  bind: BOUND,
  commit: undefined,
  rewrite: GRANTED,
} as const
type Stage = keyof typeof PRODUCTS
const ORDER = Object.keys(PRODUCTS) as readonly Stage[]
/** All after which it is known which policies may judge. */
const WITH_WORDS = ORDER.filter((name) => name !== 'limitAddress')
const [ENDPOINT, OTHER] = [{ name: '/register' }, { name: 'other' }] as [Endpoint, Endpoint]
const WORDS: ReasonOverrides = { 'statement-expired': { clause: '7.1' }, 'internal-error': { clause: 'never' } }
type Choice = 'select' | 'narrow' | 'choose'

/** Stages that do nothing but take part; `failing` throws what it is given. */
function play(failing: Partial<Record<Stage | Choice | 'refuse', unknown>> = {}) {
  const calls: [Stage, ...unknown[]][] = []
  const choices: [Choice, ...unknown[]][] = []
  const records: Exchange[] = []
  const stage =
    (name: Stage) =>
    (...given: unknown[]): unknown => {
      calls.push([name, ...given])
      if (name in failing) throw failing[name]
      return PRODUCTS[name]
    }
  const refusing =
    (form: string): CommonStages['refuse'] =>
    ({ findings: [{ reason, clause }] }) => {
      if ('refuse' in failing) throw failing.refuse
      return { status: 400, headers: { form }, body: { reason, clause: clause ?? null } }
    }
  const choice =
    <Chosen>(name: Choice, chosen: Chosen) =>
    (...given: unknown[]): Chosen => {
      choices.push([name, ...given])
      if (name in failing) throw failing[name]
      return chosen
    }
  const undelivered = vi.fn(() => Promise.resolve())
  const all = Object.fromEntries(ORDER.map((name) => [name, stage(name)])) as unknown as Stages &
    Place &
    Pick<Approach, 'limitClient'> &
    Pick<CommonStages, 'limitAddress'>
  const several = { endpoints: [ENDPOINT, OTHER], reasons: WORDS, refuse: null }
  const stages: Stages = { ...all, undelivered, endpoints: [ENDPOINT], reasons: WORDS, refuse: refusing('regime') }
  const approach: Approach = { ...all, ...several, choose: choice('choose', stages) }
  const place: Place = { ...all, ...several, narrow: choice('narrow', Promise.resolve(approach)) }
  const common: CommonStages = {
    limitAddress: all.limitAddress,
    select: choice('select', place),
    refuse: refusing('RFC 7591'),
    record: (exchange) => records.push(exchange),
  }
  return { answer: handleExchange(common, CLOCK, ARRIVAL), calls, choices, records, undelivered }
}

describe('one exchange', () => {
  it('goes through every stage once, in order, each given what earlier ones proved', async () => {
    const { answer, calls } = play()
    await answer
    const { identify, route, read, recognise, verifyStatement, verifyRequest, lookUp, decide, reserve } = PRODUCTS
    const evidence = { request: verifyRequest, client: identify, statement: verifyStatement, managed: recognise }
    expect(calls).toEqual([
      ['limitAddress', ARRIVAL.peer],
      ['route', ARRIVAL],
      ['identify', ARRIVAL.peer, RECEIVED],
      ['limitClient', identify, RECEIVED],
      ['read', ARRIVAL, route],
      ['recognise', read, identify, RECEIVED],
      ['verifyStatement', read, RECEIVED],
      ['verifyRequest', read, verifyStatement, RECEIVED],
      ['lookUp', evidence, RECEIVED],
      ['decide', { ...evidence, lookups: lookUp }, RECEIVED],
      ['reserve', decide, 'decision-1'],
      ['forward', reserve, 'decision-1', ARRIVAL.gone],
      ['bind', SILENCE, reserve],
      ['commit', reserve, SILENCE, BOUND],
      ['rewrite', BOUND, decide, 'decision-1'],
    ])
  })

  it('comes to its endpoint in three steps, each given what is known by then', async () => {
    const { answer, choices } = play()
    await answer
    const { route, read } = PRODUCTS
    expect(choices).toEqual([
      ['select', ARRIVAL],
      ['narrow', ARRIVAL, route],
      ['choose', read],
    ])
  })

  it('is answered as the last stage words it, and recorded once with all that became known', async () => {
    const { answer, records } = play()
    expect(await answer).toMatchObject(GRANTED)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({
      ...{ answer: GRANTED, arrival: ARRIVAL, endpoints: [ENDPOINT], client: PRODUCTS.identify },
      ...{ route: PRODUCTS.route, request: PRODUCTS.read, statement: PRODUCTS.verifyStatement },
      managed: PRODUCTS.recognise,
      verified: PRODUCTS.verifyRequest,
      ...{ approved: PRODUCTS.decide, reserved: PRODUCTS.reserve, reply: SILENCE },
    })
    expect(records[0]).not.toHaveProperty('refusal')
  })

  it('tells of its reservation when its answer was lost, and of nothing when it was not, or was a refusal', async () => {
    const { answer, undelivered } = play()
    const { onLost } = await answer
    expect(undelivered).not.toHaveBeenCalled()
    onLost?.()
    expect(undelivered.mock.calls).toEqual([[PRODUCTS.reserve]])
    const refused = play({ commit: refuse({ reason: 'state-unavailable', at: 'registration', message: 'm' }) })
    expect(await refused.answer).not.toHaveProperty('onLost')
  })

  it('looks at nothing of a request before it is known whether its sender may manage that client', async () => {
    const { answer, calls } = play({
      recognise: refuse({ reason: 'management-token-rejected', at: 'a', message: 'm' }),
    })
    expect((await answer).body).toMatchObject({ reason: 'management-token-rejected' })
    expect(calls.map(([name]) => name)).toEqual(ORDER.slice(0, ORDER.indexOf('recognise') + 1))
  })

  it('settles its reservation before anything can refuse the reply', async () => {
    const { calls, answer } = play({ rewrite: refuse({ reason: 'upstream-failed', at: 'a', message: 'm' }) })
    expect((await answer).body).toMatchObject({ reason: 'upstream-failed' })
    expect(calls.map(([name]) => name)).toEqual(ORDER)
  })

  it('is refused before it is even known where it leads, in our words, where its address sent too many', async () => {
    const refusal = refuse({ reason: 'rate-exceeded', at: 'client address', message: 'm' })
    const { answer, calls, choices, records } = play({ limitAddress: refusal })
    expect(await answer).toMatchObject({
      headers: { form: 'RFC 7591' },
      body: { reason: 'rate-exceeded', clause: null },
    })
    expect([calls, choices]).toEqual([[['limitAddress', ARRIVAL.peer]], []])
    expect(records).toMatchObject([{ refusal: { findings: [{ reason: 'rate-exceeded' }] } }])
    expect(records[0]).not.toHaveProperty('endpoints')
  })

  it.each(WITH_WORDS)('ends where %s refuses, worded as the policy words it', async (name) => {
    const refusal = refuse({ reason: 'statement-expired', at: 'software_statement', message: 'm' })
    const { answer, calls, records } = play({ [name]: refusal })
    // Until one endpoint is left, no regime's form is known to be the right one.
    const form = ['route', 'identify', 'limitClient', 'read'].includes(name) ? 'RFC 7591' : 'regime'
    expect(await answer).toMatchObject({
      headers: { form },
      body: { reason: 'statement-expired', clause: '7.1' },
    })
    expect(calls.at(-1)?.[0]).toBe(name)
    expect(records).toHaveLength(1)
    expect(records[0]?.refusal?.findings[0]).toMatchObject({ reason: 'statement-expired', clause: '7.1' })
    expect(records[0]?.answer.status).toBe(400)
  })

  it('is refused (fail closed) and recorded where the limit of addresses fails in a way nobody foresaw', async () => {
    const { answer, calls, records } = play({ limitAddress: new TypeError('of ours') })
    expect((await answer).body).toMatchObject({ reason: 'internal-error' })
    expect(calls).toHaveLength(1)
    expect(records).toHaveLength(1)
  })

  it.each(WITH_WORDS)('is refused (fail closed) and recorded where %s fails in a way nobody foresaw', async (name) => {
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
    expect(await answer).toMatchObject({
      headers: { form: 'RFC 7591' },
      body: { reason: 'endpoint-unknown', clause: null },
    })
    expect(calls).toEqual([['limitAddress', ARRIVAL.peer]])
    expect(records).toMatchObject([{ refusal: { findings: [{ reason: 'endpoint-unknown' }] } }])
    expect(records[0]).not.toHaveProperty('endpoints')
  })

  it.each(['narrow', 'choose'] as const)(
    'is refused in the common words of all endpoints, and recorded with them, where none is left to %s',
    async (step) => {
      const refusal = refuse({ reason: 'statement-expired', at: 'software_statement', message: 'm' })
      const { answer, records } = play({ [step]: refusal })
      expect((await answer).body).toEqual({ reason: 'statement-expired', clause: '7.1' })
      expect(records[0]?.endpoints).toEqual([ENDPOINT, OTHER])
    },
  )

  it('leaves to the connection what cannot even be refused', async () => {
    const { answer } = play({ decide: new Error('first'), refuse: new Error('second') })
    await expect(answer).rejects.toThrow('second')
  })
})
