import type { UpstreamReply } from '../model/answer.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { Secret } from '../model/secret.ts'
import { leave } from './hold-record.ts'
import { broughtIntoUse, managedRecord } from './managed-record.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { writeRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { withReplacedToken, type ReplacedToken } from './replaced-tokens.ts'

/**
 * Writes down the token that goes out in place of the one that was presented, before the registrant gets it: should he not, the one he has
 * goes on to work for `recoveryMs`. What cannot be written down goes out all the same, since the token before it is dead already.
 */
export async function commitManagement(
  options: RegistrationOptions,
  reserved: ReservedRegistration,
  reply: UpstreamReply,
): Promise<void> {
  const { approved, record: name, holder: held, token: used } = reserved
  const { managed } = approved.evidence
  if (managed === null || name === null) return
  const holder = held ?? options.newHolder()
  const successor = successorIn(options, reply, managed.token, used)
  try {
    if (successor !== null) await keepSuccessor(options, { managed, name, holder, ...successor }, reserved.registration)
    else if (held !== null) await options.registry.leave(name, held)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    options.registry.leave(name, holder).catch(() => undefined)
    if (successor !== null) tell(options, managed, reserved.registration, failure.detail)
  }
}

type Successor = Omit<ReplacedToken, 'untilMs'>

/**
 * Null where the registrant keeps the token that he presented. One that stood for another goes out as well where the identity server gives no
 * new one, and may get lost like any. A record of the gateway's own has the token of the registration in it, which nobody has replaced.
 */
function successorIn(
  { keepsAnswers }: RegistrationOptions,
  reply: UpstreamReply,
  presented: Secret | null,
  used: Secret | null,
): Successor | null {
  if (keepsAnswers || presented === null || used === null) return null
  if (reply.kind === 'silence' || reply.status >= 300) return null
  const token = reply.body?.['registration_access_token']
  const issued = typeof token === 'string' && token !== '' ? new Secret(token) : used
  const isKept = used.reveal() === presented.reveal() && issued.reveal() === presented.reveal()
  return isKept ? null : { presented, used, issued }
}

interface Kept extends Successor {
  readonly managed: ManagedClient
  readonly name: string
  readonly holder: string
}

async function keepSuccessor(options: RegistrationOptions, kept: Kept, registration: string): Promise<void> {
  const { registry, reservationTtlMs, recoveryMs, ring, clock } = options
  const { managed, name, holder } = kept
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) {
    tell(options, managed, registration, 'another request has its record')
    return
  }
  const found = managedRecord(taken.record, managed)
  if (found === null || found.state === 'deleting') return leave(options, kept)
  const nowMs = clock.now().getTime()
  const untilMs = nowMs + recoveryMs
  const inUse = broughtIntoUse(found, nowMs)
  const successor = await withReplacedToken(ring, inUse, managed.place, { ...kept, untilMs })
  const dueMs = Math.min(inUse.dueMs ?? untilMs, untilMs)
  const isWritten = await registry.write(name, holder, { value: writeRecord({ ...successor, dueMs }), dueMs }, null)
  if (!isWritten) tell(options, managed, registration, 'the lease of its record had ended')
}

function tell(
  { onEvent, endpoint }: RegistrationOptions,
  { clientId }: ManagedClient,
  registration: string,
  why: string,
): void {
  const detail = `the token that the identity server gave its client anew: ${why}`
  onEvent({ kind: 'registration-unrecorded', registration, endpoint, clientId, detail })
}
