import { createHash } from 'node:crypto'
import type { ApprovedRegistration } from '../model/decision.ts'
import type { Finding } from '../model/refusal.ts'

/** One key of the registry that an exchange must have for itself. */
export interface Place {
  readonly key: string
  /** For the operator: `reservation`, or the id of the policy's entry. */
  readonly name: string
  /** For how long it stays used up where it was granted, or may have been; null when it is given back. */
  readonly holdsMs: number | null
  readonly taken: Finding
}

/**
 * The reservation first: who may not register now uses nothing up. JSON keeps the parts of a key apart, whatever they hold. A directory's
 * name keeps parties of different directories apart: one must not lock another out by having its ids vouched for elsewhere.
 */
export function placesOf(scope: string, { evidence, clientKey, once }: ApprovedRegistration): readonly Place[] {
  const used = once.map(({ id, key, directory, holdsMs, finding }) => ({
    // For all endpoints: a request that was granted at one must not be good again at another.
    key: JSON.stringify(['once', id, directory, key]),
    ...{ name: id, holdsMs, taken: { ...finding, detail: `the key with SHA-256 ${hashOf(key)} is taken` } },
  }))
  if (evidence.request.operation !== 'create' || clientKey === null) return used
  const key = JSON.stringify(['reservation', scope, evidence.statement?.directory ?? null, clientKey])
  return [{ key, name: 'reservation', holdsMs: null, taken: inProgress(clientKey) }, ...used]
}

function inProgress(clientKey: string): Finding {
  return {
    reason: 'registration-in-progress',
    at: 'registration',
    message: 'another registration of this software is under way',
    wanted: 'one registration at a time',
    detail: `the reservation key with SHA-256 ${hashOf(clientKey)} is held by another exchange`,
  }
}

/** As the audit trail names a `jti`: keys may tell more than a record should, and it must be possible to look for a known one. */
function hashOf(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('base64url')
}
