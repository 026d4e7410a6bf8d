import type { ManagedClient } from '../model/managed-client.ts'
import type { Secret } from '../model/secret.ts'
import { digest } from '../sealing/digest.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import { openKept, sealKept } from './kept-client.ts'
import { MAX_NAMES, type RegistrationRecord } from './registration-record.ts'

/**
 * The identity server's token that manages the client now. An identity server that gives a client another token at each use (RFC 7592
 * section 3) locks its registrant out when he does not get that answer; so the token that he still has stands for its successor for a while.
 *
 * @returns the one that he presented, where nothing is known to have replaced it
 */
export async function currentToken(
  ring: KeyRing,
  record: RegistrationRecord,
  { token: presented }: ManagedClient,
  nowMs: number,
): Promise<Secret | null> {
  const { replaced } = record
  if (presented === null || replaced === null || nowMs >= replaced.untilMs) return presented
  if (!replaced.digests.includes(digest(presented.reveal()))) return presented
  return (await openKept(ring, record))?.token ?? presented
}

/**
 * The record of a client that got another token in an answer to who presented an earlier one. All that he may hold stands for the new one: the
 * one he presented, and those that it was known to stand for, or to have been replaced by, since he last showed which one he has.
 */
export async function withReplacedToken(
  ring: KeyRing,
  record: RegistrationRecord,
  { token: presented, place }: ManagedClient,
  { used, issued, untilMs }: { readonly used: Secret | null; readonly issued: Secret; readonly untilMs: number },
): Promise<RegistrationRecord> {
  const held = [presented, used].flatMap((token) => (token === null ? [] : [digest(token.reveal())]))
  const [first = ''] = held
  const earlier = record.replaced?.digests.includes(first) === true ? record.replaced.digests : []
  const digests = [...new Set([...earlier, ...held])].slice(-MAX_NAMES)
  const kept = await sealKept(ring, record, { answer: null, place, token: issued })
  return { ...record, kept, keptUntilMs: null, replaced: { digests, untilMs } }
}
