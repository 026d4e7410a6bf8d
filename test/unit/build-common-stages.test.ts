import { describe, expect, it } from 'vitest'
import { buildCommonStages } from '../../src/build-common-stages.ts'
import type { Arrival, Peer } from '../../src/model/arrival.ts'
import { refuse, Refusal } from '../../src/model/refusal.ts'
import type { Endpoint, Exchange, Stages } from '../../src/model/stages.ts'
import { createMetrics } from '../../src/operations/metrics.ts'
import type { RateLimits } from '../../src/registry/rates/rate-limits.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { recordingLog, type LogEntry } from '../support/gateway.ts'

const AT = { at: 'somewhere', message: 'm' }
const ENDPOINT = { name: 'bank', host: null, path: '/register' } as Endpoint
const STAGES = { endpoint: ENDPOINT, endpoints: [ENDPOINT], reasons: {} } as unknown as Stages
const settings = {
  limits: { jsonDepth: 8, jsonValues: 100 },
  upstream: { management: 'forward' },
} as Settings

function build(writable = true) {
  const log: LogEntry[] = []
  const audited: Exchange[] = []
  const audit = {
    record: (exchange: Exchange): void => void audited.push(exchange),
    note: () => undefined,
    isWritable: () => writable,
    close: () => undefined,
  }
  const metrics = createMetrics()
  const limited: string[] = []
  const rates: RateLimits = {
    limitAddress: (address) => Promise.resolve(void limited.push(address)),
    limitClient: () => Promise.resolve(),
  }
  return {
    ...buildCommonStages([STAGES, STAGES], { audit, metrics, log: recordingLog(log), settings, rates }),
    limited,
    log,
    audited,
    metrics,
  }
}

function exchangeWith(refusal: Refusal): Exchange {
  const answer = { status: 500, headers: {}, body: null }
  return { arrival: { decisionId: 'decision-1' } as Arrival, refusal, answer, timings: {} }
}

describe('what all endpoints share', () => {
  it('selects all endpoints of a path together', () => {
    expect(build().select({ target: '/register' } as Arrival).endpoints).toEqual([ENDPOINT, ENDPOINT])
    expect(() => build().select({ target: '/other' } as Arrival)).toThrow('endpoint-unknown')
  })

  it('counts a request by the address of the connection, whatever its headers say', async () => {
    const { limitAddress, limited } = build()
    await limitAddress({ address: '192.0.2.1' } as Peer)
    expect(limited).toEqual(['192.0.2.1'])
  })

  it('selects none while decisions cannot be recorded (fail closed)', () => {
    const select = (): unknown => build(false).select({ target: '/register' } as Arrival)
    expect(select).toThrow(Refusal)
    expect(select).toThrow('audit-unavailable')
  })

  it.each<[string, unknown, string]>([
    ['an error, with its stack', new TypeError('of ours'), 'TypeError: of ours\n    at '],
    ['an error without a stack', Object.assign(new Error('bare'), { stack: undefined }), 'bare'],
    ['anything else', 'a text', 'a text'],
  ])('tells the operator of %s that no stage foresaw, by the decision that found it', (_, cause, told) => {
    const { record, log, audited, metrics } = build()
    const exchange = exchangeWith(refuse({ reason: 'internal-error', ...AT }, cause))
    record(exchange)
    expect(audited).toEqual([exchange])
    expect(log).toMatchObject([{ level: 'error', event: 'internal-error', facts: { decisionId: 'decision-1' } }])
    expect(log[0]?.facts['error']).toContain(told)
    return expect(metrics.write()).resolves.toContain('reason="internal-error"')
  })

  it('logs no other refusal, which the audit trail has', () => {
    const { record, log, audited } = build()
    record(exchangeWith(refuse({ reason: 'upstream-failed', ...AT }, new Error('of theirs'))))
    expect(log).toEqual([])
    expect(audited).toHaveLength(1)
  })
})
