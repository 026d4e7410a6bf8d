import type { EndpointPlan } from './model/endpoint-plan.ts'
import { carriesMetadata } from './model/operation.ts'
import type { Directory, Policy } from './model/policy.ts'
import type { NoteFault } from './note-fault.ts'
import { bindParameters } from './policy/bind-parameters.ts'
import { bindPolicy } from './policy/bind-policy.ts'
import type { LoadedPolicies } from './policy/load-policies.ts'
import type { EndpointSettings, Settings } from './settings/settings.ts'

/** Ties each endpoint to its policy and its directory, as far as both are there. */
export function planEndpoints(
  settings: Settings,
  { policies, names }: LoadedPolicies,
  note: NoteFault,
): readonly EndpointPlan[] {
  return settings.endpoints.flatMap((endpoint, index) => {
    const noteBelow: NoteFault = (path, ...fault) => note(['endpoints', index, ...path], ...fault)
    const compiled = policies.get(endpoint.policy)
    // A policy with faults of its own is not missing: its faults are reported already.
    if (compiled === undefined) {
      if (!names.includes(endpoint.policy)) noteBelow(['policy'], 'the name of a policy', endpoint.policy, names)
      return []
    }
    const { values, problems } = bindParameters(compiled, endpoint.parameters)
    for (const { parameter, wanted, found, hint } of problems)
      noteBelow(['parameters', parameter], wanted, found, [], hint)
    return planEndpoint(endpoint, bindPolicy(compiled, values), settings, noteBelow)
  })
}

function planEndpoint(endpoint: EndpointSettings, policy: Policy, settings: Settings, note: NoteFault): EndpointPlan {
  const { name, host, path, operations, trustedIssuers: trust, registrationUrl } = endpoint
  const directory = chooseDirectory(endpoint, policy, settings, note)
  return {
    ...{ name, host, path, operations, policy, trust, directory, registrationUrl },
    contentTypes: chooseContentTypes(endpoint, note),
    statementMode: policy.statement.mode,
    statementIssuers: directoriesOf({ directory }).flatMap(({ issuers }) => issuers),
    publicUrl: `${publicOrigin(settings.listen.publicUrl, host)}${path}`,
  }
}

/** Every directory whose statements count at an endpoint. */
export function directoriesOf({ directory }: Pick<EndpointPlan, 'directory'>): readonly Directory[] {
  return directory === null ? [] : [directory]
}

/** At the port of the default, which all hosts share. */
function publicOrigin(publicUrl: string, host: string | null): string {
  const { port } = new URL(publicUrl)
  return host === null ? publicUrl : `https://${host}${port === '' ? '' : `:${port}`}`
}

/** Those that a policy takes. */
function contentTypesTaken(): readonly string[] {
  return ['application/json']
}

function chooseContentTypes(
  { operations, contentTypes }: EndpointSettings,
  note: NoteFault,
): EndpointPlan['contentTypes'] {
  const taken = contentTypesTaken()
  if (contentTypes === null) return taken
  if (!operations.some(carriesMetadata)) note(['contentTypes'], 'none, where nothing is created or updated', 'some', [])
  for (const [index, type] of contentTypes.entries())
    if (!taken.includes(type))
      note(['contentTypes', index], `a content type that the policy takes: ${taken.join(', ')}`, type, taken)
  return contentTypes
}

/** Which directory vouches is never guessed: where statements are taken the operator names one, of the policy's or of his own. */
function chooseDirectory(
  endpoint: EndpointSettings,
  policy: Policy,
  settings: Settings,
  note: NoteFault,
): Directory | null {
  const known = new Map(
    [...policy.directories, ...settings.directories].map((directory) => [directory.name, directory]),
  )
  const names = [...known.keys()]
  const at = ['directory']
  if (endpoint.directory === null) {
    if (endpoint.operations.some((operation) => policy.statement.mode[operation] === 'required'))
      note(at, `a directory of software statements: ${names.join(', ')}`, 'none', [])
    return null
  }
  const directory = known.get(endpoint.directory)
  if (Object.values(policy.statement.mode).every((mode) => mode === 'forbidden'))
    note(at, 'no directory, since the policy takes no software statement', endpoint.directory, [])
  else if (directory === undefined)
    note(at, `one of ${names.join(', ') || 'the directories in this file'}`, endpoint.directory, names)
  return directory ?? null
}
