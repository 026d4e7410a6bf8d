import type { UpstreamAnswer, UpstreamReply } from '../model/answer.ts'
import { placeOfClient } from '../model/client-place.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import type { Management } from '../model/management.ts'
import { clientKeyDigest } from '../sealing/client-key-digest.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { writeTokenContent, type TokenContent } from './managed-token.ts'
import { ownerDigest } from '../sealing/owner-digest.ts'

export interface BindingOptions {
  readonly ring: KeyRing
  /** Registration endpoint of the identity server. */
  readonly registrationUrl: URL
  readonly management: Management
}

/**
 * The stage that binds the token in an answer to the verified owner: the identity server's own never leaves the gateway. The registrant
 * gets the one that he presented back, character by character, unless the identity server gave him a new one.
 */
export function createBinding(
  options: BindingOptions,
): (reply: UpstreamReply, reserved: ReservedRegistration) => Promise<UpstreamReply> {
  return async (reply, reserved) => {
    if (reply.kind === 'silence' || reply.body === null || reply.status >= 300) return reply
    const { operation } = reserved.approved.evidence.request
    if (operation === 'delete' || reserved.kept !== null) return reply
    if (options.management === 'none') return withoutManagement(reply, reply.body)
    const token = await tokenFor(reply.body, reserved, options)
    return token === null ? reply : withToken(reply, reply.body, token)
  }
}

/** Of no use to a registrant who may not manage his client, and to nobody else. */
function withoutManagement(reply: UpstreamAnswer, body: JsonObject): UpstreamAnswer {
  const { registration_access_token: _token, registration_client_uri: _uri, ...rest } = body
  return { ...reply, body: rest }
}

function withToken(reply: UpstreamAnswer, body: JsonObject, token: string): UpstreamAnswer {
  return { ...reply, body: { ...body, registration_access_token: token } }
}

async function tokenFor(
  body: JsonObject,
  reserved: ReservedRegistration,
  { ring, registrationUrl, management }: BindingOptions,
): Promise<string | null> {
  const { managed } = reserved.approved.evidence
  // An answer without a token has not changed it, though RFC 7592 section 3 wants one in every answer.
  const issued = textOf(body['registration_access_token']) ?? reserved.token?.reveal() ?? null
  // A record of the gateway's own has the token of the registration in it, which nobody can have changed since.
  const isUnasked = management === 'record'
  if (managed !== null && (isUnasked || isPresented(managed, issued))) return managed.presented.reveal()
  // Where it answers reads itself, the gateway gives tokens of its own.
  if (managed === null && issued === null && !isUnasked) return null
  const place = placeOfClient(body, registrationUrl) ?? managed?.place ?? null
  const realm = registrationUrl.pathname
  const content = { ...contentOf(body, reserved), realm, place, token: issued }
  return ring.seal('management-token', writeTokenContent(content))
}

function isPresented({ isBound, token }: ManagedClient, issued: string | null): boolean {
  return isBound && issued === (token?.reveal() ?? null)
}

function contentOf(
  body: JsonObject,
  { approved, record }: ReservedRegistration,
): Omit<TokenContent, 'realm' | 'place' | 'token'> {
  const { client, managed, statement } = approved.evidence
  const clientKey = clientKeyDigest(statement?.directory ?? null, approved.clientKey)
  const owner = ownerDigest(client, approved.owner)
  if (managed === null) return { clientId: textOf(body['client_id']) ?? '', owner, clientKey, record }
  // What is not known anew stays: a read has no statement to take the client's key from.
  return { clientId: managed.clientId, owner, clientKey: managed.clientKey ?? clientKey, record: managed.record }
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
