import { certificatesOf, type CertificatePath } from './certificate-path.ts'
import { checkAuthority } from './check-authority.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkPathLength } from './check-path-length.ts'
import { checkPublicKey } from './check-public-key.ts'
import { checkPurpose } from './check-purpose.ts'
import { checkSignature } from './check-signature.ts'
import { isSelfIssued, type ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { PathCheck, PathProblem, PathStep } from './path-step.ts'
import { SignatureBudget } from './signature-budget.ts'

/** What every certificate of a path must pass besides its dates, in this order. */
const CHECKS: readonly PathCheck[] = [
  checkSignature,
  checkPublicKey,
  checkExtensions,
  checkAuthority,
  checkPathLength,
  checkPurpose,
]

export interface FailedPath {
  readonly problem: PathProblem
  /** Certificates between the one that failed and the client's, itself included: 0 when only the client's was left to check. */
  readonly remaining: number
}

/**
 * RFC 5280 section 6.1 without the dates, from the anchor down, so that nothing is computed with a key before an anchor vouches for
 * it. Null when all is well, and then for as long as the certificates exist.
 */
export function verifyPath(path: CertificatePath, signatures: SignatureBudget): FailedPath | null {
  const certificates = certificatesOf(path)
  for (let position = certificates.length - 1; position >= 0; position -= 1) {
    const step = stepAt(certificates, position)
    const problem = firstProblem(step, signatures)
    if (problem !== null) return { problem, remaining: position }
  }
  return null
}

/** What is wrong with an authority by itself, before any path leads through it. */
export function checkHeldAuthority(certificate: ParsedCertificate): PathProblem | null {
  return firstProblem({ certificate, issuer: null, isClient: false, intermediatesBelow: 0 }, new SignatureBudget(0))
}

function firstProblem(step: PathStep, signatures: SignatureBudget): PathProblem | null {
  for (const check of CHECKS) {
    const problem = check(step, signatures)
    if (problem !== null) return problem
  }
  return null
}

function stepAt(certificates: readonly ParsedCertificate[], position: number): PathStep {
  const certificate = certificates[position]
  if (certificate === undefined) throw new RangeError('no such certificate on the path')
  const below = certificates.slice(1, position)
  const intermediatesBelow = below.filter((other) => !isSelfIssued(other)).length
  return { certificate, issuer: certificates[position + 1] ?? null, isClient: position === 0, intermediatesBelow }
}
