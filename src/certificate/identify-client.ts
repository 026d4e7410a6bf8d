import { createHash } from 'node:crypto'
import type { HandshakeVerdict, Peer } from '../model/arrival.ts'
import type { ClientFacts, VerifiedClient } from '../model/client.ts'
import type { CertificateDemand } from '../model/policy.ts'
import { prove } from '../model/proof.ts'
import type { Reason } from '../model/reasons.ts'
import { refuse, type Finding } from '../model/refusal.ts'
import { clientCertChainHeader, clientCertHeader } from './client-cert-headers.ts'
import { contradictsRefusal, refuseDisputed, type Disagreement } from './compare-verdicts.ts'
import { describeProblem } from './describe-problem.ts'
import { checkDates } from './path/check-dates.ts'
import { pathInputsOf } from './path/path-inputs.ts'
import type { PathProblem } from './path/path-step.ts'
import type { TrustStore } from './trust/trust-store.ts'
import { verifyPresented, type VerifiedPath } from './verify-presented.ts'

export interface IdentificationOptions {
  readonly demand: CertificateDemand
  /** The trusted issuers in force: another object once they were renewed. */
  readonly trust: () => TrustStore
  /** How many certificates a client may present, its own included. */
  readonly presentedLimit: number
  /** Which edition of all trusted issuers handshakes are held against now. */
  readonly trustEdition: () => number | null
  /** Hears of every request on a connection about which OpenSSL and this stage disagree. */
  readonly onDisagreement: (disagreement: Disagreement) => void
}

/** One way to trust the client; others may outlast it. */
interface Identity {
  readonly path: VerifiedPath
  readonly client: VerifiedClient
}

/** What does not depend on the moment, so it is found out once a connection and edition of the trusted issuers. */
type Verdict = { readonly identities: readonly Identity[] } | { readonly refused: Finding }

/**
 * Builds the stage that says who is calling: everything but the dates is judged once for each connection, the dates on every request.
 * Null for a client without a certificate where none is demanded. The stage throws Refusal with one of the `client-certificate-*`
 * reasons.
 */
export function createClientIdentification(
  options: IdentificationOptions,
): (peer: Peer, now: Date) => VerifiedClient | null {
  const verdicts = new VerdictMemory(options)
  return (peer, now) => {
    const [own, ...others] = peer.presented
    if (own === undefined) return withoutCertificate(options.demand)
    const verdict = verdicts.recall(peer, own, others)
    if ('refused' in verdict) {
      if (contradictsRefusal(peer.openssl, verdict.refused.reason))
        options.onDisagreement(describeDisagreement(own, peer.openssl, verdict.refused.reason, options))
      throw refuse(verdict.refused)
    }
    const client = clientAt(verdict.identities, now)
    if ((peer.openssl?.error ?? null) === null) return client
    const disagreement = describeDisagreement(own, peer.openssl, null, options)
    options.onDisagreement(disagreement)
    throw refuseDisputed(disagreement)
  }
}

/** Verdicts live as long as their connections, and no longer than the trusted issuers they rest on. */
class VerdictMemory {
  readonly #options: IdentificationOptions
  readonly #verdicts = new WeakMap<Peer, { readonly trust: TrustStore; readonly verdict: Verdict }>()

  constructor(options: IdentificationOptions) {
    this.#options = options
  }

  recall(peer: Peer, own: Buffer, others: readonly Buffer[]): Verdict {
    const trust = this.#options.trust()
    const known = this.#verdicts.get(peer)
    if (known?.trust === trust) return known.verdict
    const verdict = judge(own, others, trust, this.#options)
    this.#verdicts.set(peer, { trust, verdict })
    return verdict
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

function judge(
  own: Buffer,
  others: readonly Buffer[],
  trust: TrustStore,
  { demand, presentedLimit }: IdentificationOptions,
): Verdict {
  const count = 1 + others.length
  if (count > presentedLimit) return { refused: describeTooMany(count, presentedLimit) }
  const verdict = verifyPresented(own, others, trust, pathInputsOf(demand.policies))
  if ('refused' in verdict) return verdict
  return { identities: verdict.paths.map((path) => ({ path, client: proveClient(path, trust) })) }
}

function proveClient(path: VerifiedPath, trust: TrustStore): VerifiedClient {
  const facts: ClientFacts = {
    certificate: path.client.facts,
    trust: trust.name,
    clientCertHeader: clientCertHeader(path.client.der),
    clientCertChainHeader: clientCertChainHeader(path),
  }
  return prove('client', facts)
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

function describeDisagreement(
  own: Buffer,
  openssl: HandshakeVerdict | null,
  ours: Reason | null,
  { trustEdition }: IdentificationOptions,
): Disagreement {
  return {
    openssl: openssl?.error ?? null,
    ours,
    thumbprint: createHash('sha256').update(own).digest('base64url'),
    outdated: openssl !== null && openssl.trustEdition !== trustEdition(),
  }
}
