import type { AnswerPlan, UpstreamAnswer } from './answer.ts'
import type { JsonObject } from './json.ts'
import type { LookedUp } from './lookups.ts'
import type { ManagedClient } from './managed-client.ts'
import type { Finding } from './refusal.ts'
import type { Proven } from './proof.ts'
import type { VerifiedRequest } from './registration-request.ts'
import type { VerifiedClient } from './client.ts'
import type { Secret } from './secret.ts'
import type { VerifiedStatement } from './statement.ts'

/** Which policy judged, so that an audit record can be held against the very file. */
export interface PolicyIdentity {
  readonly name: string
  readonly version: string
  /** Hex SHA-256 over the policy and everything it extends. */
  readonly sha256: string
}

/** All that a decision may rest on, each part verified by its own stage. */
export interface Evidence {
  readonly request: VerifiedRequest
  /** Null only where the policy demands no client certificate and none was presented. */
  readonly client: VerifiedClient | null
  /** Null only where the policy lets the operation go without one. */
  readonly statement: VerifiedStatement | null
  readonly lookups: LookedUp
  /** Null for a registration, which manages nothing yet. */
  readonly managed: ManagedClient | null
}

/** What must be proven before anybody is asked on a registrant's behalf. */
export type LookupEvidence = Omit<Evidence, 'lookups'>

/** Something that may happen only once, and would happen now. */
export interface OnceDemand {
  /** Of the policy's entry; keys of different entries never meet. */
  readonly id: string
  readonly key: string
  /** Whose statement vouched for what the key is made of; keys of different directories never meet. Null where none had a say in it. */
  readonly directory: string | null
  /** For how long it stays used up once the request was granted, or may have been. */
  readonly holdsMs: number
  /** What is wrong where it happened before. */
  readonly finding: Finding
}

export interface ApprovalFacts {
  readonly evidence: Evidence
  readonly policy: PolicyIdentity
  /** Metadata to be registered: what was asked, as changed by the policy; null for read and delete. */
  readonly metadata: JsonObject | null
  /** Headers the policy derives from verified facts, names as the policy writes them. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * Names the software that the client is for, in creating and updating; null where the policy names none, and in an update also where
   * that takes a statement and none came.
   */
  readonly clientKey: string | null
  /** The party that the client certificate is of; null where there is none, and in reading and deleting also where it tells none. */
  readonly owner: string | null
  readonly once: readonly OnceDemand[]
  readonly answer: AnswerPlan
  /** Broken rules that are only reported, not enforced. */
  readonly reported: readonly Finding[]
}

/** What the policy let pass: the only thing that can be forwarded; made by policy/ alone. */
export type ApprovedRegistration = Proven<'approved', ApprovalFacts>

export interface ReservationFacts {
  readonly approved: ApprovedRegistration
  /**
   * Names this registration, all its attempts together: marks the client at the identity server, and holds what may happen only once.
   * Unguessable; the decision id of the first attempt.
   */
  readonly registration: string
  /** Proves to the registry that we hold the record; null where there is none to hold. */
  readonly holder: string | null
  /** Name of the client's record; null where it has none. */
  readonly record: string | null
  /** What the record says of a registration that is sent or answered again, or said before a deletion; null where it has none. */
  readonly remembered: string | null
  /**
   * The identity server's token that manages the client now: the one in what was presented, or the one that replaced it in an answer which the
   * registrant did not get. Null for a registration, and where the identity server issued none.
   */
  readonly token: Secret | null
  /** What an earlier attempt of the same registrant was answered, and he did not get; null where the identity server must be asked. */
  readonly kept: UpstreamAnswer | null
}

/** An approval that holds its place in the registry; made by registry/ alone. */
export type ReservedRegistration = Proven<'reserved', ReservationFacts>
