import { z } from 'zod'

/**
 * Where a registration stands. Each is written before the step that cannot be undone:
 * - `reserved`: nothing was sent yet
 * - `sent`: the identity server was asked, or is about to be
 * - `unknown`: it may have made a client; nobody got an answer that can be used
 * - `granted`: it made a client, whose credentials are kept, sealed, for a second attempt of the same registrant
 * - `undelivered`: as granted, and the connection broke before the registrant could have them
 * - `settled`: the client lives, and nothing is kept of its credentials
 * - `deleting`: the client's deletion was asked for, and whether it happened is not known yet
 */
export const REGISTRATION_STATES = [
  'reserved',
  'sent',
  'unknown',
  'granted',
  'undelivered',
  'settled',
  'deleting',
] as const

export type RegistrationState = (typeof REGISTRATION_STATES)[number]

const text = z.string().max(2048)
const milliseconds = z.int().min(0)

const schema = z.strictObject({
  /** Decision id of the attempt that began it; marks the client at the identity server, and holds what may happen only once. */
  id: text,
  state: z.enum(REGISTRATION_STATES),
  /** Decision id of the attempt that makes its client, or made it. */
  attempt: text,
  endpoint: text,
  /** Path of the registration endpoint of the identity server. */
  realm: text,
  policy: z.strictObject({ name: text, version: text, sha256: text }),
  /** The policy's client key; null where it names none. */
  clientKey: text.nullable(),
  /** Digest of the owner; null where there is none. */
  owner: text.nullable(),
  /** Who asked, for people: subject of the certificate. */
  subject: text.nullable(),
  /** Base64url SHA-256 of its DER. */
  thumbprint: text.nullable(),
  /** Digest of what was asked: the statement and the effective metadata. */
  request: text,
  clientId: text.nullable(),
  /** Wall clock when it got into its state. */
  sinceMs: milliseconds,
  /** When somebody must look at it again; null when nobody must. */
  dueMs: milliseconds.nullable(),
  /** Until when a second attempt gets the kept answer. */
  keptUntilMs: milliseconds.nullable(),
  /** Sealed; null for none. */
  kept: z.string().max(400_000).nullable(),
  /** How many answers with its credentials went out and are not known to be lost. */
  given: z.int().min(0),
  /** Ids of earlier attempts that may each have left a client behind which could not be looked for. */
  doubtful: z.array(text).max(20),
})

/** What is remembered of one registration; no secret in clear. */
export type RegistrationRecord = Readonly<z.infer<typeof schema>>

export function writeRecord(record: RegistrationRecord): string {
  return JSON.stringify(record)
}

/** Null for what no gateway of this edition wrote: whoever can write to the store cannot make the gateway act on anything else. */
export function readRecord(value: string): RegistrationRecord | null {
  try {
    return schema.safeParse(JSON.parse(value)).data ?? null
  } catch {
    return null
  }
}
