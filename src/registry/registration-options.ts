import type { UpstreamReply } from '../model/answer.ts'
import type { Clock } from '../model/clock.ts'
import type { ApprovedRegistration } from '../model/decision.ts'
import type { ClearingOptions } from './clear-away.ts'
import type { Recovery } from './next-step.ts'
import type { RegistrationEvent } from './registration-event.ts'
import type { Registry } from './registry.ts'

/** What is done without the store: refuse, or go on and remember nothing. */
export type WithoutStore = 'refuse' | 'allow'

export interface RegistrationOptions extends ClearingOptions {
  readonly registry: Registry
  readonly clock: Clock
  /** Path of the registration endpoint of the identity server. */
  readonly realm: string
  /** Name of the endpoint, for people. */
  readonly endpoint: string
  /** Whether a client key has one live client at most. */
  readonly single: boolean
  /** How long an attempt has its record for itself; longer than the identity server may take to answer. */
  readonly reservationTtlMs: number
  readonly recovery: Recovery
  /** How long a second attempt of the same registrant counts as one. */
  readonly recoveryMs: number
  /** Whether the identity server may give a client another token when it is read. */
  readonly rotatesOnRead: boolean
  /** Whether answers are kept for as long as their clients, since the gateway answers reads with them. */
  readonly keepsAnswers: boolean
  /** Whether a client that keeps nobody out stays on record once it is settled; where memory is short nobody would ever need it. */
  readonly keepsUnnamed: boolean
  readonly whenUnavailable: { readonly registrations: WithoutStore; readonly usedOnce: WithoutStore }
  /** Whether the registrant can have this answer: a client that he could not manage is none that he may be given. */
  readonly isUsable: (reply: UpstreamReply, approved: ApprovedRegistration) => boolean
  /** An unguessable token, another one at each call. */
  readonly newHolder: () => string
  readonly onEvent: (event: RegistrationEvent) => void
}
