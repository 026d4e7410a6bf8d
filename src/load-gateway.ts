import type { TrustStore } from './certificate/trust/trust-store.ts'
import { noteLostClients, noteMixedPolicies, noteOverlaps } from './check-endpoints.ts'
import { NOWHERE } from './document/locate-path.ts'
import { loadBundles } from './policy/bundle/load-bundles.ts'
import { loadTrusts } from './load-trusts.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Fault } from './model/fault.ts'
import { noteFault } from './note-fault.ts'
import { planEndpoints } from './plan-endpoints.ts'
import { loadPolicies, type LoadedPolicies } from './policy/load-policies.ts'
import { loadSettings } from './settings/load-settings.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { Settings } from './settings/settings.ts'

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
  const loadedPolicies = await loadPoliciesOf(settings)
  const { trusts, ...loadedTrusts } = await loadTrusts(settings, now)
  const warnings = [...loadedTrusts.warnings]
  faults.push(...loadedPolicies.faults, ...loadedTrusts.faults)
  const note = noteFault(file, loaded.locate, faults)
  const endpoints = planEndpoints(settings, loadedPolicies, note)
  noteMixedPolicies(settings, note)
  noteOverlaps(settings, endpoints, trusts, note)
  noteLostClients(settings, endpoints, trusts, { fault: note, warning: noteFault(file, loaded.locate, warnings) })
  if (faults.length > 0) return { plan: null, faults }
  const { files } = loaded
  return { plan: { settings, endpoints, trusts, warnings, source: { file, environment }, files }, faults }
}

function loadPoliciesOf({ policies }: Settings): Promise<LoadedPolicies> {
  return 'folder' in policies ? loadPolicies(policies.folder) : loadBundles(policies)
}

/** What is wrong with other trusted issuers for the endpoints of a plan; nowhere in particular, since no file says it. */
export function recheckEndpoints(
  { settings, endpoints, source }: GatewayPlan,
  trusts: GatewayPlan['trusts'],
): readonly Fault[] {
  const faults: Fault[] = []
  noteOverlaps(
    settings,
    endpoints,
    trusts,
    noteFault(source.file, () => NOWHERE, faults),
  )
  return faults
}
