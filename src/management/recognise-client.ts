import type { VerifiedClient } from '../model/client.ts'
import type { JsonObject } from '../model/json.ts'
import { tokenRejected, type ManagedClient } from '../model/managed-client.ts'
import type { Policy } from '../model/policy.ts'
import { prove } from '../model/proof.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { ClientLocation, RegistrationRequest } from '../model/registration-request.ts'
import { Secret } from '../model/secret.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { readTokenContent, type TokenContent } from './managed-token.ts'
import { ownerDigest } from '../sealing/owner-digest.ts'

export interface RecognitionOptions {
  readonly ring: KeyRing
  readonly realm: string
  readonly policy: Pick<Policy, 'client'>
  /**
   * The identity server's own record of a client that was there before the gateway, by a token of the identity server's; null where it
   * knows no such client or token. Null altogether where such clients are refused. @throws Refusal where it gives no usable answer
   */
  readonly readRecord: ((location: ClientLocation, token: Secret) => Promise<JsonObject | null>) | null
}

type Recognise = (
  request: RegistrationRequest,
  client: VerifiedClient | null,
  now: Date,
) => Promise<ManagedClient | null>

/**
 * The stage that finds out whether this party may manage that client: its token was sealed by a gateway with our keys, for that client,
 * and for the owner whom the certificate names. No memory is asked: the binding holds when the registry has lost everything.
 *
 * A renewed certificate, another issuer of the same scheme or another distinguished name change nothing as long as the policy sees the
 * same owner in it; the thumbprint is nobody's identity. Null for a registration, which manages nothing yet.
 *
 * @throws Refusal `management-token-rejected`, always worded alike
 */
export function createRecognition(options: RecognitionOptions): Recognise {
  return async (request, client, now) => {
    const { location, managementToken: presented } = request
    if (location === null || presented === null) return null
    const owner = options.policy.client.ownerOf(client, now)
    const content = await openToken(options.ring, presented)
    if (content === null) return admitEarlier(options, { location, presented, owner, now })
    const problem = problemOf(content, location, options.realm, ownerDigest(client, owner))
    if (problem !== null) throw rejected(problem)
    const { clientId, clientKey, record, place, token } = content
    const facts = { clientId, clientKey, record, place, presented }
    return prove('managed', { ...facts, token: token === null ? null : new Secret(token), isBound: true })
  }
}

async function openToken(ring: KeyRing, presented: Secret): Promise<TokenContent | null> {
  const text = await ring.open('management-token', presented.reveal())
  return text === null ? null : readTokenContent(text)
}

/** For the operator; null when all is well. An owner that nobody was bound to is a token for its bearer. */
function problemOf(
  content: TokenContent,
  { clientId }: ClientLocation,
  realm: string,
  owner: string | null,
): string | null {
  if (content.realm !== realm) return 'the token is of another registration endpoint of the identity server'
  if (content.clientId !== clientId) return 'the token is of another client'
  if (content.owner === null || content.owner === owner) return null
  return owner === null ? 'the client certificate names no owner' : 'the token is of another owner'
}

interface EarlierToken {
  readonly location: ClientLocation
  readonly presented: Secret
  readonly owner: string | null
  readonly now: Date
}

/** What no key of ours opens may be the identity server's own token, of a client that was there before the gateway. */
async function admitEarlier(
  { policy, readRecord }: RecognitionOptions,
  { location, presented, owner, now }: EarlierToken,
): Promise<ManagedClient> {
  const { registeredOwnerOf } = policy.client
  if (readRecord === null || registeredOwnerOf === null) throw rejected('no key of the gateway opens the token')
  if (owner === null) throw rejected('no key of the gateway opens the token, and the certificate names no owner')
  const record = await readRecord(location, presented)
  if (record === null) throw rejected('neither a key of the gateway nor the identity server knows the token')
  if (record['client_id'] !== location.clientId) throw rejected('the identity server has the token for another client')
  if (registeredOwnerOf(record, now) !== owner)
    throw rejected('by the record of the identity server the client is of another owner')
  const { clientId } = location
  const unknown = { clientKey: null, record: null, place: null }
  return prove('managed', { clientId, presented, token: presented, ...unknown, isBound: false })
}

function rejected(detail: string): Refusal {
  return refuse(tokenRejected(detail))
}
