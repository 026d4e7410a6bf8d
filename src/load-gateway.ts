import type { TrustStore } from './certificate/trust/trust-store.ts'
import { noteLostClients, noteMixedPolicies, noteNamesakes, noteOverlaps } from './check-endpoints.ts'
import { NOWHERE } from './document/locate-path.ts'
import { loadBundles } from './policy/bundle/load-bundles.ts'
import { loadTrusts } from './load-trusts.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import type { Fault } from './model/fault.ts'
import { noteFault } from './note-fault.ts'
import { planEndpoints } from './plan-endpoints.ts'
import { loadPolicies, type LoadedPolicies } from './policy/load-policies.ts'
import { loadSettings, type UsableSettings } from './settings/load-settings.ts'
import { listRuleChanges, type RuleChange } from './policy/describe/list-rule-changes.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { Settings } from './settings/settings.ts'

/** All that a gateway is built of; whoever holds one knows that every file behind it is without fault. */
export interface GatewayPlan {
  readonly settings: Settings
  readonly endpoints: readonly EndpointPlan[]
  /** By the names of their folders. */
  readonly trusts: ReadonlyMap<string, TrustStore>
  /** Rules that the policies of the endpoints take from others and change. */
  readonly ruleChanges: readonly RuleChange[]
  /** Where all of it was read from, so that parts can be renewed. */
  readonly source: { readonly file: string; readonly environment: Environment }
  /** Files that the settings are made of, absolute. */
  readonly files: readonly string[]
  /** What an operator should mend but can run with, such as a trusted issuer that has expired. */
  readonly warnings: readonly Fault[]
}

const NO_POLICIES: LoadedPolicies = { policies: new Map(), resolved: new Map(), names: [], faults: [] }

/** Reads settings, trust folders and policies and ties them together; every fault of all of them at once. */
export async function loadGateway(
  file: string,
  environment: Environment,
  now: Date,
): Promise<{ plan: GatewayPlan | null; faults: readonly Fault[] }> {
  const loaded = await loadSettings(file, environment, now)
  const { settings, usable } = loaded
  const faults: Fault[] = [...loaded.faults]
  // Faults of the settings keep nothing from being looked at that they leave usable: whoever mends wants to mend all at once.
  const loadedPolicies = usable.policies === null ? NO_POLICIES : await loadPoliciesOf(usable.policies)
  const { trusts, ...loadedTrusts } = await loadTrusts(usable, now)
  const warnings = [...loadedTrusts.warnings]
  faults.push(...loadedPolicies.faults, ...loadedTrusts.faults)
  const note = noteFault(file, loaded.locate, faults)
  const endpoints = planEndpoints(usable, loadedPolicies, note)
  if (settings !== null) {
    noteMixedPolicies(settings, note)
    noteNamesakes(settings, endpoints, note)
    noteOverlaps(settings, endpoints, trusts, note)
    noteLostClients(settings, endpoints, trusts, { fault: note, warning: noteFault(file, loaded.locate, warnings) })
  }
  if (settings === null || faults.length > 0) return { plan: null, faults }
  const { files } = loaded
  const ruleChanges = changesOf(usable, loadedPolicies.resolved)
  return { plan: { settings, endpoints, trusts, ruleChanges, warnings, source: { file, environment }, files }, faults }
}

/** A policy that several endpoints use, or extend, says it once. */
function changesOf({ endpoints }: UsableSettings, resolved: LoadedPolicies['resolved']): readonly RuleChange[] {
  const used = new Set(endpoints.map(({ endpoint }) => endpoint.policy))
  const changes = [...used].flatMap((name) => listRuleChanges(resolved.get(name)?.chain ?? []))
  return [...new Map(changes.map((change) => [`${change.file} ${change.line} ${change.rule}`, change])).values()]
}

function loadPoliciesOf(policies: Settings['policies']): Promise<LoadedPolicies> {
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
