import type { ApprovedRegistration, ReservationFacts } from '../model/decision.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import { inProgress, leave, takeRecord, written, type Held } from './hold-record.ts'
import { nextStep, type NextStep } from './next-step.ts'
import { buildAttempt } from './registration-attempt.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { isInUse, MAX_NAMES, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { isGone, settleFound } from './settle-found.ts'
import { claimOnce, returnHeld, returnOnce } from './used-once.ts'

/**
 * Takes the client's record, settles what earlier attempts left behind, claims what may happen only once, and writes down that the identity
 * server is asked now: whatever happens from here on, somebody will know that there may be a client.
 *
 * @throws Refusal `registration-in-progress`, `client-exists`, `registration-unsettled`, `used-before`, `state-unavailable`
 */
export async function reserveRegistration(
  options: RegistrationOptions,
  approved: ApprovedRegistration,
  decisionId: string,
): Promise<ReservationFacts> {
  const attempt = buildAttempt(approved, decisionId, options.clock.now().getTime(), options)
  const { name, record } = attempt
  const held = await takeRecord(options, name, record)
  if (held === null) {
    await claimOnce(options, approved, decisionId)
    return { approved, registration: decisionId, holder: null, record: null, remembered: null, token: null, kept: null }
  }
  try {
    return await goOn(options, approved, held, record)
  } catch (failure) {
    await leave(options, held)
    throw failure
  }
}

async function goOn(
  options: RegistrationOptions,
  approved: ApprovedRegistration,
  held: Held,
  attempt: RegistrationRecord,
): Promise<ReservationFacts> {
  const { name, holder, found } = held
  const now = options.clock.now().getTime()
  const asked = nextStep(found, attempt, now, options)
  const step = asked === 'refuse' && (await isGone(options, found)) ? 'remove' : asked
  if (step === 'refuse') throw clientExists(found)
  const begun = beginAfter(found, attempt, step)
  const isFirst = begun.id === attempt.id
  await claimOnce(options, approved, begun.id, isFirst ? 'first' : 'second')
  try {
    const { kept, isLeft } = await settleFound(options, held, step)
    if (kept === null && !isLeft && begun.id !== found.id && cameToNothing(options, found, step))
      await written(returnHeld(options.registry, found))
    const facts = { approved, registration: begun.id, record: name, token: null, kept }
    const doubtful = isLeft ? withDoubt(begun.doubtful, found.id) : begun.doubtful
    if (kept === null) return { ...facts, holder, remembered: await writeSent(options, held, { ...begun, doubtful }) }
    return { ...facts, holder: null, remembered: await keepGranted(options, held) }
  } catch (failure) {
    // What an earlier attempt claimed may be used up by it: that stays.
    if (isFirst) await returnOnce(options, approved, begun.id)
    throw failure
  }
}

/**
 * A registration that goes on keeps its id, by which it holds what may happen only once; doubts about earlier ones stay written down. One
 * whose client its registrant has, or had, is over, whoever deleted it: the same request is another registration then, or a replay of the
 * first.
 */
function beginAfter(found: RegistrationRecord, attempt: RegistrationRecord, step: NextStep): RegistrationRecord {
  const isOver = wasHad(found) || (step === 'begin' && found.state !== 'reserved')
  const goesOn = !isOver && found.request === attempt.request && found.owner === attempt.owner
  const wasDoubtful = found.state === 'sent' || found.state === 'unknown'
  const doubtful = wasDoubtful ? withDoubt(found.doubtful, found.id) : found.doubtful
  const once = goesOn ? [...new Set([...found.once, ...attempt.once])].slice(-MAX_NAMES) : attempt.once
  return { ...attempt, id: goesOn ? found.id : attempt.id, once, doubtful }
}

/** No more than a record holds. */
function withDoubt(doubtful: readonly string[], id: string): string[] {
  return [...new Set([...doubtful, id])].slice(-MAX_NAMES)
}

/** Whether another registration, of which nothing is left now, granted nobody anything: what it used up is good again. */
function cameToNothing({ upkeep }: RegistrationOptions, found: RegistrationRecord, step: NextStep): boolean {
  return step === 'remove' ? !wasHad(found) : step === 'search' && upkeep.administration !== null
}

/** Whether its registrant had the client, and what he was asked for only once is used up for good. */
function wasHad(found: RegistrationRecord): boolean {
  return found.state === 'deleting' || isInUse(found)
}

/** What the registrant gets now counts as granted again: nobody may remove it as one that he never got. */
async function keepGranted(options: RegistrationOptions, { name, holder, found }: Held): Promise<string> {
  const dueMs = found.keptUntilMs
  const value = writeRecord({ ...found, state: 'granted', dueMs, given: found.given + 1 })
  if (!(await written(options.registry.write(name, holder, { value, dueMs }, null)))) throw inProgress(found)
  return value
}

/** Only with the record written is the identity server asked. */
async function writeSent(options: RegistrationOptions, held: Held, begun: RegistrationRecord): Promise<string> {
  const { registry, reservationTtlMs, clock } = options
  const nowMs = clock.now().getTime()
  const sent = { ...begun, state: 'sent', sinceMs: nowMs, dueMs: nowMs + reservationTtlMs } as const
  const value = writeRecord(sent)
  const entry = { value, dueMs: sent.dueMs }
  if (!(await written(registry.write(held.name, held.holder, entry, reservationTtlMs)))) throw inProgress(begun)
  return value
}

function clientExists({ clientId, id }: RegistrationRecord): Refusal {
  return refuse({
    reason: 'client-exists',
    at: 'registration',
    message: 'this software has a client already',
    wanted: 'one client for each software',
    detail: `client ${clientId ?? 'unknown'}, of registration ${id}`,
  })
}
