import { fateOf, type UpstreamAnswer, type UpstreamReply } from '../model/answer.ts'
import type { ReservedRegistration } from '../model/decision.ts'
import { refuse } from '../model/refusal.ts'
import { Secret } from '../model/secret.ts'
import { removeClient } from './clear-away.ts'
import { sealKept, type KeptClient } from './kept-client.ts'
import type { RegistrationEvent } from './registration-event.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { readRecord, UNSEARCHABLE_MS, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { burnOnce, returnOnce } from './used-once.ts'

/** A longer answer is not kept: should the registrant lose it, the client is removed and he registers anew. */
const KEPT_CHARACTERS = 200_000

/** Of a longer client id nothing is remembered: a part of it would be another client's. */
const KEPT_ID_CHARACTERS = 2000

/** A registration that holds its record, and what the identity server said to it. */
interface Sent {
  readonly reserved: ReservedRegistration
  readonly name: string
  readonly holder: string
  readonly record: RegistrationRecord
  readonly reply: UpstreamReply
}

/**
 * Writes down how a registration ended, before the registrant learns of it. `bound` is the reply as he is to have it.
 *
 * @throws Refusal `state-unavailable` where a granted registration could be written down nowhere; the client is removed then
 */
export async function commitRegistration(
  options: RegistrationOptions,
  reserved: ReservedRegistration,
  reply: UpstreamReply,
  bound: UpstreamReply,
): Promise<void> {
  const { approved, registration, record: name, holder, remembered } = reserved
  const record = remembered === null ? null : readRecord(remembered)
  const fate = fateOf(reply)
  const isLost = fate === 'acted' && !options.isUsable(bound, approved)
  const mayHaveActedBefore = record !== null && isOpen(options, record) && record.doubtful.includes(registration)
  // What is given back first, the record last: nobody else may come in between with the same.
  if ((fate === 'idle' || isLost) && !mayHaveActedBefore) await returnOnce(options, approved, registration)
  if (record === null || name === null || holder === null) {
    if (isLost) await remove(options, keptOf(options, reply))
  } else {
    const sent = { reserved, name, holder, record, reply }
    if (isLost) await giveUp(options, sent)
    else if (fate === 'acted' && bound.kind === 'answer') await grant(options, sent, bound)
    else if (fate === 'unknown') await doubt(options, sent, options.reservationTtlMs)
    else await end(options, sent)
  }
  // After the record: a grant that cannot be written down is taken back, and must have used up nothing.
  const mayHaveActed = fate === 'unknown' || (fate === 'acted' && !isLost)
  if (mayHaveActed || mayHaveActedBefore) await burnOnce(options, approved, registration)
}

/** Credentials go out only when it is written down that they do: otherwise the next attempt would make a second client. */
async function grant(options: RegistrationOptions, sent: Sent, bound: UpstreamAnswer): Promise<void> {
  const nowMs = options.clock.now().getTime()
  const keptUntilMs = nowMs + options.recoveryMs
  const clientId = clientIdOf(bound)
  const known = keptOf(options, sent.reply)
  // Nobody else than its owner ever gets an answer again.
  const isNeeded = options.keepsAnswers || (sent.record.owner !== null && sent.record.clientKey !== null)
  const answer = isNeeded ? bound : null
  const kept = await keep(options, { ...sent.record, clientId }, { answer, ...known })
  const granted: RegistrationRecord = {
    ...sent.record,
    ...{ state: 'granted', clientId, sinceMs: nowMs, dueMs: keptUntilMs, keptUntilMs },
    ...{ kept, given: 1 },
  }
  const problem = await store(options, sent, granted, null)
  if (problem === null) return
  await takeBack(options, sent, granted, problem)
}

/**
 * What could not be written down as granted is taken back, now or by the sweeper, to which it looks like one whose end nobody knows: he would
 * remove it. Where there is no way to do so, the registrant may as well have it.
 */
async function takeBack(
  options: RegistrationOptions,
  sent: Sent,
  granted: RegistrationRecord,
  problem: string,
): Promise<void> {
  // Its own client and nobody else's, whoever has the record by now.
  const cleared = await removeClient(granted, options, () => Promise.resolve(true), 'by hand')
  const { clientId } = granted
  if (cleared === 'unsearchable' || (cleared === 'failed' && options.upkeep.administration === null)) {
    tell(options, sent, 'registration-unrecorded', problem, clientId)
    return
  }
  if (cleared === 'nothing-left') {
    tell(options, sent, 'registration-rolled-back', `could not be written down: ${problem}`, clientId)
    await returnOnce(options, sent.reserved.approved, sent.reserved.registration)
  }
  throw refuse({
    reason: 'state-unavailable',
    at: 'registration',
    message: 'the registration could not be written down, and is taken back',
    detail: problem,
  })
}

async function keep({ ring }: RegistrationOptions, of: RegistrationRecord, client: KeptClient): Promise<string | null> {
  const whole = await sealKept(ring, of, client)
  if (whole.length <= KEPT_CHARACTERS) return whole
  const withoutAnswer = await sealKept(ring, of, { ...client, answer: null })
  return withoutAnswer.length <= KEPT_CHARACTERS ? withoutAnswer : null
}

/** The identity server made a client that nobody could use: it is removed now or, by the same token, later. */
async function giveUp(options: RegistrationOptions, sent: Sent): Promise<void> {
  const known = keptOf(options, sent.reply)
  if (known.place === null || known.token === null) return doubt(options, sent, null)
  if (await remove(options, known)) {
    tell(options, sent, 'registration-rolled-back', 'its answer could not be used', null)
    return end(options, sent)
  }
  const nowMs = options.clock.now().getTime()
  const clientId = clientIdOf(sent.reply)
  const kept = await sealKept(options.ring, { ...sent.record, clientId }, { answer: null, ...known })
  const state = { state: 'undelivered', sinceMs: nowMs, dueMs: nowMs, clientId, kept } as const
  await store(options, sent, { ...sent.record, ...state }, null)
}

async function remove(
  { upkeep }: RegistrationOptions,
  { place, token }: Pick<KeptClient, 'place' | 'token'>,
): Promise<boolean> {
  // Nobody else has had its token: where it is denied, there is no such client any more.
  return place !== null && token !== null && (await upkeep.remove(place, token)) !== 'failed'
}

/**
 * With `leaseMs` nobody else may begin for that long: the identity server may still be at it. Without, it has answered, and whoever comes
 * next may look.
 */
async function doubt(options: RegistrationOptions, sent: Sent, leaseMs: number | null): Promise<void> {
  const nowMs = options.clock.now().getTime()
  const dueMs = nowMs + options.reservationTtlMs
  await store(options, sent, { ...sent.record, state: 'unknown', sinceMs: nowMs, dueMs }, leaseMs)
}

/** No client: nothing is remembered, unless the identity server may still make one for an earlier attempt, or nobody could look for it. */
async function end(options: RegistrationOptions, sent: Sent): Promise<void> {
  const { registry, clock } = options
  const { name, holder, record } = sent
  const [first, ...others] = record.doubtful
  if (first !== undefined) {
    const nowMs = clock.now().getTime()
    const unknown = { ...record, state: 'unknown', sinceMs: nowMs } as const
    // By the marks of those in doubt alone: this one left nothing, and is nothing to be looked for.
    if (isOpen(options, record)) await store(options, sent, { ...unknown, dueMs: nowMs + UNSEARCHABLE_MS }, null)
    else await store(options, sent, { ...unknown, id: first, doubtful: others, dueMs: nowMs }, null)
    return
  }
  try {
    await registry.forget(name, holder)
  } catch (failure) {
    // Found by the sweeper as one whose end nobody knows.
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
}

/** Whether an earlier attempt may have left a client that nobody can look for. */
function isOpen({ upkeep }: RegistrationOptions, { doubtful }: RegistrationRecord): boolean {
  return doubtful.length > 0 && upkeep.administration === null
}

/** Null when it is written; otherwise why not, for the operator. */
async function store(
  { registry }: RegistrationOptions,
  { name, holder }: Sent,
  record: RegistrationRecord,
  leaseMs: number | null,
): Promise<string | null> {
  try {
    const entry = { value: writeRecord(record), dueMs: record.dueMs }
    return (await registry.write(name, holder, entry, leaseMs)) ? null : 'its lease had ended before'
  } catch (failure) {
    if (failure instanceof RegistryUnavailable) return failure.detail
    throw failure
  }
}

/** By the reply as the identity server gave it, whose token is its own. */
function keptOf({ upkeep }: RegistrationOptions, reply: UpstreamReply): Pick<KeptClient, 'place' | 'token'> {
  const body = reply.kind === 'answer' ? reply.body : null
  const token = body?.['registration_access_token']
  if (body === null || typeof token !== 'string' || token === '') return { place: null, token: null }
  return { place: upkeep.locate(body), token: new Secret(token) }
}

function clientIdOf(reply: UpstreamReply): string | null {
  const clientId = reply.kind === 'answer' ? reply.body?.['client_id'] : null
  return typeof clientId === 'string' && clientId.length <= KEPT_ID_CHARACTERS ? clientId : null
}

function tell(
  { onEvent, endpoint }: RegistrationOptions,
  { reserved }: Sent,
  kind: RegistrationEvent['kind'],
  detail: string,
  clientId: string | null,
): void {
  onEvent({ kind, registration: reserved.registration, endpoint, clientId, detail })
}
