import type { ApprovedRegistration, ReservationFacts } from '../model/decision.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import { digest } from '../sealing/digest.ts'
import { removeClient, removeMarked } from './clear-away.ts'
import { openKept } from './kept-client.ts'
import { nextStep, type NextStep } from './next-step.ts'
import { buildAttempt } from './registration-attempt.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { MAX_NAMES, readRecord, writeRecord, type RegistrationRecord } from './registration-record.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { stateUnavailable } from './state-unavailable.ts'
import { claimOnce, returnHeld, returnOnce } from './used-once.ts'

/** A record that this attempt has for itself. */
interface Held {
  readonly name: string
  readonly holder: string
  readonly found: RegistrationRecord
}

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
    return { approved, registration: decisionId, holder: null, record: null, remembered: null, kept: null }
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
    const facts = { approved, registration: begun.id, record: name, kept }
    const doubtful = isLeft ? withDoubt(begun.doubtful, found.id) : begun.doubtful
    if (kept === null) return { ...facts, holder, remembered: await writeSent(options, held, { ...begun, doubtful }) }
    return { ...facts, holder: null, remembered: await keepGranted(options, held) }
  } catch (failure) {
    // What an earlier attempt claimed may be used up by it: that stays.
    if (isFirst) await returnOnce(options, approved, begun.id)
    throw failure
  }
}

/** Null where the store is away and the operator would rather go on without. */
async function takeRecord(
  options: RegistrationOptions,
  name: string,
  record: RegistrationRecord,
): Promise<Held | null> {
  const { registry, reservationTtlMs, newHolder, whenUnavailable, onEvent, endpoint } = options
  const holder = newHolder()
  try {
    const taken = await registry.take(name, holder, reservationTtlMs, writeRecord(record))
    if (!taken.taken) throw inProgress(record)
    return { name, holder, found: await readFound(options, { name, holder }, taken.record ?? writeRecord(record)) }
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    // The store may have given the lease and only its reply came too late: the registrant's next attempt would find itself locked out.
    registry.leave(name, holder).catch(() => undefined)
    if (whenUnavailable.registrations === 'refuse')
      throw stateUnavailable('whether this software has a client already cannot be checked at the moment', failure)
    const { detail } = failure
    onEvent({ kind: 'registration-unrecorded', registration: record.id, endpoint, clientId: null, detail })
    return null
  }
}

/** Something that no gateway of this edition wrote must not be guessed at, nor written over. */
async function readFound(
  options: RegistrationOptions,
  held: Omit<Held, 'found'>,
  text: string,
): Promise<RegistrationRecord> {
  const found = readRecord(text)
  if (found !== null) return found
  await leave(options, held)
  throw refuse({
    reason: 'state-unavailable',
    at: 'registration',
    message: 'what is remembered of this software cannot be read',
    detail: `the record ${held.name} is none of this edition`,
  })
}

interface SettledFound {
  /** The answer of an earlier attempt where this one gets it again; null where nothing stands in the way any more. */
  readonly kept: ReservationFacts['kept']
  /** Whether its client may be left, since nobody has a way to remove it: as doubtful as one that could not be looked for. */
  readonly isLeft: boolean
}

async function settleFound(options: RegistrationOptions, held: Held, step: NextStep): Promise<SettledFound> {
  if (step === 'answer-again') return answerAgain(options, held)
  if (step === 'remove') return rollBack(options, held)
  if (step === 'search') await searchDoubtful(options, held.found)
  return { kept: null, isLeft: false }
}

/** Only while the client is there: credentials of one that somebody deleted meanwhile would be worth nothing. */
async function answerAgain(options: RegistrationOptions, held: Held): Promise<SettledFound> {
  const { found } = held
  const kept = found.kept === null ? null : await openKept(options.ring, found.kept)
  const { place = null, token = null, answer = null } = kept ?? {}
  const live = place === null || token === null ? true : await options.upkeep.isLive(place, token)
  if (live === null) throw unsettled(options, found)
  if (live && answer !== null) {
    tell(options, found, 'registration-answered-again', 'the same registration came again')
    return { kept: answer, isLeft: false }
  }
  // It is gone, or the keys that sealed the answer are: nobody can have these credentials any more.
  return rollBack(options, held)
}

/**
 * Whether a client that would keep others out is gone: one that was granted, and taken back when the store was lost before it said that the
 * grant was written down. Only as long as its token is kept, and nobody used it: an update may have replaced it.
 */
async function isGone({ ring, upkeep }: RegistrationOptions, found: RegistrationRecord): Promise<boolean> {
  if (found.state !== 'granted' || found.kept === null || found.keptUntilMs === null) return false
  const { place = null, token = null } = (await openKept(ring, found.kept)) ?? {}
  return place !== null && token !== null && (await upkeep.isLive(place, token)) === false
}

/** What the registrant gets now counts as granted again: nobody may remove it as one that he never got. */
async function keepGranted(options: RegistrationOptions, { name, holder, found }: Held): Promise<string> {
  const dueMs = found.keptUntilMs
  const value = writeRecord({ ...found, state: 'granted', dueMs, given: found.given + 1 })
  if (!(await written(options.registry.write(name, holder, { value, dueMs }, null)))) throw inProgress(found)
  return value
}

/** Given up first and removed then: should this attempt end in between, the next one must not take the client for a live one. */
async function rollBack(options: RegistrationOptions, { name, holder, found }: Held): Promise<SettledFound> {
  const { registry, reservationTtlMs, clock } = options
  if (found.state === 'granted') {
    const dueMs = clock.now().getTime()
    const value = writeRecord({ ...found, state: 'undelivered', dueMs })
    if (!(await written(registry.write(name, holder, { value, dueMs }, reservationTtlMs)))) throw inProgress(found)
  }
  const cleared = await removeClient(found, options)
  if (cleared === 'failed') throw unsettled(options, found)
  if (cleared === 'nothing-left') tell(options, found, 'registration-rolled-back', `was ${found.state}`)
  else tell(options, found, 'registration-unsettled', `was ${found.state}; ${LEFT_TO_OPERATOR}`)
  return { kept: null, isLeft: cleared === 'unsearchable' }
}

/** Where nobody can look, or remove, the registrant must not be locked out: he goes on, and the operator is told. */
async function searchDoubtful(options: RegistrationOptions, found: RegistrationRecord): Promise<void> {
  const cleared = await removeMarked(found, null, options)
  if (cleared === 'failed') throw unsettled(options, found)
  if (cleared === 'nothing-left') tell(options, found, 'registration-settled', 'nothing is left of an earlier attempt')
  else tell(options, found, 'registration-unsettled', LEFT_TO_OPERATOR)
}

const LEFT_TO_OPERATOR = 'an earlier attempt may have left a client (see upstream.administration)'

/**
 * A registration that goes on keeps its id, by which it holds what may happen only once; doubts about earlier ones stay written down. One
 * whose client its registrant has, or had deleted, is over: the same request is another registration then, or a replay of the first.
 */
function beginAfter(found: RegistrationRecord, attempt: RegistrationRecord, step: NextStep): RegistrationRecord {
  const isOver = found.state === 'deleting' || (step === 'begin' && found.state !== 'reserved')
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
function cameToNothing({ upkeep }: RegistrationOptions, { state }: RegistrationRecord, step: NextStep): boolean {
  return step === 'remove' ? state !== 'deleting' : step === 'search' && upkeep.administration !== null
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

async function written<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
    throw stateUnavailable('that this software registers cannot be written down at the moment', failure)
  }
}

/** Where the store is away, the lifetime of the lease ends it. */
async function leave({ registry }: RegistrationOptions, { name, holder }: Omit<Held, 'found'>): Promise<void> {
  try {
    await registry.leave(name, holder)
  } catch (failure) {
    if (!(failure instanceof RegistryUnavailable)) throw failure
  }
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

function inProgress({ clientKey }: RegistrationRecord): Refusal {
  return refuse({
    reason: 'registration-in-progress',
    at: 'registration',
    message: 'another registration of this software is under way',
    wanted: 'one registration at a time',
    detail: `the client key with SHA-256 ${digest(clientKey ?? '')} is held by another exchange`,
  })
}

function unsettled(options: RegistrationOptions, found: RegistrationRecord): Refusal {
  tell(options, found, 'registration-unsettled', `a client of state ${found.state} could not be cleared away`)
  return refuse({
    reason: 'registration-unsettled',
    at: 'registration',
    message: 'what an earlier registration of this software left behind cannot be cleared away at the moment',
    detail: `registration ${found.id}, ${found.state}, client ${found.clientId ?? 'unknown'}`,
  })
}

function tell(
  { onEvent, endpoint }: RegistrationOptions,
  { id, clientId }: RegistrationRecord,
  kind: Parameters<RegistrationOptions['onEvent']>[0]['kind'],
  detail: string,
): void {
  onEvent({ kind, registration: id, endpoint, clientId, detail })
}
