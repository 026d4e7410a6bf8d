import { createDecisionId } from './connection/decision-id.ts'
import { matchingKey } from './distinguished-name/match-distinguished-names.ts'
import { createForwarding } from './forward/forward-registration.ts'
import type { Foundation } from './foundation.ts'
import type { VerifiedClient } from './model/client.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Policy } from './model/policy.ts'
import type { Endpoint, Stages } from './model/stages.ts'
import type { EndpointKeys } from './open-keys.ts'
import { buildLookUp } from './open-egress.ts'
import { createReservations } from './registry/reservations.ts'
import { createRouting } from './request/match-route.ts'
import { createReading } from './request/read-registration.ts'
import { createRequestVerification } from './request/signed/verify-request.ts'
import { createRefusing, refuseRequest } from './response/refuse-request.ts'
import { createRewriting } from './response/rewrite-response.ts'
import type { Settings } from './settings/settings.ts'
import { createStatementVerification } from './statement/verify-statement.ts'

/** Answers of identity servers are larger than requests: they echo and add. */
const UPSTREAM_JSON_LIMITS = { depth: 16, values: 10_000 }

/** What the parts of one endpoint are built of, besides the foundation. */
export interface EndpointParts {
  readonly plan: EndpointPlan
  readonly keys: EndpointKeys
  readonly identify: Stages['identify']
}

/** Builds every stage of one endpoint, once. */
export function buildStages({ plan, keys, identify }: EndpointParts, foundation: Foundation): Stages {
  const { name, path, policy, publicUrl } = plan
  const { directories, software, verifyRequestChain: verifyChain } = keys
  const { settings, upstream, registry, log, serverMetadata, egress } = foundation
  const { limits } = settings
  const endpoint = describeEndpoint(plan)
  const registrationUrl = new URL(plan.registrationUrl)
  const jsonLimits = { depth: limits.jsonDepth, values: limits.jsonValues }
  const reservations = createReservations({
    ...{ registry, scope: name },
    reservationTtlMs: settings.state.reservationTtlMs,
    newOwner: createDecisionId,
    onLost: (loss) => log.warn('reservation-lost', { ...loss }),
  })
  return {
    endpoint,
    endpoints: [endpoint],
    identify,
    ownerOf: subjectOf,
    read: createReading({
      ...limits,
      ...{ jsonLimits, passHeaders: settings.upstream.passHeaders, signedRequest: policy.signedRequest },
    }),
    verifyStatement: createStatementVerification({ demand: policy.statement, directories, jsonLimits }),
    verifyRequest: createRequestVerification({ demand: policy.signedRequest, keys: software, verifyChain }),
    lookUp: buildLookUp(policy, settings.lookups, serverMetadata, egress),
    decide: policy.decide,
    recordFacts: recordingOf(policy, settings.audit.facts),
    ...reservations,
    forward: createForwarding({
      upstream,
      target: { registrationUrl, initialAccessToken: settings.upstream.initialAccessToken },
      jsonLimits: UPSTREAM_JSON_LIMITS,
    }),
    rewrite: createRewriting({ publicUrl, registrationUrl, route: createRouting(path) }),
    reasons: policy.reasons,
    refuse: buildRefusal(plan, foundation),
  }
}

/** The subject as a whole, however it is written. */
function subjectOf(client: VerifiedClient | null): string | null {
  return client === null ? null : matchingKey(client.certificate.subject)
}

function recordingOf(policy: Policy, extent: Settings['audit']['facts']): Stages['recordFacts'] {
  return extent === 'none' ? null : (evidence) => policy.recordFacts(evidence, extent)
}

function buildRefusal({ name, policy: { errorForm } }: EndpointPlan, { metrics, log }: Foundation): Stages['refuse'] {
  if (errorForm === null) return refuseRequest
  const onFailure = (failure: unknown, decisionId: string): void => {
    metrics.countEvent('error-answer-failed')
    const error = failure instanceof Error ? failure.message : String(failure)
    log.error('error-answer-failed', { endpoint: name, decisionId, error })
  }
  return createRefusing({ form: errorForm, onFailure })
}

function describeEndpoint(plan: EndpointPlan): Endpoint {
  const { name, host, path, operations, contentTypes, signatureMode, statementMode, statementIssuers } = plan
  const traits = { host, path, operations, contentTypes, signatureMode, statementMode, statementIssuers }
  return Object.freeze({ name, ...traits, policy: plan.policy.identity })
}
