import { findSharedAuthority } from './certificate/trust/find-shared-authority.ts'
import type { TrustStore } from './certificate/trust/trust-store.ts'
import { commonCertificate, findOverlap, type FindSharedAuthority } from './endpoint/find-overlap.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Operation } from './model/operation.ts'
import type { NoteFault } from './note-fault.ts'
import type { EndpointSettings, Settings } from './settings/settings.ts'

/** By the names of their folders. */
type Trusts = ReadonlyMap<string, TrustStore>

/** Whatever a request looks like, at most one endpoint may take it: which policy judges would be for the registrant to say otherwise. */
export function noteOverlaps(
  settings: Settings,
  endpoints: readonly EndpointPlan[],
  trusts: Trusts,
  note: NoteFault,
): void {
  const shared = sharedAuthorities(trusts)
  for (const [index, endpoint] of endpoints.entries()) {
    for (const other of endpoints.slice(0, index)) {
      const overlap = findOverlap(other, endpoint, shared)
      if (overlap === null) continue
      const wanted = `requests apart from those of ${nameOf(settings, other)}`
      const found = `both would take ${overlap.request}`
      note([...placeOf(settings, endpoint), 'path'], wanted, found, [], overlap.hint ?? undefined)
    }
  }
}

/**
 * Nothing ties a client to the endpoint it was registered at: where two policies lead to the same clients, one that was admitted by the
 * strict one could be rewritten under the lax one. The operator must have said that this is meant.
 */
export function noteMixedPolicies({ endpoints }: Settings, note: NoteFault): void {
  const rulesOf = ({ policy, parameters, directories }: EndpointSettings): string =>
    JSON.stringify([policy, parameters, directories])
  for (const [index, endpoint] of endpoints.entries()) {
    if (endpoint.sharesClients) continue
    // Of two that both say nothing, the later one is told.
    const different = endpoints.findIndex(
      (other, place) =>
        (place < index || other.sharesClients) &&
        other.registrationUrl === endpoint.registrationUrl &&
        rulesOf(other) !== rulesOf(endpoint),
    )
    if (different < 0) continue
    const wanted = `the policy, parameters and directories of endpoints[${different}], since both lead to the same clients`
    const hint = 'give it a registrationUrl of its own, or say sharesClients: true at all endpoints of this one'
    note(['endpoints', index, 'policy'], wanted, endpoint.policy, [], hint)
  }
}

/**
 * By the name of a directory it is told apart, at all endpoints, what parties have used and whose software is whose: where two directories
 * had one name, a party of the one could use up, or take, what belongs to its namesake of the other.
 */
export function noteNamesakes(settings: Settings, endpoints: readonly EndpointPlan[], note: NoteFault): void {
  const known = new Map<string, { readonly vouches: string; readonly endpoint: EndpointPlan }>()
  for (const endpoint of endpoints) {
    for (const { name, issuers, keys } of endpoint.directories) {
      const vouches = JSON.stringify([issuers, keys.kind === 'file' ? keys.jwks : keys])
      const first = known.get(name)
      if (first === undefined) known.set(name, { vouches, endpoint })
      else if (first.vouches !== vouches) {
        const wanted = `a name of its own for this directory: that of ${nameOf(settings, first.endpoint)} has other issuers or keys`
        note([...placeOf(settings, endpoint), 'directories'], wanted, name, [])
      }
    }
  }
}

/**
 * Clients are managed at the host and path where they were registered. Where the endpoint that registers them does not take that, others
 * must, and must ask the same registration endpoint of the identity server: another one does not know these clients, and would be shown
 * their tokens.
 */
export function noteLostClients(
  settings: Settings,
  endpoints: readonly EndpointPlan[],
  trusts: Trusts,
  note: { readonly fault: NoteFault; readonly warning: NoteFault },
): void {
  const shared = sharedAuthorities(trusts)
  for (const endpoint of endpoints.filter(({ operations }) => operations.includes('create'))) {
    const at = [...placeOf(settings, endpoint), 'operations']
    for (const operation of MANAGEMENT.filter((one) => !endpoint.operations.includes(one))) {
      const takers = takersInstead(endpoint, operation, endpoints, shared)
      const stranger = takers.find(({ registrationUrl }) => registrationUrl !== endpoint.registrationUrl)
      const instead = `${operation}, here or at another endpoint that its clients reach`
      if (takers.length === 0) note.warning(at, instead, endpoint.operations.join(', '), [])
      if (stranger === undefined) continue
      const wanted = `${operation}, or the registrationUrl of ${nameOf(settings, stranger)}, which takes it instead`
      note.fault(at, wanted, endpoint.registrationUrl, [])
    }
  }
}

const MANAGEMENT: readonly Operation[] = ['read', 'update', 'delete']

/** Who takes an operation on a client that was registered at an endpoint which does not. */
function takersInstead(
  endpoint: EndpointPlan,
  operation: Operation,
  endpoints: readonly EndpointPlan[],
  shared: FindSharedAuthority,
): readonly EndpointPlan[] {
  return endpoints.filter(
    (other) =>
      other.host === endpoint.host &&
      other.path === endpoint.path &&
      other.operations.includes(operation) &&
      commonCertificate(endpoint, other, shared) !== null,
  )
}

/** Keys of folders are compared once for each pair. */
function sharedAuthorities(trusts: Trusts): FindSharedAuthority {
  const known = new Map<string, string | null>()
  return (name, otherName) => {
    const key = JSON.stringify([name, otherName])
    const found = known.get(key)
    if (found !== undefined) return found
    const [trust, other] = [trusts.get(name), trusts.get(otherName)]
    const shared = trust === undefined || other === undefined ? null : findSharedAuthority(trust, other)
    known.set(key, shared)
    return shared
  }
}

/** Endpoints with faults are not planned, so that places in the plan are none in the settings. */
function placeOf({ endpoints }: Settings, { name }: EndpointPlan): readonly ['endpoints', number] {
  return ['endpoints', endpoints.findIndex((endpoint) => endpoint.name === name)]
}

function nameOf(settings: Settings, endpoint: EndpointPlan): string {
  return `endpoints[${placeOf(settings, endpoint)[1]}] (${endpoint.name})`
}
