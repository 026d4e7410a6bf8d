import type { ApprovedRegistration, Evidence } from '../model/decision.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { PolicyIdentity } from '../model/decision.ts'
import { Refusal, type Finding } from '../model/refusal.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { judge } from './judge.ts'

/** The stage: an approval of exactly what the policy let pass, or a refusal with every broken rule. @throws Refusal */
export function decide(
  policy: CompiledPolicy,
  identity: PolicyIdentity,
  parameters: JsonObject,
  evidence: Evidence,
  now: Date,
): ApprovedRegistration {
  const { request, client, statement } = evidence
  const verdict = judge(policy, {
    operation: request.operation,
    clientId: request.location?.clientId ?? '',
    certificate: client?.certificate ?? null,
    claims: statement?.claims ?? null,
    sent: request.metadata,
    parameters,
    now,
  })
  if (isNonEmpty(verdict.findings)) throw new Refusal(verdict.findings)
  const { reservationKey } = verdict
  const headers = Object.freeze(verdict.headers)
  const reported = Object.freeze(verdict.reported)
  const metadata = verdict.metadata === null ? null : freeze(verdict.metadata)
  return Object.freeze({
    evidence,
    policy: identity,
    metadata,
    headers,
    reservationKey,
    reported,
  }) as ApprovedRegistration
}

function isNonEmpty(findings: readonly Finding[]): findings is readonly [Finding, ...Finding[]] {
  return findings.length > 0
}

/** What was judged is what is sent: nothing after this point can change it. */
function freeze(object: JsonObject): JsonObject {
  for (const value of Object.values(object)) freezeJson(value)
  return Object.freeze(object)
}

function freezeJson(value: Json): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) freezeJson(item)
    Object.freeze(value)
  } else if (isJsonObject(value)) freeze(value)
}
