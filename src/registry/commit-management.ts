import type { UpstreamReply } from '../model/answer.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { Secret } from '../model/secret.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { withReplacedToken } from './replaced-tokens.ts'
import { ownRecord } from './reserve-management.ts'

/**
 * Writes down the token that the identity server gave a client in place of another, before the registrant gets it: should he not, the one he
 * has goes on to work for `recoveryMs`. What cannot be written down goes out all the same, since the token before it is dead already.
 */
export async function commitManagement(
  options: RegistrationOptions,
  reserved: ReservedRegistration,
  reply: UpstreamReply,
): Promise<void> {
  const { approved, record: name, holder, token: used } = reserved
  const { managed } = approved.evidence
  if (managed === null || name === null) return
  const issued = issuedIn(reply)
  try {
    if (issued !== null && issued.reveal() !== used?.reveal()) await keepSuccessor(options, reserved, managed, issued)
    else if (holder !== null) await options.registry.leave(name, holder)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    tell(options, approved.evidence.request.location?.clientId ?? null, reserved.registration, failure.detail)
  }
}

async function keepSuccessor(
  options: RegistrationOptions,
  { record, holder: held, token: used, registration }: ReservedRegistration,
  managed: ManagedClient,
  issued: Secret,
): Promise<void> {
  const { registry, reservationTtlMs, recoveryMs, ring, newHolder, clock } = options
  const name = record ?? ''
  const holder = held ?? newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) {
    tell(options, managed.clientId, registration, 'another request has its record')
    return
  }
  const found = ownRecord(taken.record, managed)
  if (found === null || !isLive(found)) {
    await registry.leave(name, holder)
    return
  }
  const untilMs = clock.now().getTime() + recoveryMs
  const successor = await withReplacedToken(ring, found, managed, { used, issued, untilMs })
  const dueMs = Math.min(found.dueMs ?? untilMs, untilMs)
  await registry.write(name, holder, { value: writeRecord({ ...successor, dueMs }), dueMs }, null)
}

function isLive({ state }: RegistrationRecord): boolean {
  return state === 'granted' || state === 'settled'
}

function issuedIn(reply: UpstreamReply): Secret | null {
  if (reply.kind === 'silence' || reply.status >= 300) return null
  const token = reply.body?.['registration_access_token']
  return typeof token === 'string' && token !== '' ? new Secret(token) : null
}

function tell(
  { onEvent, endpoint }: RegistrationOptions,
  clientId: string | null,
  registration: string,
  why: string,
): void {
  const detail = `the token that the identity server gave its client anew: ${why}`
  onEvent({ kind: 'registration-unrecorded', registration, endpoint, clientId, detail })
}
