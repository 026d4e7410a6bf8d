import { escapeControls } from '../document/escape-controls.ts'
import { bodyTypes } from '../model/body-types.ts'
import type { EndpointPlan } from '../model/endpoint-plan.ts'
import { carriesMetadata } from '../model/operation.ts'

/** An endpoint for the operator: who judges there, and which requests come to it, in the order in which that is found out. */
export function writeEndpoint(plan: EndpointPlan): string {
  const { name, policy, trust, directories, host, path, operations, registrationUrl } = plan
  const { name: policyName, version, sha256 } = policy.identity
  const names = directories.map((directory) => directory.name).join(' and ')
  const statements = names === '' ? 'no software statements' : `statements of ${names}`
  return [
    `${name}: policy ${policyName} ${version} (${sha256.slice(0, 12)}), certificates of ${trust}, ${statements}`,
    `  at ${host ?? 'any host'}, ${path}, for the clients of ${registrationUrl}`,
    `  takes ${operations.map((operation) => describeOperation(operation, plan)).join('; ')}`,
  ]
    .map((line) => `${escapeControls(line)}\n`)
    .join('')
}

function describeOperation(operation: EndpointPlan['operations'][number], plan: EndpointPlan): string {
  const certificate = plan.policy.certificate.required
    ? `with a certificate of ${plan.trust}`
    : `with a certificate of ${plan.trust} or none`
  if (!carriesMetadata(operation)) return `${operation} ${certificate}`
  return `${operation} as ${bodyTypes(plan, operation).join(' or ')} ${certificate}${describeStatement(operation, plan)}`
}

function describeStatement(operation: EndpointPlan['operations'][number], plan: EndpointPlan): string {
  const issuers = plan.statementIssuers?.map((issuer) => JSON.stringify(issuer)).join(' or ') ?? 'any issuer'
  const mode = plan.statementMode[operation]
  if (mode === 'forbidden' || issuers === '') return ', without statement'
  return mode === 'required' ? ` and a statement of ${issuers}` : `, and a statement of ${issuers} or none`
}
