import { describe, expect, it } from 'vitest'
import { refuse, Refusal } from '../../../src/model/refusal.ts'
import type { Exchange } from '../../../src/model/stages.ts'
import { createMetrics } from '../../../src/operations/metrics.ts'

const ENDPOINT = { name: '/register', policy: { name: 'brasil', version: '1', sha256: 'ff' } }
const CREATE = { operation: 'create', location: null }

function exchangeOf(given: object): Exchange {
  const answer = { status: 201, headers: {}, body: null }
  return { endpoints: [ENDPOINT], route: CREATE, answer, timings: {}, ...given } as unknown as Exchange
}

async function linesAfter(name: string, ...exchanges: readonly Exchange[]): Promise<string[]> {
  const metrics = createMetrics()
  for (const exchange of exchanges) metrics.observe(exchange)
  return (await metrics.write()).split('\n').filter((line) => line.startsWith(name))
}

function finding(rule?: string): { reason: 'rule-broken'; at: string; message: string; rule?: string } {
  const facts = { reason: 'rule-broken', at: 'scope', message: 'is not granted' } as const
  return rule === undefined ? facts : { ...facts, rule }
}

describe('metrics', () => {
  it('count a grant by endpoint, operation and status', async () => {
    expect(await linesAfter('dcr_decisions_total', exchangeOf({}), exchangeOf({}))).toEqual([
      'dcr_decisions_total{endpoint="/register",operation="create",status="201",reason="granted"} 2',
    ])
  })

  it('count a refusal by its first reason, which decided', async () => {
    const refusal = new Refusal([
      { reason: 'request-malformed', at: 'body', message: 'is cut off' },
      { reason: 'upstream-timeout', at: 'identity server', message: 'is silent' },
    ])
    const answer = { status: 400, headers: {}, body: null }
    expect(await linesAfter('dcr_decisions_total', exchangeOf({ refusal, answer }))).toEqual([
      'dcr_decisions_total{endpoint="/register",operation="create",status="400",reason="request-malformed"} 1',
    ])
  })

  it('name all endpoints that might have taken a request of which it never became plain', async () => {
    const refusal = refuse({ reason: 'client-certificate-required', at: 'client certificate', message: 'is missing' })
    const endpoints = [
      { ...ENDPOINT, name: 'bank' },
      { ...ENDPOINT, name: 'fleet' },
    ]
    expect(await linesAfter('dcr_decisions_total', exchangeOf({ endpoints, refusal }))).toEqual([
      'dcr_decisions_total{endpoint="bank or fleet",operation="create",status="201",reason="client-certificate-required"} 1',
    ])
  })

  it('call endpoint and operation none where they never became known, whatever the target was', async () => {
    const refusal = refuse({ reason: 'endpoint-unknown', at: 'target', message: 'is unknown' })
    const [first, second] = ['/a', '/b'].map((target) =>
      exchangeOf({ endpoints: undefined, route: undefined, refusal, arrival: { target } }),
    )
    if (first === undefined || second === undefined) throw new Error('two were made')
    expect(await linesAfter('dcr_decisions_total', first, second)).toEqual([
      'dcr_decisions_total{endpoint="none",operation="none",status="201",reason="endpoint-unknown"} 2',
    ])
  })

  it('count by limit what went over it, and what could not be asked', async () => {
    const metrics = createMetrics()
    metrics.countRateLimit('address', 'exceeded')
    metrics.countRateLimit('address', 'exceeded')
    metrics.countRateLimit('owner', 'unavailable')
    expect((await metrics.write()).split('\n').filter((line) => line.startsWith('dcr_rate_limits_total'))).toEqual([
      'dcr_rate_limits_total{limit="address",event="exceeded"} 2',
      'dcr_rate_limits_total{limit="owner",event="unavailable"} 1',
    ])
  })

  it('tell the time to the answer in seconds', async () => {
    const labels = 'endpoint="/register",operation="create"'
    const lines = await linesAfter('dcr_exchange_seconds', exchangeOf({ timings: { request: 3, answer: 30 } }))
    expect(lines).toContain(`dcr_exchange_seconds_sum{${labels}} 0.03`)
    expect(lines).toContain(`dcr_exchange_seconds_bucket{le="0.025",${labels}} 0`)
    expect(lines).toContain(`dcr_exchange_seconds_bucket{le="0.05",${labels}} 1`)
  })

  it('count every enforced rule that was broken, but no built-in check', async () => {
    const refusal = new Refusal([finding('OFB-1'), finding(), finding('OFB-2')])
    expect(await linesAfter('dcr_rules_broken_total', exchangeOf({ refusal }))).toEqual([
      'dcr_rules_broken_total{policy="brasil",rule="OFB-1",mode="enforce"} 1',
      'dcr_rules_broken_total{policy="brasil",rule="OFB-2",mode="enforce"} 1',
    ])
  })

  it('count rules that are only reported apart from enforced ones', async () => {
    const approved = { reported: [finding('OFB-1'), finding()] }
    const refusal = new Refusal([finding('OFB-1')])
    expect(await linesAfter('dcr_rules_broken_total', exchangeOf({ approved }), exchangeOf({ refusal }))).toEqual([
      'dcr_rules_broken_total{policy="brasil",rule="OFB-1",mode="report"} 1',
      'dcr_rules_broken_total{policy="brasil",rule="OFB-1",mode="enforce"} 1',
    ])
  })

  it('count events by name', async () => {
    const metrics = createMetrics()
    for (const event of ['handshake-failed', 'directory-keys-fetched', 'handshake-failed'] as const)
      metrics.countEvent(event)
    const text = await metrics.write()
    expect(text).toContain('dcr_events_total{event="handshake-failed"} 2\n')
    expect(text).toContain('dcr_events_total{event="directory-keys-fetched"} 1\n')
  })

  it('time what was fetched, by what it is for and whether it could be used', async () => {
    const metrics = createMetrics()
    metrics.observeFetch('lookup', 'fetched', 30)
    metrics.observeFetch('server-metadata', 'failed', 3_000)
    const text = await metrics.write()
    expect(text).toContain('dcr_fetch_seconds_bucket{le="0.025",purpose="lookup",outcome="fetched"} 0\n')
    expect(text).toContain('dcr_fetch_seconds_bucket{le="0.05",purpose="lookup",outcome="fetched"} 1\n')
    expect(text).toContain('dcr_fetch_seconds_sum{purpose="server-metadata",outcome="failed"} 3\n')
  })

  it('tell of the process, in the format that they say', async () => {
    const metrics = createMetrics()
    expect(await metrics.write()).toContain('# TYPE process_cpu_seconds_total counter\n')
    expect(metrics.contentType).toMatch(/^text\/plain; version=/)
  })

  it('are counted apart by two gateways in one process', async () => {
    const [first, second] = [createMetrics(), createMetrics()]
    first.countEvent('handshake-failed')
    expect(await second.write()).not.toContain('handshake-failed')
  })
})
