import type { ApprovedRegistration, Evidence, PolicyIdentity } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import { tokenRejected, type ManagedClient } from '../model/managed-client.ts'
import { demandProof, prove } from '../model/proof.ts'
import { Refusal, refuse, type Finding } from '../model/refusal.ts'
import { clientKeyDigest } from '../sealing/client-key-digest.ts'
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
  const { request, client, statement, lookups, managed } = evidence
  demandProof('request', request)
  if (client !== null) demandProof('client', client)
  if (statement !== null) demandProof('statement', statement)
  demandProof('lookups', lookups)
  if (managed !== null) demandProof('managed', managed)
  const verdict = judge(policy, presentFacts(evidence, lookups, parameters, now))
  demandSameClient(managed, clientKeyDigest(statement?.directory ?? null, verdict.clientKey))
  if (isNonEmpty(verdict.findings)) throw new Refusal(verdict.findings)
  const { metadata, headers, clientKey, owner, once, answer, reported } = verdict
  // Frozen with the proof: what was judged is what is sent, nothing after this point can change it.
  const judged = { metadata, headers, clientKey, owner, once, answer, reported }
  return prove('approved', { evidence, policy: identity, ...judged })
}

/**
 * A client stays with the software that it was registered for: an update by somebody else's statement is a take-over, and answered like a
 * wrong token, before anything that the policy has to say of it (RFC 7592 section 2.2).
 */
function demandSameClient(managed: ManagedClient | null, clientKey: string | null): void {
  const registered = managed?.clientKey ?? null
  if (registered === null || clientKey === null) return
  if (registered !== clientKey) throw refuse(tokenRejected('the client is of other software'))
}

function isNonEmpty(findings: readonly Finding[]): findings is readonly [Finding, ...Finding[]] {
  return findings.length > 0
}
