import type { ApprovedRegistration } from '../model/decision.ts'
import type { Operation } from '../model/operation.ts'
import type { Secret } from '../model/secret.ts'
import { buildIdentityHeaders } from './identity-headers.ts'

/** A request to the identity server, complete: nothing is added to it on the way. */
export interface UpstreamRequest {
  readonly method: string
  /** Path and query below the identity server's origin. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface UpstreamTarget {
  /** The identity server's registration endpoint, without query. */
  readonly registrationUrl: URL
  /** What the gateway itself presents when it registers a client; null where the identity server wants nothing. */
  readonly initialAccessToken: Secret | null
}

const METHODS: Readonly<Record<Operation, string>> = { create: 'POST', read: 'GET', update: 'PUT', delete: 'DELETE' }

/** Builds the request from what was approved, never from the bytes that came in: no member, header or framing survives unjudged. */
export function buildUpstreamRequest(
  approved: ApprovedRegistration,
  target: UpstreamTarget,
  decisionId: string,
): UpstreamRequest {
  const { operation, location } = approved.evidence.request
  const body = approved.metadata === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(approved.metadata))
  const { pathname, host } = target.registrationUrl
  return {
    method: METHODS[operation],
    path:
      location === null
        ? pathname
        : `${pathname}${location.suffix}${location.query === '' ? '' : `?${location.query}`}`,
    headers: {
      ...buildIdentityHeaders(approved),
      ...authorization(approved, target),
      host,
      accept: 'application/json',
      'decision-id': decisionId,
      // An exact length and never a transfer-encoding: http-proxy turns a chunked DELETE into a smuggled second request otherwise.
      'content-length': String(body.length),
      ...(body.length === 0 ? {} : { 'content-type': 'application/json' }),
    },
    body,
  }
}

/** The registrant's own token manages its client (RFC 7592); a registration is authorised by the gateway's token alone. */
function authorization(approved: ApprovedRegistration, target: UpstreamTarget): Record<string, string> {
  const { operation, managementToken } = approved.evidence.request
  const token = operation === 'create' ? target.initialAccessToken : managementToken
  return token === null ? {} : { authorization: `Bearer ${token.reveal()}` }
}
