import { join } from 'node:path'
import { nearestName } from '../document/nearest-name.ts'
import type { Fault } from '../model/fault.ts'
import type { JsonObject } from '../model/json.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'
import type { ResolvedPolicy } from '../policy/compile/resolve-inheritance.ts'
import { loadBundles } from '../policy/bundle/load-bundles.ts'
import { loadPolicies, type LoadedPolicies } from '../policy/load-policies.ts'
import { loadSettings } from '../settings/load-settings.ts'

/** A policy by its name in a folder, or that of an endpoint of the settings. */
export interface PolicyChoice {
  readonly policy?: string
  readonly policies: string
  readonly config?: string
  readonly endpoint?: string
}

export interface ChosenPolicy {
  readonly policy: CompiledPolicy
  readonly resolved: ResolvedPolicy
  /** Folder of its files. */
  readonly folder: string
  /** Those of the endpoint. */
  readonly parameters: JsonObject
}

/** Loads the policy that is asked about; the faults of others do not matter as long as it can be used. */
export async function choosePolicy(choice: PolicyChoice): Promise<ChosenPolicy | readonly Fault[]> {
  if (choice.config !== undefined) return chooseByEndpoint(choice.config, choice.endpoint)
  if (choice.policy !== undefined) return chooseByName(choice.policies, choice.policy, {})
  return [
    argumentFault('--policy', 'a policy (--policy), or the settings and an endpoint (-c and --endpoint)', 'neither'),
  ]
}

/** The policy of that name in a folder with one folder a policy. */
export async function chooseByName(
  folder: string,
  name: string,
  parameters: JsonObject,
): Promise<ChosenPolicy | readonly Fault[]> {
  return chooseLoaded(await loadPolicies(folder), folder, name, parameters)
}

function chooseLoaded(
  { policies, resolved, names, faults }: LoadedPolicies,
  folder: string,
  name: string,
  parameters: JsonObject,
): ChosenPolicy | readonly Fault[] {
  const [policy, source] = [policies.get(name), resolved.get(name)]
  if (policy !== undefined && source !== undefined)
    return { policy, resolved: source, folder: join(folder, name), parameters }
  return names.includes(name) || names.length === 0
    ? faults
    : [...faults, unknownName('policy', `a policy of ${folder}`, name, names)]
}

/** Keys, certificates and secrets need not be at hand: whoever explains does not serve. */
async function chooseByEndpoint(file: string, name: string | undefined): Promise<ChosenPolicy | readonly Fault[]> {
  const { usable, faults } = await loadSettings(file, process.env, new Date())
  const endpoints = usable.endpoints.map(({ endpoint }) => endpoint)
  const [only, ...others] = endpoints
  const chosen = name === undefined && others.length === 0 ? only : endpoints.find((endpoint) => endpoint.name === name)
  if (usable.policies === null || only === undefined) return faults
  const names = endpoints.map((endpoint) => endpoint.name)
  if (chosen === undefined) return [unknownName('--endpoint', `an endpoint of ${file}`, name ?? 'none', names)]
  const { policy, parameters } = chosen
  if ('folder' in usable.policies) return chooseByName(usable.policies.folder, policy, parameters)
  return chooseLoaded(await loadBundles(usable.policies), '', policy, parameters)
}

function unknownName(at: string, wanted: string, found: string, names: readonly string[]): Fault {
  const near = nearestName(found, names)
  const fault = argumentFault(at, `${wanted}: ${names.join(', ')}`, found)
  return near === null ? fault : { ...fault, hint: `did you mean ${near}?` }
}

/** A fault of what was typed, not of a file. */
export function argumentFault(path: string, wanted: string, found: string): Fault {
  return { file: 'arguments', line: 0, column: 0, path, wanted, found }
}
