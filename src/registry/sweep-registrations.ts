import type { ClientUpkeep } from '../model/client-upkeep.ts'
import { removeClient, removeMarked, type ClearingOptions, type KeepLease } from './clear-away.ts'
import type { RegistrationEvent } from './registration-event.ts'
import type { RegistrationOptions } from './registration-options.ts'
import { RegistryUnavailable } from './registry-unavailable.ts'
import { returnHeld } from './used-once.ts'
import { doubtsOf, readRecord, UNSEARCHABLE_MS, writeRecord, type RegistrationRecord } from './registration-record.ts'

export type SweepOptions = Pick<
  RegistrationOptions,
  | 'registry'
  | 'clock'
  | 'ring'
  | 'reservationTtlMs'
  | 'recoveryMs'
  | 'newHolder'
  | 'onEvent'
  | 'keepsAnswers'
  | 'keepsUnnamed'
> & {
  /** By the path of the registration endpoint of the identity server that has the client. */
  readonly upkeepAt: (realm: string) => ClientUpkeep
}

/** At most so many records are settled in one go. */
const BATCH_RECORDS = 100
/** What could not be settled is tried again after that time. */
const RETRY_MS = 60_000

/**
 * Settles registrations that nobody came back for: looks for what attempts of unknown end left behind, removes clients whose credentials
 * nobody has, finishes deletions, and forgets credentials that were kept long enough. Several processes may do it at once: the lease of a
 * record keeps them apart, and keeps all of them off a registration that is under way.
 *
 * @returns how many records were looked at
 * @throws RegistryUnavailable; an AggregateError of faults of the gateway, once all others are settled
 */
export async function sweepRegistrations(options: SweepOptions): Promise<number> {
  const names = await options.registry.due(options.clock.now().getTime(), BATCH_RECORDS)
  const faults: unknown[] = []
  for (const name of names) {
    try {
      await settleRecord(options, name)
    } catch (failure) {
      if (failure instanceof RegistryUnavailable) throw failure
      // One record that cannot be dealt with must not keep the others waiting.
      faults.push(failure)
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} records could not be settled`)
  return names.length
}

/** What is to become of a record: another one to be written, or none. */
type Settled = RegistrationRecord | null

/**
 * `when-due` does what its time has come for, `now` does not wait for it, `remove` removes the client that the record tells of, and `forget`
 * asks nobody: for those who have looked themselves.
 */
export type HowToSettle = 'when-due' | 'now' | 'remove' | 'forget'

/** Settles one record. False where somebody else has it. @throws RegistryUnavailable */
export async function settleRecord(
  options: SweepOptions,
  name: string,
  how: HowToSettle = 'when-due',
): Promise<boolean> {
  const { registry, reservationTtlMs, newHolder } = options
  const holder = newHolder()
  const taken = await registry.take(name, holder, reservationTtlMs, null)
  if (!taken.taken) return false
  const found = taken.record === null ? null : readRecord(taken.record)
  if (taken.record !== null && found === null && how !== 'forget') {
    // Of another edition: not ours to judge, and not to be told of again.
    await registry.write(name, holder, { value: taken.record, dueMs: null }, null)
    return true
  }
  const keepLease: KeepLease = () => registry.renew(name, holder, reservationTtlMs)
  const settled = found === null || how === 'forget' ? null : await settle({ ...options, keepLease }, found, how)
  if (settled === null) await registry.forget(name, holder)
  else await registry.write(name, holder, { value: writeRecord(settled), dueMs: settled.dueMs }, null)
  return true
}

type Settling = SweepOptions & { readonly keepLease: KeepLease }

async function settle(options: Settling, found: RegistrationRecord, how: HowToSettle): Promise<Settled> {
  const nowMs = options.clock.now().getTime()
  if (how === 'remove' && found.clientId !== null) return settleUnwanted(options, found, nowMs, 'by hand')
  if (how === 'when-due' && (found.dueMs === null || found.dueMs > nowMs)) return found
  switch (found.state) {
    case 'reserved':
      return null
    case 'sent':
    case 'unknown':
      return settleUnknown(options, found, nowMs, how === 'when-due')
    case 'granted':
      return settleGranted(options, found, nowMs)
    case 'undelivered':
    case 'deleting':
      return settleUnwanted(options, found, nowMs)
    case 'settled':
      return unlessNeedless(options, { ...found, ...remainsOf(options, found, nowMs) })
  }
}

/**
 * An identity server may finish what it was asked long after nobody waits for it, most of all when it was down in between. What is looked for
 * is therefore looked for twice, the second time `recoveryMs` after the first one that could be: `staysInDoubt` until then.
 */
async function settleUnknown(
  options: Settling,
  found: RegistrationRecord,
  nowMs: number,
  staysInDoubt = true,
): Promise<Settled> {
  const unknown = { ...found, state: 'unknown', sinceMs: found.state === 'unknown' ? found.sinceMs : nowMs } as const
  const cleared = await removeMarked(found, null, clearing(options, found), options.keepLease)
  if (cleared === 'nothing-left') {
    await returnHeld(options.registry, found)
    tell(options, found, 'registration-settled', `was ${found.state}; nothing of it is left`)
    const lookedForMs = unknown.lookedForMs ?? nowMs
    const againMs = lookedForMs + options.recoveryMs
    return staysInDoubt && nowMs < againMs ? { ...unknown, once: [], lookedForMs, dueMs: againMs } : null
  }
  const endsMs = unknown.sinceMs + UNSEARCHABLE_MS
  if (cleared === 'unsearchable' && found.state === 'unknown' && nowMs >= endsMs) return null
  const why = cleared === 'failed' ? 'the identity server could not be searched' : 'see upstream.administration'
  tell(options, found, 'registration-unsettled', `was ${found.state}; ${why}`)
  return { ...unknown, dueMs: cleared === 'failed' ? nowMs + RETRY_MS : endsMs }
}

/** The client is its registrant's; what attempts before it left behind is not. */
async function settleGranted(options: Settling, found: RegistrationRecord, nowMs: number): Promise<Settled> {
  const hasDoubts = found.doubtful.length > 0
  const cleared = hasDoubts
    ? await removeMarked(found, found.clientId, clearing(options, found), options.keepLease)
    : 'nothing-left'
  const remains = remainsOf(options, found, nowMs)
  if (cleared === 'failed') return { ...found, ...remains, keptUntilMs: null, dueMs: nowMs + RETRY_MS }
  const doubtful = cleared === 'nothing-left' ? [] : found.doubtful
  return unlessNeedless(options, {
    ...found,
    state: 'settled',
    sinceMs: nowMs,
    ...remains,
    keptUntilMs: null,
    doubtful,
  })
}

/** A client that keeps nobody out, and of which nothing else is kept, is nobody's business. */
function unlessNeedless({ keepsUnnamed, keepsAnswers }: Settling, settled: RegistrationRecord): Settled {
  const { isSingle, doubtful, replaced } = settled
  return isSingle || keepsUnnamed || keepsAnswers || doubtful.length > 0 || replaced !== null ? settled : null
}

/** What is kept of a client in use: its answer where the gateway reads from it, and a token for as long as earlier ones stand for it. */
function remainsOf(
  { keepsAnswers }: Settling,
  { kept, replaced }: RegistrationRecord,
  nowMs: number,
): Pick<RegistrationRecord, 'kept' | 'replaced' | 'dueMs'> {
  if (replaced !== null && nowMs < replaced.untilMs) return { kept, replaced, dueMs: replaced.untilMs }
  return { kept: keepsAnswers ? kept : null, replaced: null, dueMs: null }
}

async function settleUnwanted(
  options: Settling,
  found: RegistrationRecord,
  nowMs: number,
  whose: 'sealed' | 'by hand' = 'sealed',
): Promise<Settled> {
  const cleared = await removeClient(found, clearing(options, found), options.keepLease, whose)
  const wasGranted = found.state !== 'undelivered'
  const doubts = doubtsOf(found, nowMs)
  const unknown = wasGranted ? doubts : { ...doubts, request: found.request, once: found.once }
  if (cleared === 'unsearchable') return settleUnknown(options, unknown, nowMs, whose === 'sealed')
  if (cleared === 'failed') {
    tell(options, found, 'registration-unsettled', `was ${found.state}; the client could not be removed`)
    return { ...found, dueMs: nowMs + RETRY_MS }
  }
  if (!wasGranted) await returnHeld(options.registry, found)
  tell(options, found, 'registration-rolled-back', `was ${found.state}`)
  if (found.doubtful.length === 0) return null
  return settleUnknown(options, unknown, nowMs, whose === 'sealed')
}

function clearing({ ring, upkeepAt }: SweepOptions, { realm }: RegistrationRecord): ClearingOptions {
  return { ring, upkeep: upkeepAt(realm) }
}

function tell(
  { onEvent }: SweepOptions,
  { id, endpoint, clientId }: RegistrationRecord,
  kind: RegistrationEvent['kind'],
  detail: string,
): void {
  onEvent({ kind, registration: id, endpoint, clientId, detail })
}
