import { bodyTypes, JSON_TYPE } from './model/body-types.ts'
import type { EndpointPlan } from './model/endpoint-plan.ts'
import { carriesMetadata } from './model/operation.ts'
import type { Policy } from './model/policy.ts'
import { chooseDirectories } from './choose-directories.ts'
import type { CompiledPolicy } from './policy/compiled-policy.ts'
import type { NoteFault } from './note-fault.ts'
import { bindParameters } from './policy/bind-parameters.ts'
import { bindPolicy } from './policy/bind-policy.ts'
import type { LoadedPolicies } from './policy/load-policies.ts'
import type { UsableSettings } from './settings/load-settings.ts'
import type { EndpointSettings } from './settings/settings.ts'

/** Ties each endpoint to its policy and its directory, as far as both are there. */
export function planEndpoints(
  settings: UsableSettings,
  { policies, names }: LoadedPolicies,
  note: NoteFault,
): readonly EndpointPlan[] {
  return settings.endpoints.flatMap(({ index, endpoint }) => {
    const noteBelow: NoteFault = (path, ...fault) => note(['endpoints', index, ...path], ...fault)
    const compiled = policies.get(endpoint.policy)
    // A policy with faults of its own is not missing: its faults are reported already.
    if (compiled === undefined) {
      if (settings.policies !== null && !names.includes(endpoint.policy))
        noteBelow(['policy'], 'the name of a policy', endpoint.policy, names)
      return []
    }
    const { values, problems } = bindParameters(compiled, endpoint.parameters)
    for (const { parameter, wanted, found, hint } of problems)
      noteBelow(['parameters', parameter], wanted, found, [], hint)
    return planEndpoint({ endpoint, compiled, policy: bindPolicy(compiled, values) }, settings, noteBelow)
  })
}

interface BoundEndpoint {
  readonly endpoint: EndpointSettings
  readonly compiled: CompiledPolicy
  readonly policy: Policy
}

function planEndpoint(
  { endpoint, compiled, policy }: BoundEndpoint,
  settings: UsableSettings,
  note: NoteFault,
): EndpointPlan {
  const { name, host, path, operations, trustedIssuers: trust, registrationUrl } = endpoint
  const directories = chooseDirectories({ at: [], endpoint, compiled, policy }, settings, note)
  return {
    ...{ name, host, path, operations, policy, trust, directories, registrationUrl },
    contentTypes: chooseContentTypes(endpoint, policy, note),
    signatureMode: signatureModeOf(policy),
    statementMode: policy.statement.mode,
    // A directory that lists no issuers takes whatever its certificates name.
    statementIssuers: directories.some(({ issuers }) => issuers.length === 0)
      ? null
      : directories.flatMap(({ issuers }) => issuers),
    publicUrl: `${publicOrigin(settings.publicUrl, host)}${path}`,
  }
}

/** At the port of the default, which all hosts share. */
function publicOrigin(publicUrl: string | null, host: string | null): string {
  if (publicUrl === null) return ''
  const { port, origin } = new URL(publicUrl)
  return host === null ? origin : `https://${host}${port === '' ? '' : `:${port}`}`
}

const NEVER_SIGNED = { create: 'forbidden', read: 'forbidden', update: 'forbidden', delete: 'forbidden' } as const

function signatureModeOf({ signedRequest }: Policy): EndpointPlan['signatureMode'] {
  return signedRequest?.mode ?? NEVER_SIGNED
}

/** Those that a policy takes for any operation with a body. */
function contentTypesTaken(policy: Policy): readonly string[] {
  const { create, update } = signatureModeOf(policy)
  const signed = create === 'forbidden' && update === 'forbidden' ? [] : (policy.signedRequest?.contentTypes ?? [])
  return create === 'required' && update === 'required' ? signed : [JSON_TYPE, ...signed]
}

function chooseContentTypes(
  { operations, contentTypes }: EndpointSettings,
  policy: Policy,
  note: NoteFault,
): EndpointPlan['contentTypes'] {
  const taken = contentTypesTaken(policy)
  if (contentTypes === null) return taken
  if (!operations.some(carriesMetadata)) note(['contentTypes'], 'none, where nothing is created or updated', 'some', [])
  for (const [index, type] of contentTypes.entries())
    if (!taken.includes(type))
      note(['contentTypes', index], `a content type that the policy takes: ${taken.join(', ')}`, type, taken)
  noteBodiless(operations, contentTypes, policy, note)
  return contentTypes
}

/** An operation under none of its types would be offered to everybody and granted to nobody. */
function noteBodiless(
  operations: EndpointSettings['operations'],
  contentTypes: readonly string[],
  policy: Policy,
  note: NoteFault,
): void {
  const taken = contentTypesTaken(policy)
  const signatureMode = signatureModeOf(policy)
  if (contentTypes.some((type) => !taken.includes(type))) return
  for (const operation of operations.filter(carriesMetadata)) {
    if (bodyTypes({ contentTypes, signatureMode }, operation).length > 0) continue
    const types = bodyTypes({ contentTypes: taken, signatureMode }, operation)
    note(
      ['contentTypes'],
      `one that the policy takes for ${operation}: ${types.join(', ')}`,
      contentTypes.join(', '),
      [],
    )
  }
}
