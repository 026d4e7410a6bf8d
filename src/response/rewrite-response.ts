import type { Answer, UpstreamAnswer, UpstreamReply } from '../model/answer.ts'
import type { ApprovedRegistration } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import { MANAGEMENT_TOKEN_CHARACTERS, tokenRejected } from '../model/managed-client.ts'
import type { Operation } from '../model/operation.ts'
import type { Reason } from '../model/reasons.ts'
import { refuse, type Finding, type Refusal } from '../model/refusal.ts'
import { answerHeaders } from './answer-headers.ts'
import { applyAnswerPlan } from './apply-answer-plan.ts'
import { findClientUri, type IssuedClient, type Managing, type PublicEndpoint } from './find-client-uri.ts'
import { normaliseAnswer } from './normalise-answer.ts'
import { oauthText } from './oauth-text.ts'

/** Statuses that mean success, and the one the registrant gets (RFC 7591 section 3.2.1, RFC 7592 sections 2.1 to 2.3). */
const SUCCESS: Readonly<Record<Operation, { readonly from: readonly number[]; readonly to: number }>> = {
  create: { from: [200, 201], to: 201 },
  read: { from: [200], to: 200 },
  update: { from: [200], to: 200 },
  delete: { from: [200, 202, 204], to: 204 },
}

/** The stage that words the identity server's answer for the registrant. Its refusals are thrown as `Refusal` with our reasons. */
export function createRewriting(
  endpoint: PublicEndpoint,
): (reply: UpstreamReply, approved: ApprovedRegistration, decisionId: string) => Answer {
  return (reply, approved, decisionId) => {
    if (reply.kind === 'silence') throw refuse(reply.finding)
    const { evidence, answer: plan } = approved
    const { request } = evidence
    const { from, to } = SUCCESS[request.operation]
    if (!from.includes(reply.status)) throw refusalOf(reply, request.operation)
    const status = plan.status ?? to
    // Ours last: no policy hides the id that finds the decision.
    const headers = { ...plan.headers, ...answerHeaders(decisionId) }
    if (request.operation === 'delete') return { status, headers, body: plan.deletionBody }
    const body = rewriteBody(normaliseAnswer(usableBody(reply)), evidence, endpoint)
    return { status, headers, body: status === 204 ? null : applyAnswerPlan(body, plan, request.softwareStatement) }
  }
}

/** A success without a client id would leave the registrant with nothing (RFC 7591 section 3.2.1 requires it). */
function usableBody({ status, body }: UpstreamAnswer): IssuedClient {
  const clientId = body?.['client_id']
  if (body === null || typeof clientId !== 'string' || clientId === '') {
    throw refuse({ ...upstream('upstream-answer-invalid'), detail: `status ${status} without client_id` })
  }
  const token = body['registration_access_token']
  // One that cannot be presented would leave him with a client that he cannot manage.
  if (typeof token === 'string' && token.length > MANAGEMENT_TOKEN_CHARACTERS) {
    throw refuse({ ...upstream('upstream-answer-invalid'), detail: 'its registration access token is too long' })
  }
  return { ...body, client_id: clientId }
}

/** A URI of the identity server's own is none that a registrant could reach, so that it never stays. */
function rewriteBody(body: IssuedClient, managing: Managing, endpoint: PublicEndpoint): JsonObject {
  const uri = findClientUri(body, managing, endpoint)
  return uri === null ? body : { ...body, registration_client_uri: uri }
}

function refusalOf(reply: UpstreamAnswer, operation: Operation): Refusal {
  const detail = `the identity server says: status ${reply.status}${describeError(reply.body)}`
  const reason = reasonOf(reply.status, operation)
  if (reason === 'management-token-rejected') return refuse(tokenRejected(detail))
  const finding = { ...upstream(reason), ...relayedError(reply, operation), detail }
  return refuse(reason === 'method-not-allowed' ? { ...finding, wanted: otherMethods(operation) } : finding)
}

const MANAGEMENT_METHODS: readonly (readonly [Operation, string])[] = [
  ['read', 'GET'],
  ['update', 'PUT'],
  ['delete', 'DELETE'],
]

/** For the Allow of the answer (RFC 9110 section 15.5.6): the method that the identity server just declined is none of them. */
function otherMethods(declined: Operation): string {
  return MANAGEMENT_METHODS.flatMap(([operation, method]) => (operation === declined ? [] : [method])).join(', ')
}

/**
 * Whose fault a status is. 401 and 403 to a registration mean that the gateway's own token is not accepted, which is none of the
 * registrant's business; on management 401 concerns the registrant's token, and so does 404: RFC 7592 section 2 wants the same answer
 * for an unknown client as for a wrong token, so that nobody learns which clients exist. 403 is for a right token that may not do this.
 */
function reasonOf(status: number, operation: Operation): Reason {
  if (operation !== 'create' && [401, 404].includes(status)) return 'management-token-rejected'
  if (operation !== 'create' && status === 403) return 'management-token-insufficient'
  if (operation !== 'create' && [405, 501].includes(status)) return 'method-not-allowed'
  if ([401, 403, 404, 405, 407, 408, 429].includes(status)) return 'upstream-failed'
  return status >= 400 && status < 500 ? 'upstream-refused' : 'upstream-failed'
}

const ERROR_CODE = /^[a-z][a-z_]{2,63}$/

/** What the identity server says of the metadata is for the registrant; its words about anything else stay inside. */
function relayedError({ status, body }: UpstreamAnswer, operation: Operation): Partial<Finding> {
  if (reasonOf(status, operation) !== 'upstream-refused') return {}
  const error = body?.['error']
  const description = body?.['error_description']
  return {
    ...(typeof error === 'string' && ERROR_CODE.test(error) ? { error } : {}),
    ...(typeof description === 'string' ? { message: `the identity server says: ${oauthText(description, 300)}` } : {}),
  }
}

function describeError(body: JsonObject | null): string {
  const error = body?.['error']
  return typeof error === 'string' ? `, error ${oauthText(error, 64)}` : ''
}

function upstream(reason: Reason): Finding {
  return { reason, at: 'identity server', message: MESSAGES[reason] ?? 'the identity server refused the request' }
}

const MESSAGES: Partial<Record<Reason, string>> = {
  'management-token-insufficient': 'the registration access token does not permit this',
  'method-not-allowed': 'the identity server does not offer this operation',
  'upstream-failed': 'the identity server gave no usable answer',
  'upstream-answer-invalid': 'the identity server gave no usable answer',
}
