import { placeToAsk } from '../model/client-place.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
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
  /** Member of the metadata by which the gateway marks the clients that it makes; null for none. */
  readonly markMember: string | null
}

const METHODS: Readonly<Record<Operation, string>> = { create: 'POST', read: 'GET', update: 'PUT', delete: 'DELETE' }

/** Builds the request from what was approved, never from the bytes that came in: no member, header or framing survives unjudged. */
export function buildUpstreamRequest(
  reserved: ReservedRegistration,
  target: UpstreamTarget,
  decisionId: string,
): UpstreamRequest {
  const { approved } = reserved
  const { request, managed } = approved.evidence
  const { operation, location } = request
  const metadata = marked(reserved, target)
  const body = metadata === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(metadata))
  const { pathname, host } = target.registrationUrl
  return {
    method: METHODS[operation],
    path: `${pathname}${location === null ? '' : placeToAsk(location, managed?.place ?? null)}`,
    headers: {
      ...buildIdentityHeaders(approved),
      ...authorization(reserved, target),
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

/** By its mark a client can be found of which nothing else ever reached the gateway. */
function marked({ approved, registration }: ReservedRegistration, { markMember }: UpstreamTarget): JsonObject | null {
  const { metadata, evidence } = approved
  if (metadata === null || markMember === null || evidence.request.operation !== 'create') return metadata
  return { ...metadata, [markMember]: registration }
}

/** The client's own token manages it (RFC 7592); a registration is authorised by the gateway's token alone. */
function authorization({ approved, token: own }: ReservedRegistration, target: UpstreamTarget): Record<string, string> {
  const token = approved.evidence.request.operation === 'create' ? target.initialAccessToken : own
  return token === null ? {} : { authorization: `Bearer ${token.reveal()}` }
}
