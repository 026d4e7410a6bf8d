import { certificatesOf, type CertificatePath } from './certificate-path.ts'
import { checkAuthority } from './check-authority.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkPathLength } from './check-path-length.ts'
import { checkSignature } from './check-signature.ts'
import { checkNames } from './names/check-names.ts'
import { isSelfIssued, type ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { NameConstraints } from '../parse/read-name-constraints.ts'
import type { PathInputs } from './path-inputs.ts'
import type { PathCheck, PathProblem, PathStep } from './path-step.ts'
import { checkPolicies } from './policies/check-policies.ts'
import { initialPolicyState, type PolicyState } from './policies/policy-state.ts'
import { SignatureBudget } from './signature-budget.ts'

/** What RFC 5280 demands of each certificate by itself besides its dates, in this order. */
const RFC_CHECKS: readonly PathCheck[] = [checkSignature, checkExtensions, checkAuthority, checkPathLength]

/** What a path is held to: RFC 5280 always, `profile` besides. */
export interface PathDemands {
  readonly inputs: PathInputs
  readonly profile: readonly PathCheck[]
}

export interface FailedPath {
  readonly problem: PathProblem
  /** Certificates between the one that failed and the client's, itself included: 0 when only the client's was left to check. */
  readonly remaining: number
}

/** What certificates further up say of those below. */
interface PathState {
  readonly constraints: readonly NameConstraints[]
  readonly policies: PolicyState
}

/**
 * RFC 5280 section 6.1 without the dates, from the anchor down, so that nothing is computed with a key before an anchor vouches for
 * it. Null when all is well, and then for as long as the certificates exist. Name constraints of the anchor bind too, which is stricter
 * than the RFC and what OpenSSL does; its policies do not, as in both.
 */
export function verifyPath(
  path: CertificatePath,
  { inputs, profile }: PathDemands,
  signatures: SignatureBudget,
): FailedPath | null {
  const certificates = certificatesOf(path)
  let state: PathState = { constraints: [], policies: initialPolicyState(inputs, certificates.length - 1) }
  for (let position = certificates.length - 1; position >= 0; position -= 1) {
    const step = stepAt(certificates, position)
    const result = firstProblem(step, [...RFC_CHECKS, ...profile], signatures) ?? followDown(step, state)
    if ('reason' in result) return { problem: result, remaining: position }
    state = result
  }
  return null
}

/** What is wrong with an authority by itself, before any path leads through it. */
export function checkHeldAuthority(certificate: ParsedCertificate, profile: readonly PathCheck[]): PathProblem | null {
  const step = { certificate, issuer: null, isClient: false, intermediatesBelow: 0 }
  return firstProblem(step, [...RFC_CHECKS, ...profile], new SignatureBudget(0))
}

function firstProblem(step: PathStep, checks: readonly PathCheck[], signatures: SignatureBudget): PathProblem | null {
  for (const check of checks) {
    const problem = check(step, signatures)
    if (problem !== null) return problem
  }
  return null
}

function followDown(step: PathStep, { constraints, policies }: PathState): PathProblem | PathState {
  const { nameConstraints } = step.certificate
  const forbidden = checkNames(step, constraints)
  if (forbidden !== null) return forbidden
  const below = step.issuer === null ? policies : checkPolicies(step, policies)
  if ('reason' in below) return below
  return { constraints: nameConstraints === null ? constraints : [...constraints, nameConstraints], policies: below }
}

function stepAt(certificates: readonly ParsedCertificate[], position: number): PathStep {
  const certificate = certificates[position]
  if (certificate === undefined) throw new RangeError('no such certificate on the path')
  const below = certificates.slice(1, position)
  const intermediatesBelow = below.filter((other) => !isSelfIssued(other)).length
  return { certificate, issuer: certificates[position + 1] ?? null, isClient: position === 0, intermediatesBelow }
}
