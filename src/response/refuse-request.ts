import type { Answer } from '../model/answer.ts'
import type { JsonObject } from '../model/json.ts'
import { reasonEntry, type Reason } from '../model/reasons.ts'
import { answerOf, type Finding, type Refusal } from '../model/refusal.ts'
import { answerHeaders } from './answer-headers.ts'
import { oauthText } from './oauth-text.ts'

const DESCRIPTION_LIMIT = 400

/** The answer to a refused request: an error of RFC 7591 section 3.2.2 with every finding. Of a finding all but `detail` is shown. */
export function refuseRequest({ findings }: Refusal, decisionId: string): Answer {
  const [decisive] = findings
  const { status, error } = answerOf(decisive)
  const body: JsonObject = {
    error,
    error_description: describe(decisive, findings.length - 1),
    decision_id: decisionId,
    findings: findings.map(showFinding),
  }
  const headers = { ...answerHeaders(decisionId), ...reasonHeaders(decisive, error) }
  return { status, headers, body }
}

function showFinding(finding: Finding): JsonObject {
  const { reason, rule, clause, at, message, wanted, found } = finding
  const optional = Object.entries({ clause, wanted, found }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return { rule: rule ?? reason, at, message, ...Object.fromEntries(optional), ...remedyOf(finding) }
}

/** Of a rule the policy's own message says what to do; a general remedy beside it would only be noise. */
function remedyOf({ reason, rule }: Finding): JsonObject {
  return rule === undefined ? { remedy: reasonEntry(reason).remedy } : {}
}

/** The words of the regime where it has some, verbatim; ours otherwise. The findings beside it say everything. */
function describe({ at, message, description }: Finding, others: number): string {
  if (description !== undefined) return oauthText(description, DESCRIPTION_LIMIT)
  const more = others === 0 ? '' : ` (and ${others} more, see findings)`
  return oauthText(`${at}: ${message}${more}`, DESCRIPTION_LIMIT)
}

function reasonHeaders({ reason, wanted }: Finding, error: string): Record<string, string> {
  const { retryAfterSeconds } = reasonEntry(reason)
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...challenge(reason, error),
    ...(reason === 'method-not-allowed' ? { allow: wanted ?? '' } : {}),
  }
}

/** RFC 6750 section 3.1: no error code in the challenge where no token was sent. */
function challenge(reason: Reason, error: string): Record<string, string> {
  if (reason === 'management-token-required') return { 'www-authenticate': 'Bearer' }
  if (reason.startsWith('management-token-')) return { 'www-authenticate': `Bearer error="${error}"` }
  return {}
}
