import type { ApprovedRegistration, Evidence, PolicyIdentity } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import { demandProof, prove } from '../model/proof.ts'
import { Refusal, type Finding } from '../model/refusal.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { judge } from './judge/judge.ts'

/** The stage: an approval of exactly what the policy let pass, or a refusal with every broken rule. @throws Refusal */
export function decide(
  policy: CompiledPolicy,
  identity: PolicyIdentity,
  parameters: JsonObject,
  evidence: Evidence,
  now: Date,
): ApprovedRegistration {
  const { request, client, statement } = evidence
  demandProof('request', request)
  if (client !== null) demandProof('client', client)
  if (statement !== null) demandProof('statement', statement)
  const verdict = judge(policy, {
    operation: request.operation,
    clientId: request.location?.clientId ?? '',
    contentType: request.contentType,
    signature: request.signature,
    certificate: client?.certificate ?? null,
    claims: statement?.claims ?? null,
    statementIssuer: statement?.directory ?? '',
    sent: request.metadata,
    parameters,
    now,
  })
  if (isNonEmpty(verdict.findings)) throw new Refusal(verdict.findings)
  const { metadata, headers, reservationKey, reported } = verdict
  // Frozen with the proof: what was judged is what is sent, nothing after this point can change it.
  return prove('approved', { evidence, policy: identity, metadata, headers, reservationKey, reported })
}

function isNonEmpty(findings: readonly Finding[]): findings is readonly [Finding, ...Finding[]] {
  return findings.length > 0
}
