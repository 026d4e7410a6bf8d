import { hideSecrets } from '../json/replace-secrets.ts'
import { isJsonObject, type Json } from '../model/json.ts'
import type { ExplainedRule } from '../policy/explain/explain-rule.ts'
import type { JudgementExplanation } from '../policy/explain/explain-judgement.ts'

/** What `explain --json` prints; README.md, "Tools", has its shape. Keys whose value is undefined do not come out. */
export function judgementJson(explanation: JudgementExplanation, notVerified: readonly string[]): object {
  const { policy, operation, at, parameters, earlier, verdict, rules, changes, scopes } = explanation
  return {
    policy,
    operation,
    at: at.toISOString(),
    parameters: hideSecrets('parameters', parameters),
    verdict: isGranted(explanation) ? 'granted' : 'refused',
    notVerified,
    findings: [...earlier, ...verdict.findings],
    reported: verdict.reported,
    rules: rules.map(ruleJson),
    metadata: hideSecrets('metadata', verdict.metadata),
    changes: changes.map(({ before, after, ...change }) => ({
      ...change,
      before: hideSecret(change.member, before),
      after: hideSecret(change.member, after),
    })),
    scopes,
    headers: hideSecrets('headers', verdict.headers),
    client: { key: verdict.clientKey, owner: verdict.owner },
  }
}

/** Whether nothing that shows offline would keep the gateway from forwarding the request. */
export function isGranted({ earlier, verdict }: JudgementExplanation): boolean {
  return earlier.length === 0 && verdict.findings.length === 0
}

function ruleJson({ id, clause, title, declaredBy, mode, verdict, because, values }: ExplainedRule): object {
  return { id, clause, title, declaredBy, mode, verdict, because, values }
}

/** What is explained ends in tickets and chats. Below a member the last name of its path says what it is. */
export function hideSecret(member: string, value: Json | undefined): Json | undefined {
  if (value === undefined) return undefined
  const end = member.lastIndexOf('.')
  if (end < 0) return hideSecrets(member, value)
  const last = member.slice(end + 1)
  const hidden = hideSecrets(member.slice(0, end), { [last]: value })
  return isJsonObject(hidden) ? hidden[last] : hidden
}
