import type { TrustStore } from './certificate/trust/trust-store.ts'
import { formatPath, type KeyPath } from './document/key-path.ts'
import { nearestName } from './document/nearest-name.ts'
import type { Fault } from './model/fault.ts'
import type { Directory, Policy } from './model/policy.ts'
import { bindParameters } from './policy/bind-parameters.ts'
import { bindPolicy } from './policy/bind-policy.ts'
import { listRuleChanges, type RuleChange } from './policy/describe/list-rule-changes.ts'
import { loadPolicies, type LoadedPolicies } from './policy/load-policies.ts'
import { loadTrusts } from './load-trusts.ts'
import { loadSettings, type LoadedSettings, type UsableSettings } from './settings/load-settings.ts'
import type { Environment } from './settings/referenced-files.ts'
import type { EndpointSettings, Settings } from './settings/settings.ts'

/** One endpoint with everything that decides there, found, checked and bound. */
export interface EndpointPlan {
  readonly path: string
  readonly policy: Policy
  /** Name of the issuers trusted there. */
  readonly trust: string
  /** Null where the policy takes no statement. */
  readonly directory: Directory | null
}

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
  const {
    policies,
    resolved,
    names,
    faults: policyFaults,
  } = usable.policies === null ? NO_POLICIES : await loadPolicies(usable.policies.folder)
  faults.push(...policyFaults)
  const { trusts, faults: trustFaults, warnings } = await loadTrusts(usable, now)
  faults.push(...trustFaults)
  const note = noteFault(file, loaded, faults)
  const endpoints = usable.endpoints.flatMap(({ index, endpoint }) => {
    const at = ['endpoints', index] as const
    const compiled = policies.get(endpoint.policy)
    // A policy with faults of its own is not missing: its faults are reported already.
    if (compiled === undefined) {
      if (usable.policies !== null && !names.includes(endpoint.policy))
        note([...at, 'policy'], 'the name of a policy', endpoint.policy, names)
      return []
    }
    const { values, problems } = bindParameters(compiled, endpoint.parameters)
    for (const { parameter, wanted, found, hint } of problems)
      note([...at, 'parameters', parameter], wanted, found, [], hint)
    const policy = bindPolicy(compiled, values)
    const directory = chooseDirectory(endpoint, policy, usable.directories, (wanted, found, names) =>
      note([...at, 'directory'], wanted, found, names),
    )
    return [{ path: endpoint.path, policy, trust: endpoint.trustedIssuers, directory }]
  })
  noteMixedPolicies(usable, note)
  if (settings === null || faults.length > 0) return { plan: null, faults }
  const { files } = loaded
  const ruleChanges = changesOf(usable, resolved)
  return { plan: { settings, endpoints, trusts, ruleChanges, warnings, source: { file, environment }, files }, faults }
}

/** A policy that several endpoints use, or extend, says it once. */
function changesOf({ endpoints }: UsableSettings, resolved: LoadedPolicies['resolved']): readonly RuleChange[] {
  const used = new Set(endpoints.map(({ endpoint }) => endpoint.policy))
  const changes = [...used].flatMap((name) => listRuleChanges(resolved.get(name)?.chain ?? []))
  return [...new Map(changes.map((change) => [`${change.file} ${change.line} ${change.rule}`, change])).values()]
}

type Note = (path: KeyPath, wanted: string, found: string, names: readonly string[], hint?: string) => void

function noteFault(file: string, { locate }: LoadedSettings, faults: Fault[]): Note {
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
function noteMixedPolicies({ endpoints: [first, ...others] }: UsableSettings, note: Note): void {
  const rulesOf = ({ policy, parameters, directory }: EndpointSettings): string =>
    JSON.stringify([policy, parameters, directory])
  for (const { index, endpoint } of others) {
    if (first === undefined || rulesOf(endpoint) === rulesOf(first.endpoint)) continue
    const wanted = `the policy, parameters and directory of endpoints[${first.index}], since both lead to the same clients (run another gateway for ${endpoint.policy})`
    note(['endpoints', index, 'policy'], wanted, endpoint.policy, [])
  }
}

/** Which directory vouches is never guessed: where statements are taken the operator names one, of the policy's or of his own. */
function chooseDirectory(
  endpoint: EndpointSettings,
  policy: Policy,
  pinned: readonly Directory[] | null,
  note: (wanted: string, found: string, names: readonly string[]) => void,
): Directory | null {
  if (pinned === null) return null
  const known = new Map([...policy.directories, ...pinned].map((directory) => [directory.name, directory]))
  const takesStatements = Object.values(policy.statement.mode).some((mode) => mode !== 'forbidden')
  const demandsStatements = Object.values(policy.statement.mode).includes('required')
  if (endpoint.directory === null) {
    if (demandsStatements) note(`a directory of software statements: ${[...known.keys()].join(', ')}`, 'none', [])
    return null
  }
  const directory = known.get(endpoint.directory)
  if (!takesStatements) note('no directory, since the policy takes no software statement', endpoint.directory, [])
  else if (directory === undefined)
    note(`one of ${[...known.keys()].join(', ') || 'the directories in this file'}`, endpoint.directory, [
      ...known.keys(),
    ])
  return directory ?? null
}
