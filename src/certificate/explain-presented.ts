import type { Finding } from '../model/refusal.ts'
import { describeMalformed, describeProblem, describeUnknownIssuer } from './path/describe-problem.ts'
import { parseCertificate, CertificateSyntaxError } from './parse/parse-certificate.ts'
import type { ParsedCertificate } from './parse/parsed-certificate.ts'
import { buildPaths } from './path/build-paths.ts'
import type { CertificatePath } from './path/certificate-path.ts'
import { checkDates } from './path/check-dates.ts'
import { GATEWAY_PROFILE } from './path/gateway-profile.ts'
import type { PathInputs } from './path/path-inputs.ts'
import { SignatureBudget } from './path/signature-budget.ts'
import { validityWindow } from './path/validity-window.ts'
import { verifyPath } from './path/verify-path.ts'
import type { TrustStore } from './trust/trust-store.ts'

/** One way up that was tried, and the first thing wrong on it. */
export interface ExplainedPath {
  readonly path: CertificatePath
  /** Null when everything holds, revocation aside. */
  readonly finding: Finding | null
}

/** Everything that was tried for one certificate against one trust folder, for people who ask why. */
export interface ExplainedPresentation {
  /** Null when it cannot be read at all. */
  readonly client: ParsedCertificate | null
  readonly paths: readonly ExplainedPath[]
  /** Why there is no path to try; null when there are some. */
  readonly finding: Finding | null
}

const SIGNATURE_LIMIT = 256

/** The way of verifyPresented(), telling of every path instead of the best. */
export function explainPresented(
  own: Buffer,
  others: readonly Buffer[],
  trust: TrustStore,
  { inputs, now }: { readonly inputs: PathInputs; readonly now: Date },
): ExplainedPresentation {
  const client = tryParse(own)
  if (client instanceof CertificateSyntaxError) return { client: null, paths: [], finding: describeMalformed(client) }
  const offered = others.map(tryParse).filter(isParsed)
  const { candidates, deadEnd } = buildPaths(client, offered, trust)
  const signatures = new SignatureBudget(SIGNATURE_LIMIT)
  const paths = candidates.map((path): ExplainedPath => {
    const failed = verifyPath(path, { inputs, profile: GATEWAY_PROFILE }, signatures)
    const problem = failed?.problem ?? checkDates({ ...path, window: validityWindow(path) }, now)
    return { path, finding: problem === null ? null : describeProblem(problem) }
  })
  return { client, paths, finding: paths.length === 0 ? describeUnknownIssuer(deadEnd, trust.name) : null }
}

function tryParse(der: Buffer): ParsedCertificate | CertificateSyntaxError {
  try {
    return parseCertificate(der)
  } catch (failure) {
    if (failure instanceof CertificateSyntaxError) return failure
    throw failure
  }
}

function isParsed(one: ParsedCertificate | CertificateSyntaxError): one is ParsedCertificate {
  return !(one instanceof CertificateSyntaxError)
}
