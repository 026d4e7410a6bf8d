import { identificationKey } from '../../../src/endpoint/find-overlap.ts'
import type { EndpointPlan } from '../../../src/model/endpoint-plan.ts'
import type { Policy } from '../../../src/model/policy.ts'
import type { Reason, ReasonOverrides } from '../../../src/model/reasons.ts'
import { refuse } from '../../../src/model/refusal.ts'
import type { Endpoint, Stages } from '../../../src/model/stages.ts'
import type { Arrival, Peer } from '../../../src/model/arrival.ts'
import type { Operation } from '../../../src/model/operation.ts'

export const OPERATIONS: readonly Operation[] = ['create', 'read', 'update', 'delete']

/** Signed or not, as the content types say. */
const OPTIONALLY = { create: 'optional', read: 'forbidden', update: 'optional', delete: 'forbidden' } as const

export interface PlanOptions extends Partial<Omit<EndpointPlan, 'policy'>> {
  readonly required?: boolean
  /** Certificate policies demanded, by which demands differ. */
  readonly anyOf?: readonly string[]
  readonly create?: EndpointPlan['statementMode']['create']
  readonly update?: EndpointPlan['statementMode']['update']
}

/** An endpoint as far as it is chosen: everything at `/register` with a certificate of `bank`, without statement. */
export function planOf({ required = true, anyOf, create, update, ...given }: PlanOptions = {}): EndpointPlan {
  const policies = anyOf === undefined ? null : { anyOf, inhibitMapping: false, inhibitAnyPolicy: false }
  const statementMode = {
    ...{ create: create ?? 'forbidden', update: update ?? create ?? 'forbidden' },
    ...({ read: 'forbidden', delete: 'forbidden' } as const),
  }
  const certificate = { required, policies, revocation: null }
  return {
    ...{ name: 'one', host: null, path: '/register', operations: OPERATIONS, contentTypes: ['application/json'] },
    ...{ signatureMode: OPTIONALLY, statementMode, statementIssuers: [], trust: 'bank', directories: [] },
    ...{ publicUrl: 'https://dcr.example/register', registrationUrl: 'https://idp.example/reg' },
    policy: { certificate } as Policy,
    ...given,
  }
}

/** What a certificate is at an endpoint: accepted, or refused for a reason. */
export type Acceptance = Reason | null

/** Stages with the identification of all that know their clients alike, as the gateway has them. */
export class StagesFactory {
  readonly #identifications = new Map<string, Stages['identify']>()
  readonly #acceptance: (plan: EndpointPlan, peer: Peer) => Acceptance

  constructor(acceptance: (plan: EndpointPlan, peer: Peer) => Acceptance) {
    this.#acceptance = acceptance
  }

  make(plan: EndpointPlan, reasons: ReasonOverrides = {}): Stages {
    const endpoint = plan as unknown as Endpoint
    const key = identificationKey(plan)
    const identify = this.#identifications.get(key) ?? this.#identification(plan)
    this.#identifications.set(key, identify)
    // Reads nothing, but tells who was asked to.
    const read = (): Promise<Endpoint> => Promise.resolve(endpoint)
    return { endpoint, endpoints: [endpoint], identify, read, reasons } as unknown as Stages
  }

  #identification(plan: EndpointPlan): Stages['identify'] {
    return (peer) => {
      const reason = this.#acceptance(plan, peer)
      if (reason === null) return Promise.resolve(null)
      return Promise.reject(refuse({ reason, at: 'client certificate', message: `refused by ${plan.trust}` }))
    }
  }
}

export const peerOf = (...presented: readonly string[]): Peer => ({
  ...{ address: '192.0.2.1', tlsVersion: 'TLSv1.3', serverName: null, openssl: null },
  presented: presented.map((text) => Buffer.from(text)),
})

export const arrivalOf = (peer: Peer): Arrival => ({ peer, receivedAt: new Date(0) }) as Arrival
