import type { Peer } from '../model/arrival.ts'
import type { ClientFacts, VerifiedClient } from '../model/client.ts'
import type { CertificateDemand } from '../model/policy.ts'
import { refuse, type Finding } from '../model/refusal.ts'
import { checkDates } from './path/check-dates.ts'
import { clientCertChainHeader, clientCertHeader } from './client-cert-headers.ts'
import { describeProblem } from './describe-problem.ts'
import type { PathProblem } from './path/path-step.ts'
import type { TrustStore } from './trust/trust-store.ts'
import { verifyPresented, type VerifiedPath } from './verify-presented.ts'

export interface IdentificationOptions {
  readonly demand: CertificateDemand
  readonly trust: TrustStore
  /** How many certificates a client may present, its own included. */
  readonly presentedLimit: number
}

/** One way to trust the client; others may outlast it. */
interface Identity {
  readonly path: VerifiedPath
  readonly client: VerifiedClient
}

/** What does not depend on the moment, so it is found out once a connection. */
type Verdict = { readonly identities: readonly Identity[] } | { readonly refused: Finding }

/**
 * Builds the stage that says who is calling: everything but the dates is judged once for each connection, the dates on every request.
 * Null for a client without a certificate where none is demanded. The stage throws Refusal with one of the `client-certificate-*`
 * reasons.
 */
export function createClientIdentification(
  options: IdentificationOptions,
): (peer: Peer, now: Date) => VerifiedClient | null {
  const verdicts = new WeakMap<Peer, Verdict>()
  return (peer, now) => {
    const [own, ...others] = peer.presented
    if (own === undefined) return withoutCertificate(options.demand)
    const verdict = verdicts.get(peer) ?? judge(own, others, options)
    verdicts.set(peer, verdict)
    if ('refused' in verdict) throw refuse(verdict.refused)
    return clientAt(verdict.identities, now)
  }
}

function withoutCertificate(demand: CertificateDemand): null {
  if (!demand.required) return null
  throw refuse({
    reason: 'client-certificate-required',
    at: 'client certificate',
    message: 'no client certificate was presented',
    wanted: 'a client certificate',
    found: 'none',
  })
}

function judge(own: Buffer, others: readonly Buffer[], { trust, presentedLimit }: IdentificationOptions): Verdict {
  const count = 1 + others.length
  if (count > presentedLimit) return { refused: describeTooMany(count, presentedLimit) }
  const verdict = verifyPresented(own, others, trust)
  if ('refused' in verdict) return verdict
  return { identities: verdict.paths.map((path) => ({ path, client: prove(path, trust) })) }
}

/** The only place that makes the proof. */
function prove(path: VerifiedPath, trust: TrustStore): VerifiedClient {
  const facts: ClientFacts = {
    certificate: path.client.facts,
    trust: trust.name,
    clientCertHeader: clientCertHeader(path.client.der),
    clientCertChainHeader: clientCertChainHeader(path),
  }
  return facts as VerifiedClient
}

function clientAt(identities: readonly Identity[], now: Date): VerifiedClient {
  let telling: PathProblem | null = null
  for (const { path, client } of identities) {
    const problem = checkDates(path, now)
    if (problem === null) return client
    telling ??= problem
  }
  if (telling === null) throw new Error('a verdict without identities')
  throw refuse(describeProblem(telling))
}

function describeTooMany(found: number, limit: number): Finding {
  return {
    reason: 'client-certificate-chain-too-long',
    at: 'client certificate',
    message: 'too many certificates were presented',
    wanted: `at most ${limit} certificates`,
    found: String(found),
  }
}
