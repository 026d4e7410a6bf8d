import { createRecordReading, createUpkeep } from './forward/client-upkeep.ts'
import { createForwarding } from './forward/forward-registration.ts'
import type { Foundation } from './foundation.ts'
import type { Answer } from './model/answer.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Policy } from './model/policy.ts'
import { MANAGED_BY } from './model/management.ts'
import { Refusal } from './model/refusal.ts'
import type { Endpoint, Stages } from './model/stages.ts'
import type { EndpointKeys } from './open-keys.ts'
import { UPSTREAM_JSON_LIMITS } from './open-identity-server.ts'
import { createTelling, registrationParts } from './open-registrations.ts'
import { buildLookUp } from './open-egress.ts'
import { createBinding } from './management/bind-answer.ts'
import { createRecognition } from './management/recognise-client.ts'
import { createAnsweringFromRecord } from './registry/answer-from-record.ts'
import { createRegistrations } from './registry/registrations.ts'
import { createRouting } from './request/match-route.ts'
import { createReading } from './request/read-registration.ts'
import { createRequestVerification } from './request/signed/verify-request.ts'
import { createRefusing, refuseRequest } from './response/refuse-request.ts'
import { createRewriting } from './response/rewrite-response.ts'
import type { Settings } from './settings/settings.ts'
import { createStatementVerification } from './statement/verify-statement.ts'

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
  const { settings, upstream, ring, serverMetadata, egress } = foundation
  const { limits } = settings
  const endpoint = describeEndpoint(plan)
  const registrationUrl = new URL(plan.registrationUrl)
  const jsonLimits = { depth: limits.jsonDepth, values: limits.jsonValues }
  const { earlierClients, management, rotatesOnRead } = settings.upstream
  const rewrite = createRewriting({ publicUrl, registrationUrl, route: createRouting(path, MANAGED_BY[management]) })
  const upkeepOptions = { upstream, registrationUrl, jsonLimits: UPSTREAM_JSON_LIMITS }
  return {
    endpoint,
    endpoints: [endpoint],
    identify,
    ownerOf: policy.client.ownerOf,
    read: createReading({
      ...limits,
      ...{ jsonLimits, passHeaders: settings.upstream.passHeaders, signedRequest: policy.signedRequest },
    }),
    verifyStatement: createStatementVerification({ demand: policy.statement, directories, jsonLimits }),
    verifyRequest: createRequestVerification({ demand: policy.signedRequest, keys: software, verifyChain }),
    lookUp: buildLookUp(policy, settings.lookups, serverMetadata, egress),
    decide: policy.decide,
    recordFacts: recordingOf(policy, settings.audit.facts),
    recognise: createRecognition({
      ...{ ring, realm: registrationUrl.pathname, policy },
      readRecord: earlierClients === 'admit' ? createRecordReading(upkeepOptions) : null,
    }),
    ...createRegistrations({
      ...registrationParts({ ...foundation, tell: createTelling(foundation) }),
      ...{ realm: registrationUrl.pathname, endpoint: name, single: policy.client.single },
      upkeep: createUpkeep({ ...upkeepOptions, management, rotatesOnRead, administration: foundation.administration }),
      isUsable: (reply, approved) => isUsable(() => rewrite(reply, approved, '')),
    }),
    bind: createBinding({ ring, registrationUrl, management }),
    forward: buildForwarding(plan, foundation),
    rewrite,
    reasons: policy.reasons,
    refuse: buildRefusal(plan, foundation),
  }
}

/** Reads are answered from the gateway's own record where the identity server cannot be asked. */
function buildForwarding({ registrationUrl }: EndpointPlan, foundation: Foundation): Stages['forward'] {
  const { upstream, registry, ring, settings } = foundation
  const { administration, initialAccessToken, management } = settings.upstream
  const markMember = administration?.markMember ?? null
  const target = { registrationUrl: new URL(registrationUrl), initialAccessToken, markMember }
  const forward = createForwarding({ upstream, target, jsonLimits: UPSTREAM_JSON_LIMITS })
  if (management !== 'record') return forward
  const answerFromRecord = createAnsweringFromRecord(registry, ring)
  return (reserved, ...rest) =>
    reserved.approved.evidence.request.operation === 'read' ? answerFromRecord(reserved) : forward(reserved, ...rest)
}

/** A client whose answer would be refused is one that its registrant could never use. */
function isUsable(rewrite: () => Answer): boolean {
  try {
    rewrite()
    return true
  } catch (failure) {
    if (failure instanceof Refusal) return false
    throw failure
  }
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
