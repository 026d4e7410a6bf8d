import { carriesMetadata } from '../../model/operation.ts'
import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { Activation } from '../expression/compile-expression.ts'
import type { JudgedFacts } from './build-activation.ts'
import { nameOwner, readName, type GivenName } from './name-owner.ts'

export interface NamedClient {
  readonly key: string | null
  readonly owner: string | null
  readonly findings: readonly Finding[]
}

const NONE: GivenName = { name: null, why: null }

/** Which software the client is for, and whose it is. What cannot be told refuses who would register, or change what is registered. */
export function nameClient(policy: CompiledPolicy, activation: Activation, facts: JudgedFacts): NamedClient {
  const { certificate, parameters, now, operation } = facts
  const key = nameKey(policy, activation, facts)
  const owner = certificate === null ? NONE : nameOwner(policy, certificate, parameters, now)
  const isDemanded = carriesMetadata(operation)
  return {
    key: key.name,
    owner: owner.name,
    findings: [
      ...(key.why === null ? [] : [keyUnknown(key.why)]),
      ...(owner.why === null || !isDemanded ? [] : [ownerUnknown(owner.why)]),
    ],
  }
}

function nameKey({ client: { key } }: CompiledPolicy, activation: Activation, facts: JudgedFacts): GivenName {
  if (key === null || !carriesMetadata(facts.operation)) return NONE
  // An update names its client by the id; where no statement came, it does not say of which software it is.
  if (facts.operation === 'update' && facts.claims === null && key.claimsNamed.size > 0) return NONE
  return readName(key, activation)
}

function keyUnknown(detail: string): Finding {
  const message = 'the client could not be told apart from others'
  return { reason: 'rule-failed', at: 'software_statement', message, detail }
}

function ownerUnknown(detail: string): Finding {
  const message = 'the client certificate does not tell to whom the client would belong'
  return { reason: 'client-owner-unknown', at: 'client certificate', message, detail }
}
