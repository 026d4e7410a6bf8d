import { carriesMetadata, type Operation } from '../../model/operation.ts'
import type { StatementMode } from '../../model/policy.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { PresentedFacts } from '../judge/judge.ts'

/** What the stages before the policy demand of the mere presence of things: certificate, software statement, signature. */
export function findEarlierRefusals(
  { certificate: demand, statement: { mode }, signedRequest }: CompiledPolicy,
  { certificate, claims, operation, signature }: PresentedFacts,
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
  return [
    ...findings,
    ...findSignatureRefusals(signedRequest?.mode[operation] ?? 'forbidden', operation, signature !== null),
  ]
}

function findSignatureRefusals(mode: StatementMode, operation: Operation, isSigned: boolean): readonly Finding[] {
  if (!carriesMetadata(operation)) return []
  if (mode === 'required' && !isSigned) {
    const message = `the policy demands a signed request for ${operation}, and this one is not`
    return [{ reason: 'request-unsigned', at: 'header content-type', message }]
  }
  if (mode !== 'forbidden' || !isSigned) return []
  const message = `the policy takes no signed request for ${operation}`
  return [{ reason: 'request-signature-forbidden', at: 'header content-type', message }]
}
