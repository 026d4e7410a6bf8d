import type { ReservationFacts } from '../model/decision.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import { isKnownTo, isThere, removeClient, removeMarked } from './clear-away.ts'
import { inProgress, leaseOf, written, type Held } from './hold-record.ts'
import { openKept } from './kept-client.ts'
import type { NextStep } from './next-step.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { writeRecord, type RegistrationRecord } from './registration-record.ts'

export interface SettledFound {
  /** The answer of an earlier attempt where this one gets it again; null where nothing stands in the way any more. */
  readonly kept: ReservationFacts['kept']
  /** Whether its client may be left, since nobody has a way to remove it: as doubtful as one that could not be looked for. */
  readonly isLeft: boolean
}

export async function settleFound(options: RegistrationOptions, held: Held, step: NextStep): Promise<SettledFound> {
  if (step === 'answer-again') return answerAgain(options, held)
  if (step === 'remove') return rollBack(options, held)
  if (step === 'search') await searchDoubtful(options, held)
  return { kept: null, isLeft: false }
}

/** Only while the client is there: credentials of one that somebody deleted meanwhile would be worth nothing. */
async function answerAgain(options: RegistrationOptions, held: Held): Promise<SettledFound> {
  const { found } = held
  const { answer = null } = (await openKept(options.ring, found)) ?? {}
  const live = await isThere(found, options)
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
 * grant was written down, or that somebody deleted at the identity server. By its token only as long as that is kept and nobody used it: an
 * update may have replaced it; later only where the operator named a way to look a client up.
 *
 * @throws Refusal `registration-unsettled` where nobody knows at the moment
 */
export async function isGone(options: RegistrationOptions, found: RegistrationRecord): Promise<boolean> {
  const live = await isStillThere(options, found)
  if (live === null) throw unsettled(options, found)
  return !live
}

async function isStillThere(options: RegistrationOptions, found: RegistrationRecord): Promise<boolean | null> {
  const { id, state, clientId, kept, keptUntilMs } = found
  if (state === 'granted' && kept !== null && keptUntilMs !== null) return isThere(found, options)
  const { administration } = options.upkeep
  if (administration === null || clientId === null || (state !== 'granted' && state !== 'settled')) return true
  return administration.isThere === null ? true : isKnownTo(administration, id, clientId)
}

/** Given up first and removed then: should this attempt end in between, the next one must not take the client for a live one. */
async function rollBack(options: RegistrationOptions, held: Held): Promise<SettledFound> {
  const { name, holder, found } = held
  const { registry, reservationTtlMs, clock } = options
  if (found.state === 'granted') {
    const dueMs = clock.now().getTime()
    const value = writeRecord({ ...found, state: 'undelivered', dueMs })
    if (!(await written(registry.write(name, holder, { value, dueMs }, reservationTtlMs)))) throw inProgress(found)
  }
  const cleared = await removeClient(found, options, leaseOf(options, held))
  if (cleared === 'failed') throw unsettled(options, found)
  if (cleared === 'nothing-left') tell(options, found, 'registration-rolled-back', `was ${found.state}`)
  else tell(options, found, 'registration-unsettled', `was ${found.state}; ${LEFT_TO_OPERATOR}`)
  return { kept: null, isLeft: cleared === 'unsearchable' }
}

/** Where nobody can look, or remove, the registrant must not be locked out: he goes on, and the operator is told. */
async function searchDoubtful(options: RegistrationOptions, held: Held): Promise<void> {
  const { found } = held
  const cleared = await removeMarked(found, null, options, leaseOf(options, held))
  if (cleared === 'failed') throw unsettled(options, found)
  if (cleared === 'nothing-left') tell(options, found, 'registration-settled', 'nothing is left of an earlier attempt')
  else tell(options, found, 'registration-unsettled', LEFT_TO_OPERATOR)
}

const LEFT_TO_OPERATOR = 'an earlier attempt may have left a client (see upstream.administration)'

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
