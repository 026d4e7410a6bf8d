import { z } from 'zod'

/** Where a registration stands. Each is written down before the step that cannot be undone. */
export const REGISTRATION_STATES = {
  reserved: 'nothing was sent to the identity server yet',
  sent: 'the identity server was asked; its answer is awaited, or the gateway that waited for it is gone',
  unknown: 'the identity server may have made a client; nobody got an answer that can be used',
  granted: 'the client was made; its answer is kept, sealed, for the case that the registrant did not get it',
  undelivered: 'the client was made, and the connection broke before its registrant could have the answer',
  settled: 'the client lives, and nothing is kept of its credentials',
  deleting: 'the deletion of the client was asked for, and whether it happened is not known yet',
} as const satisfies Readonly<Record<string, string>>

export type RegistrationState = keyof typeof REGISTRATION_STATES

/** What is done where a registration of the state is found whose gateway is done with it, or dead. */
export const NEXT_STEPS: Readonly<Record<RegistrationState, { readonly attempt: string; readonly sweeper: string }>> = {
  reserved: { attempt: 'begins', sweeper: 'forgets it' },
  sent: { attempt: 'looks for the client, removes it, begins', sweeper: 'the same: unknown' },
  unknown: {
    attempt: 'looks for the client, removes it, begins',
    sweeper: 'the same, and once more after `recoveryMs`; forgets it',
  },
  granted: {
    attempt:
      'the same again: the same answer, or (`rollback`) removes the client and begins; another one: `client-exists`',
    sweeper: 'after `recoveryMs` drops the answer: settled',
  },
  undelivered: {
    attempt:
      'the same again: the same answer, or (`rollback`) removes the client and begins; another one: removes and begins',
    sweeper: 'removes the client after `recoveryMs` (`rollback`: at once); forgets it',
  },
  settled: { attempt: '`client-exists`, unless it is gone (`lookUpUrl`)', sweeper: 'nothing' },
  deleting: { attempt: 'removes the client, begins', sweeper: 'removes the client; forgets it' },
}

const STATES = Object.keys(REGISTRATION_STATES) as [RegistrationState, ...RegistrationState[]]

const text = z.string().max(2048)
const milliseconds = z.int().min(0)

/** What nobody has a way to look for is remembered for so long, for people. */
export const UNSEARCHABLE_MS = 30 * 24 * 3_600_000

/** The latest that a record holds of what may happen only once, and of doubts. */
export const MAX_NAMES = 20

const schema = z.strictObject({
  /** Decision id of the attempt that began it; marks the client at the identity server, and holds what may happen only once. */
  id: text,
  state: z.enum(STATES),
  /** Decision id of the attempt that makes its client, or made it. */
  attempt: text,
  endpoint: text,
  /** Path of the registration endpoint of the identity server. */
  realm: text,
  policy: z.strictObject({ name: text, version: text, sha256: text }),
  /** The policy's client key; null where it names none. */
  clientKey: text.nullable(),
  /** Whether the client keeps out others of its client key. */
  isSingle: z.boolean(),
  /** Digest of the owner; null where there is none. */
  owner: text.nullable(),
  /** Who asked, for people: subject of the certificate. */
  subject: text.nullable(),
  /** Base64url SHA-256 of its DER. */
  thumbprint: text.nullable(),
  /** Digest of what was asked: the statement and the effective metadata; empty where nothing can be the same again. */
  request: text,
  /** Keys of what may happen only once, which the registration holds: given back where it came to nothing. */
  once: z.array(text).max(MAX_NAMES),
  clientId: text.nullable(),
  /** Wall clock when it got into its state. */
  sinceMs: milliseconds,
  /** When what it may have left behind was first looked for and nothing of it found; null while nobody has. */
  lookedForMs: milliseconds.nullable(),
  /** When somebody must look at it again; null when nobody must. */
  dueMs: milliseconds.nullable(),
  /** Until when a second attempt gets the kept answer; null where none does, since the registrant shows that he has it. */
  keptUntilMs: milliseconds.nullable(),
  /** Sealed; null for none. */
  kept: z.string().max(400_000).nullable(),
  /**
   * Digests of the identity server's tokens which the kept one has replaced, and until when they stand for it: the answers with their
   * successors may not have arrived. Null where none was replaced.
   */
  replaced: z.strictObject({ digests: z.array(text).max(MAX_NAMES), untilMs: milliseconds }).nullable(),
  /** How many answers with its credentials went out and are not known to be lost. */
  given: z.int().min(0),
  /** Ids of earlier attempts that may each have left a client behind which could not be looked for. */
  doubtful: z.array(text).max(MAX_NAMES),
})

/** What is remembered of one registration; no secret in clear. */
export type RegistrationRecord = Readonly<z.infer<typeof schema>>

/** Whether a second attempt would still get its answer, or lose its registrant the client. */
export function isWaiting({ state, keptUntilMs }: RegistrationRecord): boolean {
  return state === 'undelivered' || (state === 'granted' && keptUntilMs !== null)
}

/** Whether its client is its registrant's for good: he has shown that he has it, or had the time to say that he has not. */
export function isInUse(record: RegistrationRecord): boolean {
  return record.state === 'settled' || (record.state === 'granted' && !isWaiting(record))
}

export function writeRecord(record: RegistrationRecord): string {
  return JSON.stringify(record)
}

/**
 * What outlives a client that was granted and is gone: doubts about attempts before it. The registration itself is over: its request must not
 * go on with it, nor be good again.
 */
export function doubtsOf(record: RegistrationRecord, nowMs: number): RegistrationRecord {
  const over = { request: '', once: [], clientId: null, kept: null, keptUntilMs: null, replaced: null }
  return { ...record, ...over, state: 'unknown', sinceMs: nowMs, dueMs: nowMs }
}

/** Null for what no gateway of this edition wrote: whoever can write to the store cannot make the gateway act on anything else. */
export function readRecord(value: string): RegistrationRecord | null {
  try {
    return schema.safeParse(JSON.parse(value)).data ?? null
  } catch {
    return null
  }
}
