import type { JsonObject } from '../model/json.ts'
import type { ClientDemand } from '../model/policy.ts'
import { demandProof } from '../model/proof.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { nameOwner, nameRegisteredOwner } from './judge/name-owner.ts'

/** What a policy says of clients, with the endpoint's parameter values. */
export function bindClient(policy: CompiledPolicy, parameters: JsonObject): ClientDemand {
  const { registered } = policy.client
  return {
    single: isSingle(policy, parameters),
    ownerOf: (client, now) => {
      if (client === null) return null
      demandProof('client', client)
      return nameOwner(policy, client.certificate, parameters, now).name
    },
    registeredOwnerOf:
      registered === null
        ? null
        : (record, now) => nameRegisteredOwner(policy, registered, record, parameters, now).name,
  }
}

/** An expression that fails keeps a second client out. */
export function isSingle({ client: { single }, declarations }: CompiledPolicy, parameters: JsonObject): boolean {
  if (typeof single === 'boolean') return single
  try {
    return single.evaluate({ parameters: declarations.makeParameters(parameters) }) !== false
  } catch {
    return true
  }
}
