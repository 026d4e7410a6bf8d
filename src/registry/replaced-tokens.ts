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

/** A token that was presented, the one by which the identity server was asked in its place, and the one that went out. */
export interface ReplacedToken {
  readonly presented: Secret
  readonly used: Secret
  readonly issued: Secret
  readonly untilMs: number
}

/**
 * The record of a client whose token goes out in an answer to who presented another. All that he may hold stands for the new one: the one he
 * presented, and those that have replaced it since then; none before it, since he has shown that he has it.
 */
export async function withReplacedToken(
  ring: KeyRing,
  record: RegistrationRecord,
  place: ManagedClient['place'],
  { presented, used, issued, untilMs }: ReplacedToken,
): Promise<RegistrationRecord> {
  const digestOf = (token: Secret): string => digest(token.reveal())
  const has = digestOf(presented)
  const known = record.replaced?.digests ?? []
  const newer = known.includes(has) ? known.slice(known.indexOf(has) + 1) : []
  // Of more than there is room for, the one that he certainly has stays.
  const successors = [...new Set([...newer, digestOf(used)])].slice(1 - MAX_NAMES)
  const digests = [...new Set([has, ...successors])].filter((one) => one !== digestOf(issued))
  const kept = await sealKept(ring, record, { answer: null, place, token: issued })
  return { ...record, kept, replaced: { digests, untilMs } }
}
