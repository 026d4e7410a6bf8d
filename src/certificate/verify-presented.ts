import { createHash } from 'node:crypto'
import type { Finding } from '../model/refusal.ts'
import { buildPaths, type BuiltPaths } from './path/build-paths.ts'
import type { CertificatePath } from './path/certificate-path.ts'
import { describeMalformed, describeProblem, describeUnknownIssuer } from './path/describe-problem.ts'
import { CertificateSyntaxError } from './parse/parse-certificate.ts'
import { tryParseCertificate } from './parse/try-parse-certificate.ts'
import type { ParsedCertificate } from './parse/parsed-certificate.ts'
import { SignatureBudget } from './path/signature-budget.ts'
import type { TrustStore } from './trust/trust-store.ts'
import { validityWindow, type ValidityWindow } from './path/validity-window.ts'
import { GATEWAY_PROFILE } from './path/gateway-profile.ts'
import { NO_POLICY_DEMANDED, type PathInputs } from './path/path-inputs.ts'
import type { PathCheck } from './path/path-step.ts'
import { verifyPath, type FailedPath, type PathDemands } from './path/verify-path.ts'

/** A path on which everything holds as long as the time is within its window. */
export interface VerifiedPath extends CertificatePath {
  readonly window: ValidityWindow
}

export type PresentedVerdict =
  { readonly paths: readonly [VerifiedPath, ...VerifiedPath[]] } | { readonly refused: Finding }

const SIGNATURE_LIMIT = 64

/**
 * Finds every path from a client's own certificate to an anchor, through what is held and what else it presented. The dates are not
 * looked at: which path serves depends on the moment, and the verdict is kept for as long as the connection lasts. `profile` is what is
 * demanded beyond RFC 5280; another one than the gateway's serves to hold the engine against the RFC alone.
 */
export function verifyPresented(
  own: Buffer,
  others: readonly Buffer[],
  trust: TrustStore,
  inputs: PathInputs = NO_POLICY_DEMANDED,
  profile: readonly PathCheck[] = GATEWAY_PROFILE,
): PresentedVerdict {
  const client = tryParseCertificate(own)
  if (client instanceof CertificateSyntaxError) return { refused: describeMalformed(client) }
  return judgePaths(buildPaths(client, parseIntermediates(others, trust), trust), trust, { inputs, profile })
}

function judgePaths({ candidates, deadEnd }: BuiltPaths, trust: TrustStore, demands: PathDemands): PresentedVerdict {
  const signatures = new SignatureBudget(SIGNATURE_LIMIT)
  const verified: VerifiedPath[] = []
  const failed: FailedPath[] = []
  for (const path of candidates) {
    const failure = verifyPath(path, demands, signatures)
    if (failure === null) verified.push({ ...path, window: validityWindow(path) })
    else failed.push(failure)
  }
  trust.vouchedFor.remember(verified.flatMap(({ intermediates }) => intermediates))
  const [first, ...more] = verified
  if (first !== undefined) return { paths: [first, ...more] }
  const telling = mostTelling(failed)
  return {
    refused: telling === undefined ? describeUnknownIssuer(deadEnd, trust.name) : describeProblem(telling.problem),
  }
}

/** The path that came closest to the client says best what is wrong; the likeliest of equals. */
function mostTelling(failed: readonly FailedPath[]): FailedPath | undefined {
  return failed.toSorted((one, other) => one.remaining - other.remaining)[0]
}

/** What else a client sends is only an offer: copies of what is held are not needed, and what cannot be read is passed over. */
function parseIntermediates(presented: readonly Buffer[], trust: TrustStore): readonly ParsedCertificate[] {
  return presented.flatMap((der) => {
    const thumbprint = createHash('sha256').update(der).digest('base64url')
    if (trust.held.has(thumbprint)) return []
    const certificate = trust.vouchedFor.find(thumbprint) ?? tryParseCertificate(der)
    return certificate instanceof CertificateSyntaxError ? [] : certificate
  })
}
