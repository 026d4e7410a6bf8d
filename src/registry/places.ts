import type { ApprovedRegistration } from '../model/decision.ts'
import type { Finding } from '../model/refusal.ts'

/** One key of the registry that an exchange must have for itself. */
export interface Place {
  readonly key: string
  /** For the operator: `reservation`, or the id of the policy's entry. */
  readonly name: string
  /** For how long it stays used up after a grant; null when it is given back. */
  readonly holdsMs: number | null
  readonly taken: Finding
}

/** The reservation first: who may not register now uses nothing up. JSON keeps the parts of a key apart, whatever they hold. */
export function placesOf(scope: string, { evidence, reservationKey, once }: ApprovedRegistration): readonly Place[] {
  const used = once.map(({ id, key, holdsMs, finding }) => ({
    // For all endpoints: a request that was granted at one must not be good again at another.
    key: JSON.stringify(['once', id, key]),
    ...{ name: id, holdsMs, taken: { ...finding, detail: `the key ${shown(key)} is taken` } },
  }))
  if (evidence.request.operation !== 'create' || reservationKey === null) return used
  const key = JSON.stringify(['reservation', scope, reservationKey])
  return [{ key, name: 'reservation', holdsMs: null, taken: inProgress(reservationKey) }, ...used]
}

function inProgress(reservationKey: string): Finding {
  return {
    reason: 'registration-in-progress',
    at: 'registration',
    message: 'another registration of this software is under way',
    wanted: 'one registration at a time',
    detail: `reservation key ${shown(reservationKey)} is held by another exchange`,
  }
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 160))
}
