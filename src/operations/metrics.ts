import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { RateLimitEvent, RateLimitName } from '../model/rate-limit.ts'
import { soleEndpoint, type Exchange } from '../model/stages.ts'
import type { CountedEvent } from './counted-events.ts'

export interface Metrics {
  readonly observe: (exchange: Exchange) => void
  readonly countEvent: (event: CountedEvent) => void
  readonly countRateLimit: (limit: RateLimitName, event: RateLimitEvent) => void
  readonly observeFetch: (purpose: string, outcome: 'fetched' | 'failed', ms: number) => void
  /** Prometheus text format. */
  readonly write: () => Promise<string>
  readonly contentType: string
}

const DECISIONS = {
  name: 'dcr_decisions_total',
  help: 'Exchanges by endpoint, operation, status and deciding reason (`granted` where there was none)',
  labelNames: ['endpoint', 'operation', 'status', 'reason'],
} as const
const RULES = {
  name: 'dcr_rules_broken_total',
  help: 'Broken policy rules by policy, rule and mode (enforce or report)',
  labelNames: ['policy', 'rule', 'mode'],
} as const
const DURATION = {
  name: 'dcr_exchange_seconds',
  help: 'Time from the request to the answer, identity server included',
  labelNames: ['endpoint', 'operation'],
} as const
const EVENTS = {
  name: 'dcr_events_total',
  help: 'Things that happen beside exchanges, such as failed handshakes and directory refreshes',
  labelNames: ['event'],
} as const

const RATE_LIMITS = {
  name: 'dcr_rate_limits_total',
  help: 'Requests by the limit (address, certificate or owner) that they `exceeded`, or that was `unavailable` since Redis could not be asked',
  labelNames: ['limit', 'event'],
} as const

const FETCHES = {
  name: 'dcr_fetch_seconds',
  help: 'Time that documents took to be fetched, by what they are for and whether they could be used',
  labelNames: ['purpose', 'outcome'],
} as const

export const METRICS = [DECISIONS, RULES, DURATION, EVENTS, RATE_LIMITS, FETCHES]

/** Counts decisions by what decided them. Labels come from closed sets and policy files alone, so a registrant cannot grow them. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const decisions = new Counter({ ...DECISIONS, registers })
  const rules = new Counter({ ...RULES, registers })
  const duration = new Histogram({
    ...DURATION,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const events = new Counter({ ...EVENTS, registers })
  const rateLimits = new Counter({ ...RATE_LIMITS, registers })
  const fetches = new Histogram({ ...FETCHES, buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers })
  const observe = (exchange: Exchange): void => {
    const endpoint = nameOf(exchange)
    const operation = exchange.route?.operation ?? 'none'
    decisions.inc({
      endpoint,
      operation,
      status: exchange.answer.status,
      reason: exchange.refusal?.findings[0].reason ?? 'granted',
    })
    const answeredAfterMs = exchange.timings['answer']
    // What never became an exchange took no time that would mean anything.
    if (answeredAfterMs !== undefined) duration.observe({ endpoint, operation }, answeredAfterMs / 1000)
    countRules(exchange, (labels) => rules.inc(labels))
  }
  return {
    observe,
    countEvent: (event) => events.inc({ event }),
    countRateLimit: (limit, event) => rateLimits.inc({ limit, event }),
    observeFetch: (purpose, outcome, ms) => fetches.observe({ purpose, outcome }, ms / 1000),
    write: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** Of all that might have taken the request where it did not become plain which: a set that the settings bound. */
function nameOf({ endpoints = [] }: Exchange): string {
  return endpoints.map(({ name }) => name).join(' or ') || 'none'
}

function countRules(exchange: Exchange, count: (labels: { policy: string; rule: string; mode: string }) => void): void {
  const policy = soleEndpoint(exchange)?.policy.name ?? 'none'
  for (const { rule } of exchange.refusal?.findings ?? [])
    if (rule !== undefined) count({ policy, rule, mode: 'enforce' })
  for (const { rule } of exchange.approved?.reported ?? [])
    if (rule !== undefined) count({ policy, rule, mode: 'report' })
}
