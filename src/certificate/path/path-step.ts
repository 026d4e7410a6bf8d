import type { Reason } from '../../model/reasons.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { SignatureBudget } from './signature-budget.ts'

/** One certificate of a path, as the checks see it. */
export interface PathStep {
  readonly certificate: ParsedCertificate
  /** Null for the anchor, which is trusted without a signature. */
  readonly issuer: ParsedCertificate | null
  readonly isClient: boolean
  /** Intermediates between this certificate and the client's, self-issued ones not counted (RFC 5280 section 6.1.4 (l)). */
  readonly intermediatesBelow: number
}

export interface PathProblem {
  readonly reason: Reason
  readonly certificate: ParsedCertificate
  readonly isClient: boolean
  /** What is wrong, continuing "the certificate ...". */
  readonly message: string
  readonly wanted: string
  readonly found: string
}

/** One rule of RFC 5280 section 6.1 that does not depend on time; null when it holds. */
export type PathCheck = (step: PathStep, signatures: SignatureBudget) => PathProblem | null

export function problem(step: PathStep, told: Omit<PathProblem, 'certificate' | 'isClient'>): PathProblem {
  return { certificate: step.certificate, isClient: step.isClient, ...told }
}
