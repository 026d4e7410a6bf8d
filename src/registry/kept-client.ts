import type { UpstreamAnswer } from '../model/answer.ts'
import type { ClientPlace } from '../model/client-place.ts'
import { isJsonObject, type Json } from '../model/json.ts'
import { Secret } from '../model/secret.ts'
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

export function sealKept(ring: KeyRing, { answer, place, token }: KeptClient): Promise<string> {
  return ring.seal('kept-answer', JSON.stringify([answer, place, token === null ? null : token.reveal()]))
}

/** Null for what no key of the ring opens: a ring that has lost keys keeps nobody's credentials. */
export async function openKept(ring: KeyRing, sealed: string): Promise<KeptClient | null> {
  const text = await ring.open('kept-answer', sealed)
  if (text === null) return null
  const [answer, place, token] = JSON.parse(text) as readonly Json[]
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
