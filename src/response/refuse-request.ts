import type { Answer } from '../model/answer.ts'
import { escapeControls } from '../document/escape-controls.ts'
import type { JsonObject } from '../model/json.ts'
import type { ErrorForm, ShownFinding } from '../model/policy.ts'
import { reasonEntry } from '../model/reasons.ts'
import { answerOf, type Finding, type Refusal } from '../model/refusal.ts'
import { answerHeaders } from './answer-headers.ts'
import { challenge } from './challenge.ts'
import { oauthText } from './oauth-text.ts'

const DESCRIPTION_LIMIT = 400

/** The answer to a refused request: an error of RFC 7591 section 3.2.2 with every finding. Of a finding all but `detail` is shown. */
export function refuseRequest(refusal: Refusal, decisionId: string): Answer {
  const { findings } = refusal
  const { code, description, status } = decisiveOf(refusal)
  const body: JsonObject = {
    error: code,
    error_description: description,
    decision_id: decisionId,
    findings: findings.map(showFinding),
  }
  return { status, headers: headersOf(refusal, decisionId), body }
}

export interface RefusingOptions {
  readonly form: ErrorForm
  /** Told when the form could not be written; the registrant gets the form of the RFC then. */
  readonly onFailure: (failure: unknown, decisionId: string) => void
}

/** The same in the form of a regime. Status, challenge and decision id are those of the RFCs; an error is never lost to its form. */
export function createRefusing({ form, onFailure }: RefusingOptions): (refusal: Refusal, decisionId: string) => Answer {
  return (refusal, decisionId) => {
    const { code, description, status } = decisiveOf(refusal)
    const findings = refusal.findings.map(exposeFinding)
    try {
      const body = form.write({ code, description, status, decisionId, findings })
      const headers = { ...headersOf(refusal, decisionId), 'content-type': form.contentType }
      return { status, headers, body }
    } catch (failure) {
      onFailure(failure, decisionId)
      return refuseRequest(refusal, decisionId)
    }
  }
}

/** The first finding speaks for all. */
function decisiveOf({ findings }: Refusal): { code: string; description: string; status: number } {
  const [decisive] = findings
  const { status, error } = answerOf(decisive)
  return { code: error, description: describe(decisive, findings.length - 1), status }
}

function exposeFinding({ reason, rule, clause, at, message, wanted, found, error }: Finding): ShownFinding {
  const optional = Object.entries({ clause, wanted, found }).filter((entry) => entry[1] !== undefined)
  return {
    ...{ rule: rule ?? reason, reason, at: escapeControls(at), message: escapeControls(message) },
    ...Object.fromEntries(optional.map(([name, text = '']) => [name, escapeControls(text)])),
    error: error ?? reasonEntry(reason).error,
  }
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

function headersOf(refusal: Refusal, decisionId: string): Record<string, string> {
  const [decisive] = refusal.findings
  const { reason, wanted } = decisive
  const retryAfterSeconds = decisive.retryAfterSeconds ?? reasonEntry(reason).retryAfterSeconds
  const { code, status } = decisiveOf(refusal)
  return {
    ...answerHeaders(decisionId),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...challenge(reason, code, status),
    ...(reason === 'method-not-allowed' ? { allow: wanted ?? '' } : {}),
  }
}
