import { createClientIdentification } from './certificate/identify-client.ts'
import type { Disagreement } from './certificate/compare-verdicts.ts'
import type { TrustRevocation } from './certificate/revocation/open-revocation.ts'
import type { LiveTrust } from './certificate/trust/live-trust.ts'
import { createDecisionId } from './connection/decision-id.ts'
import { createForwarding } from './forward/forward-registration.ts'
import type { Foundation } from './foundation.ts'
import type { EndpointPlan } from './load-gateway.ts'
import { refuse } from './model/refusal.ts'
import type { CommonStages, Exchange, Stages } from './model/stages.ts'
import type { EndpointKeys } from './open-keys.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { createReservations } from './registry/reservations.ts'
import { createRouting } from './request/match-route.ts'
import { createReading } from './request/read-registration.ts'
import { createSelection } from './request/select-endpoint.ts'
import { createRequestVerification } from './request/signed/verify-request.ts'
import { refuseRequest } from './response/refuse-request.ts'
import { createRewriting } from './response/rewrite-response.ts'
import { createStatementVerification } from './statement/verify-statement.ts'
import { withHeldCrls } from './with-held-crls.ts'

/** Answers of identity servers are larger than requests: they echo and add. */
const UPSTREAM_JSON_LIMITS = { depth: 16, values: 10_000 }

/** What the parts of one endpoint are built of, besides the foundation. */
export interface EndpointParts {
  readonly endpoint: EndpointPlan
  readonly keys: EndpointKeys
  readonly trust: LiveTrust
  readonly revocation: TrustRevocation
  readonly trustEdition: () => number | null
}

/** Builds every stage of one endpoint, once. */
export function buildStages(parts: EndpointParts, foundation: Foundation): Stages {
  const { path, policy } = parts.endpoint
  const { directories, software, verifyRequestChain: verifyChain } = parts.keys
  const { settings, upstream, registry, log } = foundation
  const { limits } = settings
  const registrationUrl = new URL(settings.upstream.registrationUrl)
  const jsonLimits = { depth: limits.jsonDepth, values: limits.jsonValues }
  const reservations = createReservations({
    ...{ registry, scope: path },
    reservationTtlMs: settings.state.reservationTtlMs,
    newOwner: createDecisionId,
    onLost: (loss) => log.warn('reservation-lost', { ...loss }),
  })
  return {
    endpoint: { path, policy: policy.identity },
    identify: buildIdentification(parts, foundation),
    route: createRouting(path),
    read: createReading({
      ...limits,
      ...{ jsonLimits, passHeaders: settings.upstream.passHeaders, signedRequest: policy.signedRequest },
    }),
    verifyStatement: createStatementVerification({ demand: policy.statement, directories, jsonLimits }),
    verifyRequest: createRequestVerification({ demand: policy.signedRequest, keys: software, verifyChain }),
    decide: policy.decide,
    ...reservations,
    forward: createForwarding({
      upstream,
      target: { registrationUrl, initialAccessToken: settings.upstream.initialAccessToken },
      jsonLimits: UPSTREAM_JSON_LIMITS,
    }),
    rewrite: createRewriting({
      publicUrl: `${settings.listen.publicUrl}${path}`,
      registrationUrl,
      route: createRouting(path),
    }),
    reasons: policy.reasons,
  }
}

function buildIdentification(
  { endpoint, trust, revocation, trustEdition }: EndpointParts,
  { settings, metrics, log, trusts }: Foundation,
): Stages['identify'] {
  return createClientIdentification({
    demand: endpoint.policy.certificate,
    trust: () => trust.current,
    presentedLimit: settings.limits.presentedCertificates,
    revocation: withHeldCrls(trust, revocation),
    trustEdition,
    soleTrust: trusts.size === 1,
    onDisagreement: (disagreement: Disagreement) => {
      metrics.countEvent('certificate-verdicts-disagree')
      const level = disagreement.outdated ? 'info' : 'error'
      log[level]('certificate-verdicts-disagree', { endpoint: endpoint.path, ...disagreement })
    },
  })
}

/** Builds what the exchanges of all endpoints share. */
export function buildCommonStages(
  endpoints: readonly Stages[],
  { audit, metrics, log }: Pick<Foundation, 'audit' | 'metrics' | 'log'>,
): CommonStages {
  const select = createSelection(endpoints.map((stages) => ({ path: stages.endpoint.path, stages })))
  return {
    select: (arrival) => {
      if (!audit.isWritable())
        throw refuse({
          reason: 'audit-unavailable',
          at: 'gateway',
          message: 'decisions cannot be recorded at the moment',
        })
      return select(arrival.target).stages
    },
    refuse: refuseRequest,
    record: (exchange: Exchange) => {
      audit.record(exchange)
      metrics.observe(exchange)
      reportInternalError(exchange, log)
    },
  }
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
