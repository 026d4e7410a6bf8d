import type { UpstreamAnswer } from '../model/answer.ts'
import type { ClientPlace } from '../model/client-place.ts'
import { isJsonObject, type Json } from '../model/json.ts'
import { Secret } from '../model/secret.ts'
import type { RegistrationRecord } from './registration-record.ts'
import type { KeyRing } from '../sealing/key-ring.ts'

/** What is kept of a client for as long as it may have to be given again, or taken back. */
export interface KeptClient {
  /** Bound to its owner already; null where only the client's removal is wanted. */
  readonly answer: UpstreamAnswer | null
  /** Where the identity server manages it; null where it does not. */
  readonly place: ClientPlace | null
  /** The identity server's own. */
  readonly token: Secret | null
}

/** Whose it is: what is kept opens in no other record, whoever wrote it there. */
type Of = Pick<RegistrationRecord, 'id' | 'owner' | 'clientId'>

export function sealKept(ring: KeyRing, of: Of, { answer, place, token }: KeptClient): Promise<string> {
  const secret = token === null ? null : token.reveal()
  return ring.seal('kept-answer', JSON.stringify([of.id, of.owner, of.clientId, answer, place, secret]))
}

/**
 * Null where nothing is kept, for what no key of the ring opens (a ring that has lost keys keeps nobody's credentials), and for what was kept
 * in another record: who can write to the store must not get another's credentials by copying them.
 */
export async function openKept(
  ring: KeyRing,
  { kept, id, owner, clientId }: Of & Pick<RegistrationRecord, 'kept'>,
): Promise<KeptClient | null> {
  const text = kept === null ? null : await ring.open('kept-answer', kept)
  if (text === null) return null
  const [ofId, ofOwner, ofClientId, answer, place, token] = JSON.parse(text) as readonly Json[]
  if (ofId !== id || ofOwner !== owner || ofClientId !== clientId) return null
  return {
    answer: readAnswer(answer),
    place: typeof place === 'string' ? place : null,
    token: typeof token === 'string' ? new Secret(token) : null,
  }
}

function readAnswer(value: Json | undefined): UpstreamAnswer | null {
  if (!isJsonObject(value)) return null
  const { status, body } = value
  return typeof status === 'number' && isJsonObject(body) ? { kind: 'answer', status, body } : null
}
