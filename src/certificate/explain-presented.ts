import type { Finding } from '../model/refusal.ts'
import { describeMalformed, describeProblem, describeUnknownIssuer } from './path/describe-problem.ts'
import { CertificateSyntaxError } from './parse/parse-certificate.ts'
import { tryParseCertificate } from './parse/try-parse-certificate.ts'
import type { ParsedCertificate } from './parse/parsed-certificate.ts'
import { buildPaths } from './path/build-paths.ts'
import { certificatesOf, type CertificatePath } from './path/certificate-path.ts'
import { checkDates } from './path/check-dates.ts'
import { GATEWAY_PROFILE } from './path/gateway-profile.ts'
import type { PathInputs } from './path/path-inputs.ts'
import { SignatureBudget } from './path/signature-budget.ts'
import { validityWindow } from './path/validity-window.ts'
import { verifyPath } from './path/verify-path.ts'
import type { TrustStore } from './trust/trust-store.ts'

/** The link of a path that does not hold. */
export interface BrokenLink {
  /** 0 for the client's certificate. */
  readonly position: number
  /** Certificates below were not looked at, as paths are checked from the anchor down; false for dates, which come last. */
  readonly stopsThere: boolean
  readonly finding: Finding
}

/** One way up that was tried, and the first thing wrong on it. */
export interface ExplainedPath {
  readonly path: CertificatePath
  /** Null when everything holds, revocation aside. */
  readonly broken: BrokenLink | null
}

/** What was presented beside the client's certificate. */
export type Offered = ParsedCertificate | CertificateSyntaxError

/** Everything that was tried for one certificate against one trust folder, for people who ask why. */
export interface ExplainedPresentation {
  /** Null when it cannot be read at all. */
  readonly client: ParsedCertificate | null
  readonly offered: readonly Offered[]
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
  const [client, offered] = [tryParseCertificate(own), others.map(tryParseCertificate)]
  if (client instanceof CertificateSyntaxError)
    return { client: null, offered, paths: [], finding: describeMalformed(client) }
  const { candidates, deadEnd } = buildPaths(client, offered.filter(isParsed), trust)
  const signatures = new SignatureBudget(SIGNATURE_LIMIT)
  const paths = candidates.map((path) => ({ path, broken: findBroken(path, inputs, signatures, now) }))
  const finding = paths.length === 0 ? describeUnknownIssuer(deadEnd, trust.name) : null
  return { client, offered, paths, finding }
}

function findBroken(
  path: CertificatePath,
  inputs: PathInputs,
  signatures: SignatureBudget,
  now: Date,
): BrokenLink | null {
  const failed = verifyPath(path, { inputs, profile: GATEWAY_PROFILE }, signatures)
  if (failed !== null) return { position: failed.remaining, stopsThere: true, finding: describeProblem(failed.problem) }
  const dated = checkDates({ ...path, window: validityWindow(path) }, now)
  if (dated === null) return null
  const position = certificatesOf(path).indexOf(dated.certificate)
  return { position, stopsThere: false, finding: describeProblem(dated) }
}

function isParsed(one: Offered): one is ParsedCertificate {
  return !(one instanceof CertificateSyntaxError)
}
