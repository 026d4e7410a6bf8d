import { createPlace } from './endpoint/create-place.ts'
import type { Foundation } from './foundation.ts'
import type { JsonObject } from './model/json.ts'
import { MANAGED_BY } from './model/management.ts'
import { refuse } from './model/refusal.ts'
import {
  soleEndpoint,
  type CommonStages,
  type Endpoint,
  type Exchange,
  type Place,
  type Stages,
} from './model/stages.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { readContentType } from './request/parse-content-type.ts'
import { createRouting } from './request/match-route.ts'
import { RequestHeaders } from './request/request-headers.ts'
import { createSelection, type Location } from './request/select-endpoint.ts'
import { refuseRequest } from './response/refuse-request.ts'
import { readIssuer } from './statement/read-issuer.ts'

/** Builds what the exchanges of all endpoints share. */
export function buildCommonStages(
  endpoints: readonly Stages[],
  foundation: Pick<Foundation, 'audit' | 'metrics' | 'log' | 'settings' | 'rates'>,
): CommonStages {
  const { audit, metrics, log, rates } = foundation
  const select = createSelection(buildPlaces(endpoints, foundation))
  const recording = new Map(endpoints.map(({ endpoint, recordFacts }) => [endpoint, recordFacts]))
  return {
    limitAddress: ({ address }) => rates.limitAddress(address),
    select: (arrival) => {
      if (!audit.isWritable())
        throw refuse({
          reason: 'audit-unavailable',
          at: 'gateway',
          message: 'decisions cannot be recorded at the moment',
        })
      return select(arrival)
    },
    refuse: refuseRequest,
    record: (exchange: Exchange) => {
      audit.record(exchange, factsOf(exchange, recording))
      metrics.observe(exchange)
      reportInternalError(exchange, log)
    },
  }
}

/** Null where no policy was asked, and where the trail is to keep nothing of it. */
function factsOf(exchange: Exchange, recording: ReadonlyMap<Endpoint, Stages['recordFacts']>): JsonObject | null {
  const { client, verified, statement, lookups, managed } = exchange
  const endpoint = soleEndpoint(exchange)
  const recordFacts = endpoint === null ? null : (recording.get(endpoint) ?? null)
  if (recordFacts === null || client === undefined || verified === undefined) return null
  if (statement === undefined || lookups === undefined || managed === undefined) return null
  return recordFacts({ request: verified, client, statement, lookups, managed })
}

/** Endpoints of the same host and path together. */
function buildPlaces(
  endpoints: readonly Stages[],
  { settings: { limits, upstream }, rates }: Pick<Foundation, 'settings' | 'rates'>,
): readonly (Place & Location)[] {
  const places = new Map<string, [Stages, ...Stages[]]>()
  for (const stages of endpoints) {
    const { host, path } = stages.endpoint
    const place = places.get(JSON.stringify([host, path]))
    if (place === undefined) places.set(JSON.stringify([host, path]), [stages])
    else place.push(stages)
  }
  const jsonLimits = { depth: limits.jsonDepth, values: limits.jsonValues }
  return [...places.values()].map((alternatives) => {
    const { host, path } = alternatives[0].endpoint
    const place = createPlace(alternatives, {
      route: createRouting(path, MANAGED_BY[upstream.management]),
      contentTypeOf: ({ rawHeaders }) => readContentType(new RequestHeaders(rawHeaders)),
      readIssuer: (compact) => readIssuer(compact, jsonLimits),
      limitClient: rates.limitClient,
    })
    return { host, path, ...place }
  })
}

/** What no stage foresaw is a fault of ours: the registrant learns a decision id, the operator where it happened. */
function reportInternalError({ arrival, refusal }: Exchange, log: OperationalLog): void {
  if (refusal?.findings[0].reason !== 'internal-error') return
  const { cause } = refusal
  log.error('internal-error', {
    decisionId: arrival.decisionId,
    error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  })
}
