import type { ApprovedRegistration, Evidence, PolicyIdentity } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import { demandProof, prove } from '../model/proof.ts'
import { Refusal, type Finding } from '../model/refusal.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { judge } from './judge/judge.ts'
import { presentFacts } from './present-facts.ts'

/** The stage: an approval of exactly what the policy let pass, or a refusal with every broken rule. @throws Refusal */
export function decide(
  policy: CompiledPolicy,
  identity: PolicyIdentity,
  parameters: JsonObject,
  evidence: Evidence,
  now: Date,
): ApprovedRegistration {
  const { request, client, statement, lookups } = evidence
  demandProof('request', request)
  if (client !== null) demandProof('client', client)
  if (statement !== null) demandProof('statement', statement)
  demandProof('lookups', lookups)
  const verdict = judge(policy, presentFacts(evidence, lookups, parameters, now))
  if (isNonEmpty(verdict.findings)) throw new Refusal(verdict.findings)
  const { metadata, headers, clientKey, owner, once, answer, reported } = verdict
  // Frozen with the proof: what was judged is what is sent, nothing after this point can change it.
  const judged = { metadata, headers, clientKey, owner, once, answer, reported }
  return prove('approved', { evidence, policy: identity, ...judged })
}

function isNonEmpty(findings: readonly Finding[]): findings is readonly [Finding, ...Finding[]] {
  return findings.length > 0
}
