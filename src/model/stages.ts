import type { Answer, UpstreamReply } from './answer.ts'
import type { Arrival, Peer } from './arrival.ts'
import type { ApprovedRegistration, Evidence, PolicyIdentity, ReservedRegistration } from './decision.ts'
import type { RegistrationRequest, Route, VerifiedRequest } from './registration-request.ts'
import type { ReasonOverrides } from './reasons.ts'
import type { Refusal } from './refusal.ts'
import type { VerifiedClient } from './client.ts'
import type { VerifiedStatement } from './statement.ts'

/** Where registrants come in, and which policy judges them there. */
export interface Endpoint {
  readonly path: string
  readonly policy: PolicyIdentity
}

/** The stages of one endpoint, each built once from settings and policy. Whatever they refuse they throw as `Refusal`. */
export interface Stages {
  readonly endpoint: Endpoint
  /** Takes its time only where somebody must be asked whether a certificate was revoked. */
  readonly identify: (peer: Peer, now: Date) => Promise<VerifiedClient | null>
  readonly route: (arrival: Arrival) => Route
  readonly read: (arrival: Arrival, route: Route) => Promise<RegistrationRequest>
  readonly verifyStatement: (request: RegistrationRequest, now: Date) => Promise<VerifiedStatement | null>
  /** Takes its time only where the keys of the software must be fetched. */
  readonly verifyRequest: (
    request: RegistrationRequest,
    statement: VerifiedStatement | null,
    now: Date,
  ) => Promise<VerifiedRequest>
  readonly decide: (evidence: Evidence, now: Date) => ApprovedRegistration
  readonly reserve: (approved: ApprovedRegistration) => Promise<ReservedRegistration>
  /** Never throws for what the identity server does: that is an answer or a silence, and both must be committed. */
  readonly forward: (reserved: ReservedRegistration, decisionId: string, gone: AbortSignal) => Promise<UpstreamReply>
  readonly commit: (reserved: ReservedRegistration, reply: UpstreamReply) => Promise<void>
  readonly rewrite: (reply: UpstreamReply, approved: ApprovedRegistration, decisionId: string) => Answer
  /** How the policy words refusals of built-in checks. */
  readonly reasons: ReasonOverrides
}

/** What the stages of every endpoint share. */
export interface CommonStages {
  /** @throws Refusal `endpoint-unknown` when no endpoint has the path of the target */
  readonly select: (arrival: Arrival) => Stages
  readonly refuse: (refusal: Refusal, decisionId: string) => Answer
  readonly record: (exchange: Exchange) => void
}

/** All that became known of one exchange, for the audit record; no stage reads it. */
export interface Exchange extends Readonly<Partial<Known>> {
  readonly arrival: Arrival
  readonly refusal?: Refusal
  readonly answer: Answer
  /** Milliseconds until each thing became known, in order; a refusal happened after the last one. */
  readonly timings: Readonly<Record<string, number>>
}

/** What the stages find out, one entry each. */
export interface Known {
  readonly endpoint: Endpoint
  readonly client: VerifiedClient | null
  readonly route: Route
  readonly request: RegistrationRequest
  readonly statement: VerifiedStatement | null
  readonly verified: VerifiedRequest
  readonly approved: ApprovedRegistration
  readonly reserved: ReservedRegistration
  readonly reply: UpstreamReply
}
