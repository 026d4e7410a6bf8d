import { createPublicKey } from 'node:crypto'
import type { RevocationDemand } from '../model/policy.ts'
import type { Finding } from '../model/refusal.ts'
import type { VerifiedSigner, VerifyChain } from '../model/signer.ts'
import { checkDates } from './path/check-dates.ts'
import { checkPublicKey } from './path/check-public-key.ts'
import { checkSerialNumber } from './path/check-serial-number.ts'
import { checkSigning } from './path/check-signing.ts'
import { checkSubject } from './path/check-subject.ts'
import { describeProblem } from './path/describe-problem.ts'
import { NO_POLICY_DEMANDED } from './path/path-inputs.ts'
import type { PathCheck } from './path/path-step.ts'
import { checkRevocation } from './revocation/check-revocation.ts'
import type { RevocationSources } from './revocation/store/revocation-store.ts'
import type { TrustStore } from './trust/trust-store.ts'
import { verifyPresented, type VerifiedPath } from './verify-presented.ts'

export interface SignerVerificationOptions {
  /** The trusted issuers in force: another object once they were renewed. */
  readonly trust: () => TrustStore
  /** Who knows of revocation, as it stands. */
  readonly revocation: () => RevocationSources
  /** Null where the policy does not ask. */
  readonly demand: RevocationDemand | null
}

/** As for clients, but for what the key may be used for. */
const SIGNER_PROFILE: readonly PathCheck[] = [checkPublicKey, checkSigning, checkSerialNumber, checkSubject]

/** Builds the verification of certificates that come with a signature: path, dates and revocation as for those of clients. */
export function createSignerVerification({ trust, revocation, demand }: SignerVerificationOptions): VerifyChain {
  return async ([own, ...others], now) => {
    const verdict = verifyPresented(own, others, trust(), NO_POLICY_DEMANDED, SIGNER_PROFILE)
    if ('refused' in verdict) return verdict
    let telling: Finding | null = null
    for (const path of verdict.paths) {
      const refused = await refusalNow(path, demand, revocation, now)
      if (refused === null) return { signer: signerOf(path) }
      // Whichever path leads there: it is the same certificate.
      if (refused.reason === 'client-certificate-revoked') return { refused }
      telling ??= refused
    }
    if (telling === null) throw new Error('a verdict without paths')
    return { refused: telling }
  }
}

/** Dates before revocation: nobody is asked about a certificate that is out of date anyway. */
async function refusalNow(
  path: VerifiedPath,
  demand: RevocationDemand | null,
  sources: () => RevocationSources,
  now: Date,
): Promise<Finding | null> {
  const problem = checkDates(path, now)
  if (problem !== null) return describeProblem(problem)
  if (demand === null) return null
  const { refused } = await checkRevocation(path, demand, sources(), now)
  return refused
}

function signerOf({ client }: VerifiedPath): VerifiedSigner {
  const key = createPublicKey({ key: client.publicKeyDer, format: 'der', type: 'spki' })
  return { certificate: client.facts, key }
}
