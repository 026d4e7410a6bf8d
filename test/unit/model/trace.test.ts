import { describe, expect, it } from 'vitest'
import type { Arrival } from '../../../src/model/arrival.ts'
import type { Clock } from '../../../src/model/clock.ts'
import { refuse } from '../../../src/model/refusal.ts'
import type { Route } from '../../../src/model/registration-request.ts'
import type { Endpoint } from '../../../src/model/stages.ts'
import { Trace } from '../../../src/model/trace.ts'

const ARRIVAL = { decisionId: 'decision-1' } as Arrival
const ANSWER = { status: 201, headers: {}, body: null }
const ROUTE: Route = { operation: 'create', location: null }

/** Started long before, so that a reading taken for a duration shows. */
function traceAt(...readingsMs: readonly number[]): Trace {
  const readings = [...readingsMs]
  const clock: Clock = { now: () => new Date(0), elapsedMs: () => readings.shift() ?? Number.NaN }
  return new Trace(ARRIVAL, clock)
}

describe('a trace', () => {
  it('hands through the very value that it notes', () => {
    expect(traceAt(0, 1).note('route', ROUTE)).toBe(ROUTE)
  })

  it('tells all that was noted, the arrival and the answer', () => {
    const trace = traceAt(0, 1, 2, 3)
    trace.note('client', null)
    trace.note('route', ROUTE)
    const exchange = trace.finish(ANSWER)
    expect(exchange).toMatchObject({ arrival: ARRIVAL, client: null, route: ROUTE, answer: ANSWER })
    expect(exchange.arrival).toBe(ARRIVAL)
  })

  it('tells nothing of what never became known, no refusal least of all', () => {
    expect(Object.keys(traceAt(0, 1).finish(ANSWER)).sort()).toEqual(['answer', 'arrival', 'timings'])
  })

  it('tells the refusal that ended it, beside what was known before', () => {
    const refusal = refuse({ reason: 'request-malformed', at: 'body', message: 'is cut off' })
    const trace = traceAt(0, 1, 2)
    trace.note('route', ROUTE)
    const exchange = trace.finish(ANSWER, refusal)
    expect(exchange.refusal).toBe(refusal)
    expect(exchange.route).toBe(ROUTE)
  })

  it('tells which endpoints were left at last, and has their words', () => {
    const trace = traceAt(0, 1)
    expect(trace.reasons).toEqual({})
    const [one, other] = [{ name: 'one' }, { name: 'other' }] as [Endpoint, Endpoint]
    const both = { endpoints: [one, other], reasons: {}, refuse: null }
    expect(trace.among(both)).toBe(both)
    trace.among({ endpoints: [other], reasons: { 'body-missing': { clause: '7' } }, refuse: null })
    expect(trace.reasons).toEqual({ 'body-missing': { clause: '7' } })
    expect(trace.finish(ANSWER).endpoints).toEqual([other])
  })

  it('times each thing in milliseconds from the arrival, in order, to the microsecond', () => {
    const trace = traceAt(5000, 5001.23456, 5002.5, 5010)
    trace.note('route', ROUTE)
    trace.note('client', null)
    expect(Object.entries(trace.finish(ANSWER).timings)).toEqual([
      ['route', 1.235],
      ['client', 2.5],
      ['answer', 10],
    ])
  })
})
