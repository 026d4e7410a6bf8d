import type { AuditTrail } from './audit/audit-trail.ts'
import { createDecisionId } from './connection/decision-id.ts'
import type { Clock } from './model/clock.ts'
import type { Metrics } from './operations/metrics.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import { openRegistry } from './registry/open-registry.ts'
import type { RegistrationEvent } from './registry/registration-event.ts'
import type { Registry } from './registry/registry.ts'
import type { KeyRing } from './sealing/key-ring.ts'
import type { Settings } from './settings/settings.ts'

export function openState(state: Settings['state'], clock: Clock, log: OperationalLog): Promise<Registry> {
  return openRegistry(state, clock, (change) => {
    if (change.available) log.info('state-available')
    else log.error('state-unavailable', { detail: change.detail })
  })
}

/** What all registrations have in common, those of requests and those that are settled afterwards. */
export function registrationParts({
  settings,
  registry,
  clock,
  ring,
  tell,
}: {
  readonly settings: Settings
  readonly registry: Registry
  readonly clock: Clock
  readonly ring: KeyRing
  readonly tell: (event: RegistrationEvent) => void
}) {
  const { reservationTtlMs, recovery, recoveryMs, whenUnavailable } = settings.state
  const { management, rotatesOnRead } = settings.upstream
  const keepsAnswers = management === 'record'
  return {
    ...{ registry, clock, ring, reservationTtlMs, recovery, recoveryMs, whenUnavailable, keepsAnswers },
    keepsUnnamed: settings.state.kind === 'redis',
    rotatesOnRead,
    newHolder: createDecisionId,
    onEvent: tell,
  }
}

const TROUBLE: ReadonlySet<RegistrationEvent['kind']> = new Set([
  'registration-unsettled',
  'registration-unrecorded',
  'reservation-lost',
])

/** Metrics, log and audit trail alike: what is settled beside the exchanges explains what becomes of their clients. */
export function createTelling({
  metrics,
  log,
  audit,
}: {
  readonly metrics: Metrics
  readonly log: OperationalLog
  readonly audit: AuditTrail
}): (event: RegistrationEvent) => void {
  return ({ kind, ...facts }) => {
    metrics.countEvent(kind)
    log[TROUBLE.has(kind) ? 'warn' : 'info'](kind, facts)
    audit.note(kind, facts)
  }
}
