import type { Answer, UpstreamReply } from './answer.ts'
import type { Arrival, Peer } from './arrival.ts'
import type {
  ApprovedRegistration,
  Evidence,
  LookupEvidence,
  PolicyIdentity,
  ReservedRegistration,
} from './decision.ts'
import type { EndpointTraits } from './endpoint-traits.ts'
import type { JsonObject } from './json.ts'
import type { LookedUp } from './lookups.ts'
import type { ManagedClient } from './managed-client.ts'
import type { RegistrationRequest, Route, VerifiedRequest } from './registration-request.ts'
import type { ReasonOverrides } from './reasons.ts'
import type { Refusal } from './refusal.ts'
import type { VerifiedClient } from './client.ts'
import type { VerifiedStatement } from './statement.ts'

/** Where registrants come in, and which policy judges them there. */
export interface Endpoint extends EndpointTraits {
  /** What the operator calls it, in records, metrics and reports. */
  readonly name: string
  readonly policy: PolicyIdentity
}

/** The endpoints that may still turn out to take a request. */
export interface Candidates {
  readonly endpoints: readonly Endpoint[]
  /** How all of them word refusals of built-in checks; what they do not agree on is left to the table. */
  readonly reasons: ReasonOverrides
  /** In the form that the regime gives to errors; null where more than one regime may turn out to. */
  readonly refuse: ((refusal: Refusal, decisionId: string) => Answer) | null
}

/** All endpoints of one host and path: which of them takes a request is found out step by step, each from what is known by then. */
export interface Place extends Candidates {
  readonly route: (arrival: Arrival) => Route
  /** By operation, content type and client certificate. @throws Refusal when none is left */
  readonly narrow: (arrival: Arrival, route: Route) => Promise<Approach>
}

/** Endpoints that know their clients by the same certificates and differ in the statements they take. */
export interface Approach extends Candidates, Pick<Stages, 'identify' | 'read'> {
  /** Before the body is read; who has no certificate is known by his address alone. @throws Refusal `rate-exceeded`, `state-unavailable` */
  readonly limitClient: (client: VerifiedClient | null, now: Date) => Promise<void>
  /** By the issuer that the statement names, unverified. @throws Refusal when none is left */
  readonly choose: (request: RegistrationRequest) => Stages
}

/** The stages of one endpoint, each built once from settings and policy. Whatever they refuse they throw as `Refusal`. */
export interface Stages extends Candidates {
  readonly endpoint: Endpoint
  /**
   * Takes its time only where somebody must be asked whether a certificate was revoked. One and the same function at all endpoints with the
   * same trusted issuers and demands.
   */
  readonly identify: (peer: Peer, now: Date) => Promise<VerifiedClient | null>
  /** What stays the same of a party when its certificate is renewed; null where it cannot be told. */
  readonly ownerOf: (client: VerifiedClient | null, now: Date) => string | null
  readonly read: (arrival: Arrival, route: Route) => Promise<RegistrationRequest>
  /** Null for a registration. Whoever may not manage the client is refused before anything else of the request is looked at. */
  readonly recognise: (
    request: RegistrationRequest,
    client: VerifiedClient | null,
    now: Date,
  ) => Promise<ManagedClient | null>
  readonly verifyStatement: (request: RegistrationRequest, now: Date) => Promise<VerifiedStatement | null>
  /** Takes its time only where the keys of the software must be fetched. */
  readonly verifyRequest: (
    request: RegistrationRequest,
    statement: VerifiedStatement | null,
    now: Date,
  ) => Promise<VerifiedRequest>
  /** Asks others on the registrant's behalf, which nobody without a good certificate and statement can bring about. */
  readonly lookUp: (evidence: LookupEvidence, now: Date) => Promise<LookedUp>
  readonly decide: (evidence: Evidence, now: Date) => ApprovedRegistration
  readonly reserve: (approved: ApprovedRegistration, decisionId: string) => Promise<ReservedRegistration>
  /** Never throws for what the identity server does: that is an answer or a silence, and both must be committed. */
  readonly forward: (reserved: ReservedRegistration, decisionId: string, gone: AbortSignal) => Promise<UpstreamReply>
  /** The same reply with its token bound to the registrant, as it may leave the gateway. */
  readonly bind: (reply: UpstreamReply, reserved: ReservedRegistration) => Promise<UpstreamReply>
  readonly commit: (reserved: ReservedRegistration, reply: UpstreamReply, bound: UpstreamReply) => Promise<void>
  /** For a registrant who went away before all of the answer was written. Never throws. */
  readonly undelivered: (reserved: ReservedRegistration) => Promise<void>
  readonly rewrite: (reply: UpstreamReply, approved: ApprovedRegistration, decisionId: string) => Answer
  /** What the audit trail keeps of what the policy was asked; null where it is to keep nothing. */
  readonly recordFacts: ((evidence: Evidence) => JsonObject) | null
}

/** What the stages of every endpoint share. */
export interface CommonStages {
  /** Before anything is made of the request. @throws Refusal `rate-exceeded`, `state-unavailable` */
  readonly limitAddress: (peer: Peer) => Promise<void>
  /** @throws Refusal `endpoint-unknown`, `host-unknown`, `request-misdirected` where there is no endpoint */
  readonly select: (arrival: Arrival) => Place
  /** In the form of RFC 7591 section 3.2.2: where no endpoint is known, no regime is. */
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
  /** Those that might have taken the request when it was last looked at; one where that became plain. */
  readonly endpoints: readonly Endpoint[]
  readonly client: VerifiedClient | null
  readonly route: Route
  readonly request: RegistrationRequest
  readonly managed: ManagedClient | null
  readonly statement: VerifiedStatement | null
  readonly verified: VerifiedRequest
  readonly lookups: LookedUp
  readonly approved: ApprovedRegistration
  readonly reserved: ReservedRegistration
  readonly reply: UpstreamReply
}

/** The endpoint that an exchange came to; null where that never became plain. */
export function soleEndpoint({ endpoints = [] }: Pick<Exchange, 'endpoints'>): Endpoint | null {
  return endpoints.length === 1 ? (endpoints[0] ?? null) : null
}
