import type { UpstreamReply, UpstreamSilence } from '../model/answer.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { demandProof } from '../model/proof.ts'
import type { Reason } from '../model/reasons.ts'
import type { Finding } from '../model/refusal.ts'
import { Secret } from '../model/secret.ts'
import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import { buildUpstreamRequest, type UpstreamTarget } from './build-upstream-request.ts'
import { quotesSecret, secretMembers, valueHoldsSecret, valueQuotesSecret } from './quotes-secret.ts'
import { UpstreamFailure } from './upstream-failure.ts'
import type { RawReply, Upstream } from './upstream.ts'

export interface ForwardingOptions {
  readonly upstream: Upstream
  readonly target: UpstreamTarget
  readonly jsonLimits: JsonLimits
}

type Forward = (reserved: ReservedRegistration, decisionId: string, gone: AbortSignal) => Promise<UpstreamReply>

/** The stage that asks the identity server. It takes nothing but a reserved approval: forwarding from raw input does not compile, and a forged approval throws. */
export function createForwarding({ upstream, target, jsonLimits }: ForwardingOptions): Forward {
  return async (reserved, decisionId, gone) => {
    demandProof('reserved', reserved)
    if (reserved.kept !== null) return reserved.kept
    const request = buildUpstreamRequest(reserved, target, decisionId)
    try {
      const reply = await upstream.send(request, gone)
      const read = withoutMark(readReply(reply, jsonLimits), target.markMember)
      return withoutSecrets(read, target.initialAccessToken, secretsOf(reserved, target))
    } catch (failure) {
      if (failure instanceof UpstreamFailure)
        return { kind: 'silence', sent: failure.sent, finding: findingOf(failure) }
      throw failure
    }
  }
}

function secretsOf({ approved, token }: ReservedRegistration, target: UpstreamTarget): readonly Secret[] {
  const { request, managed } = approved.evidence
  const tokens = [target.initialAccessToken, request.managementToken, managed?.token ?? null, token]
  const members = secretMembers(approved.metadata).map((text) => new Secret(text))
  return [...tokens.filter((token) => token !== null), ...members]
}

/** The gateway's own business: an answer that a registrant sends back as an update must not hold it. */
function withoutMark(reply: UpstreamReply, markMember: string | null): UpstreamReply {
  if (markMember === null || reply.kind === 'silence' || reply.body === null) return reply
  const members = Object.entries(reply.body).filter(([name]) => name !== markMember)
  return { ...reply, body: Object.fromEntries(members) }
}

/**
 * Words of an error are shown and recorded: an identity server that quotes in them what it was sent must not publish it that way, so that
 * such an error loses all its words. A success holds secrets that are the registrant's own; the gateway's token is never among them.
 */
function withoutSecrets(reply: UpstreamReply, ours: Secret | null, secrets: readonly Secret[]): UpstreamReply {
  if (reply.kind === 'silence') return withoutQuotingDetail(reply, secrets)
  const { status, body } = reply
  if (body === null) return reply
  if (status >= 400) return valueQuotesSecret(body, secrets) ? { ...reply, body: null } : reply
  if (ours === null) return reply
  const members = Object.entries(body).filter(([name, value]) => !valueHoldsSecret({ [name]: value }, ours))
  return { ...reply, body: Object.fromEntries(members) }
}

/** The place of a fault in JSON is made of member names, which the identity server chose. */
function withoutQuotingDetail(silence: UpstreamSilence, secrets: readonly Secret[]): UpstreamReply {
  const { detail } = silence.finding
  if (detail === undefined || !quotesSecret(detail, secrets)) return silence
  return { ...silence, finding: { ...silence.finding, detail: 'left out, since it quotes a secret' } }
}

/** The body is hostile like any other: strict JSON, an object, within the limits; an error page of a proxy in between is none. */
function readReply({ status, body }: RawReply, limits: JsonLimits): UpstreamReply {
  if (body.length === 0) return { kind: 'answer', status, body: null }
  try {
    const value = parseStrictJson(body, limits)
    if (isJsonObject(value) && status < 300 && !hasUsableToken(value))
      return unusable(status, 'a registration_access_token that no header can carry (RFC 6750 section 2.1)')
    if (isJsonObject(value)) return { kind: 'answer', status, body: value }
    return unusable(status, 'a JSON value that is not an object')
  } catch (fault) {
    if (fault instanceof JsonFault) return unusable(status, describeFault(fault))
    throw fault
  }
}

/** The token goes into a header whenever its client is managed: what cannot stand there would fail then, or be another header. */
function hasUsableToken({ registration_access_token: token }: JsonObject): boolean {
  return token === undefined || (typeof token === 'string' && /^[A-Za-z0-9\-._~+/]*=*$/.test(token))
}

function describeFault({ reason, at, offset }: JsonFault): string {
  return `${reason} at ${at === '' ? '' : `${at}, `}offset ${offset}`
}

/** A client error without JSON is still an answer; anything else without JSON tells nothing. */
function unusable(status: number, found: string): UpstreamReply {
  if (status >= 400) return { kind: 'answer', status, body: null }
  const detail = `status ${status} with ${found}`
  return { kind: 'silence', sent: true, finding: { ...silence('upstream-answer-invalid'), detail } }
}

const REASON_OF: Readonly<Record<UpstreamFailure['kind'], Reason>> = {
  unreachable: 'upstream-unreachable',
  timeout: 'upstream-timeout',
  'too-large': 'upstream-answer-invalid',
  broken: 'upstream-failed',
  'registrant-gone': 'registrant-gone',
}

function findingOf(failure: UpstreamFailure): Finding {
  const cause = failure.cause as NodeJS.ErrnoException | undefined
  return {
    ...silence(REASON_OF[failure.kind]),
    detail: [failure.kind, cause?.code ?? cause?.message].filter(Boolean).join(': ').slice(0, 300),
  }
}

function silence(reason: Reason): Finding {
  return { reason, at: 'identity server', message: 'the identity server gave no usable answer' }
}
