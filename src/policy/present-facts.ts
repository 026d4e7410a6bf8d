import type { LookupEvidence } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import type { LookupFacts } from '../model/lookups.ts'
import type { PresentedFacts } from './judge/judge.ts'

/** What a policy judges, out of the proofs of earlier stages. */
export function presentFacts(
  { request, client, statement }: LookupEvidence,
  { values, failures, server }: Omit<LookupFacts, 'outcomes'>,
  parameters: JsonObject,
  now: Date,
): PresentedFacts {
  return {
    operation: request.operation,
    clientId: request.location?.clientId ?? '',
    headers: request.passedHeaders,
    contentType: request.contentType,
    signature: request.signature,
    certificate: client?.certificate ?? null,
    // An initial access token is passed on to the identity server, which judges it.
    hasToken: request.managementToken !== null || Object.hasOwn(request.passedHeaders, 'authorization'),
    claims: statement?.claims ?? null,
    statementIssuer: statement?.directory ?? '',
    sent: request.metadata,
    lookups: values,
    failedLookups: failures,
    server,
    parameters,
    now,
  }
}
