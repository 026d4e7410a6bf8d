import { nearestName } from '../document/nearest-name.ts'
import type { GatewayPlan } from '../load-gateway.ts'
import type { EndpointPlan } from '../model/endpoint-plan.ts'
import type { Fault } from '../model/fault.ts'
import type { CertificateDemand } from '../model/policy.ts'
import type { ExplainedCase } from './write-explanation.ts'

/** Which part of the gateway is asked about; all of it where neither is given. */
export interface Choice {
  readonly trust?: string
  readonly endpoint?: string
}

/** What holds where no endpoint says otherwise. */
const NOTHING_DEMANDED: CertificateDemand = { required: true, policies: null, revocation: null }

/** Every trust folder that is asked about with what its endpoints demand, those with the same demands together. */
export function chooseCases(plan: GatewayPlan, choice: Choice): readonly ExplainedCase[] | Fault {
  const { endpoints, trusts } = plan
  const names = endpoints.map(({ name }) => name)
  if (choice.endpoint !== undefined && !names.includes(choice.endpoint))
    return unknownName(plan, '--endpoint', choice.endpoint, names)
  if (choice.trust !== undefined && !trusts.has(choice.trust))
    return unknownName(plan, '--trust', choice.trust, [...trusts.keys()])
  const chosen = endpoints.filter(({ name }) => name === (choice.endpoint ?? name))
  const asked = [...trusts].filter(([name]) => name === (choice.trust ?? name))
  return asked.flatMap(([name, trust]) => {
    const users = chosen.filter((endpoint) => endpoint.trust === name)
    const folder = plan.settings.trust[name] ?? ''
    if (users.length > 0) return groupByDemand(users).map((group) => ({ trust, folder, ...group }))
    // Whoever asks about an endpoint does not ask about folders that it does not use.
    return choice.endpoint === undefined ? [{ trust, folder, demand: NOTHING_DEMANDED, endpoints: [] }] : []
  })
}

function groupByDemand(endpoints: readonly EndpointPlan[]): readonly Pick<ExplainedCase, 'demand' | 'endpoints'>[] {
  const groups = new Map<string, { readonly demand: CertificateDemand; readonly endpoints: string[] }>()
  for (const { name, policy } of endpoints) {
    const key = JSON.stringify(policy.certificate)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { demand: policy.certificate, endpoints: [name] })
    else group.endpoints.push(name)
  }
  return [...groups.values()]
}

function unknownName({ source }: GatewayPlan, path: string, found: string, names: readonly string[]): Fault {
  const near = nearestName(found, names)
  const fault = { file: source.file, line: 0, column: 0, path, wanted: names.join(' or '), found }
  return near === null ? fault : { ...fault, hint: `did you mean ${near}?` }
}
