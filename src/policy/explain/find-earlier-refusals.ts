import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'

/** What the stages before the policy demand of the mere presence of things: certificate and software statement. */
export function findEarlierRefusals(
  { certificate: demand, statement: { mode } }: CompiledPolicy,
  { certificate, claims, operation }: PresentedFacts,
): readonly Finding[] {
  const findings: Finding[] = []
  if (demand.required && certificate === null)
    findings.push({
      ...{ reason: 'client-certificate-required', at: 'client certificate' },
      message: 'the policy demands a client certificate, and there is none',
    })
  if (mode[operation] === 'required' && claims === null)
    findings.push({
      ...{ reason: 'statement-required', at: 'software_statement' },
      message: `the policy demands a software statement for ${operation}, and there is none`,
    })
  if (mode[operation] === 'forbidden' && claims !== null)
    findings.push({
      ...{ reason: 'statement-forbidden', at: 'software_statement' },
      message: `the policy takes no software statement for ${operation}`,
    })
  return findings
}
