import type { TrustStore } from './certificate/trust/trust-store.ts'
import { chooseDirectories, type NoteFault } from './choose-directories.ts'
import { formatPath } from './document/key-path.ts'
import { nearestName } from './document/nearest-name.ts'
import type { Fault } from './model/fault.ts'
import type { Directory, Policy } from './model/policy.ts'
import { bindParameters } from './policy/bind-parameters.ts'
import { bindPolicy } from './policy/bind-policy.ts'
import { loadPolicies } from './policy/load-policies.ts'
import { loadTrusts } from './load-trusts.ts'
import { loadSettings, type LoadedSettings } from './settings/load-settings.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { EndpointSettings, Settings } from './settings/settings.ts'

/** One endpoint with everything that decides there, found, checked and bound. */
export interface EndpointPlan {
  readonly path: string
  readonly policy: Policy
  /** Name of the issuers trusted there. */
  readonly trust: string
  /** None where the policy takes no statement. */
  readonly directories: readonly Directory[]
}

/** All that a gateway is built of; whoever holds one knows that every file behind it is without fault. */
export interface GatewayPlan {
  readonly settings: Settings
  readonly endpoints: readonly EndpointPlan[]
  /** By the names of their folders. */
  readonly trusts: ReadonlyMap<string, TrustStore>
  /** Where all of it was read from, so that parts can be renewed. */
  readonly source: { readonly file: string; readonly environment: Environment }
  /** Files that the settings are made of, absolute. */
  readonly files: readonly string[]
  /** What an operator should mend but can run with, such as a trusted issuer that has expired. */
  readonly warnings: readonly Fault[]
}

/** Reads settings, trust folders and policies and ties them together; every fault of all of them at once. */
export async function loadGateway(
  file: string,
  environment: Environment,
  now: Date,
): Promise<{ plan: GatewayPlan | null; faults: readonly Fault[] }> {
  const loaded = await loadSettings(file, environment, now)
  const { settings } = loaded
  if (settings === null) return { plan: null, faults: loaded.faults }
  const faults: Fault[] = [...loaded.faults]
  const { policies, names, faults: policyFaults } = await loadPolicies(settings.policies.folder)
  faults.push(...policyFaults)
  const { trusts, faults: trustFaults, warnings } = await loadTrusts(settings, now)
  faults.push(...trustFaults)
  const note = noteFault(file, loaded, faults)
  const endpoints = settings.endpoints.flatMap((endpoint, index) => {
    const at = ['endpoints', index] as const
    const compiled = policies.get(endpoint.policy)
    // A policy with faults of its own is not missing: its faults are reported already.
    if (compiled === undefined) {
      if (!names.includes(endpoint.policy)) note([...at, 'policy'], 'the name of a policy', endpoint.policy, names)
      return []
    }
    const { values, problems } = bindParameters(compiled, endpoint.parameters)
    for (const { parameter, wanted, found, hint } of problems)
      note([...at, 'parameters', parameter], wanted, found, [], hint)
    const policy = bindPolicy(compiled, values)
    const directories = chooseDirectories({ at, endpoint, compiled, policy }, settings, note)
    return [{ path: endpoint.path, policy, trust: endpoint.trustedIssuers, directories }]
  })
  noteMixedPolicies(settings, note)
  if (faults.length > 0) return { plan: null, faults }
  const { files } = loaded
  return { plan: { settings, endpoints, trusts, warnings, source: { file, environment }, files }, faults }
}

function noteFault(file: string, { locate }: LoadedSettings, faults: Fault[]): NoteFault {
  return (path, wanted, found, names, hint) => {
    const near = hint === undefined ? nearestName(found, names) : null
    const help = hint ?? (near === null ? undefined : `did you mean ${near}?`)
    faults.push({
      file,
      ...locate(path),
      path: formatPath(path),
      wanted,
      found,
      ...(help === undefined ? {} : { hint: help }),
    })
  }
}

/**
 * All endpoints lead to one identity server, and nothing ties a client to the endpoint it was registered at: under two policies a client
 * admitted by the strict one could be rewritten under the lax one.
 */
function noteMixedPolicies({ endpoints: [first, ...others] }: Settings, note: NoteFault): void {
  const rulesOf = ({ policy, parameters, directories }: EndpointSettings): string =>
    JSON.stringify([policy, parameters, directories])
  for (const [index, endpoint] of others.entries()) {
    if (first === undefined || rulesOf(endpoint) === rulesOf(first)) continue
    const wanted = `the policy, parameters and directories of endpoints[0], since both lead to the same clients (run another gateway for ${endpoint.policy})`
    note(['endpoints', index + 1, 'policy'], wanted, endpoint.policy, [])
  }
}
