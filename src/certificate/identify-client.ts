import { createHash } from 'node:crypto'
import type { HandshakeVerdict, Peer } from '../model/arrival.ts'
import type { VerifiedClient } from '../model/client.ts'
import type { CertificateDemand } from '../model/policy.ts'
import type { Reason } from '../model/reasons.ts'
import { refuse, type Finding } from '../model/refusal.ts'
import { contradictsRefusal, refuseDisputed, type Disagreement } from './compare-verdicts.ts'
import { pathInputsOf } from './path/path-inputs.ts'
import type { RevocationSources } from './revocation/store/revocation-store.ts'
import type { TrustStore } from './trust/trust-store.ts'
import { Identity } from './identity.ts'
import { verifyPresented } from './verify-presented.ts'

export interface IdentificationOptions {
  readonly demand: CertificateDemand
  /** The trusted issuers in force: another object once they were renewed. */
  readonly trust: () => TrustStore
  /** How many certificates a client may present, its own included. */
  readonly presentedLimit: number
  /** Who knows of revocation, as it stands. */
  readonly revocation: () => RevocationSources
  /** Which edition of all trusted issuers handshakes are held against now. */
  readonly trustEdition: () => number | null
  /** Whether these are the only trusted issuers of the gateway, so that OpenSSL was asked about the very same. */
  readonly soleTrust: boolean
  /** Hears once of every connection about which OpenSSL and this stage disagree. */
  readonly onDisagreement: (disagreement: Disagreement) => void
}

/** What does not depend on the moment, so it is found out once a connection and edition of the trusted issuers. */
type Verdict = { readonly identities: readonly Identity[] } | { readonly refused: Finding }

/**
 * Builds the stage that says who is calling: what lasts is judged once for each connection, dates and revocation on every request.
 * Null for a client without a certificate where none is demanded. The stage throws Refusal with one of the `client-certificate-*`
 * reasons.
 */
export function createClientIdentification(
  options: IdentificationOptions,
): (peer: Peer, now: Date) => Promise<VerifiedClient | null> {
  const verdicts = new VerdictMemory(options)
  const alarm = new Alarm(options)
  return async (peer, now) => {
    const [own, ...others] = peer.presented
    if (own === undefined) return withoutCertificate(options.demand)
    const verdict = verdicts.recall(peer, own, others)
    if ('refused' in verdict) {
      if (contradictsRefusal(peer.openssl, verdict.refused.reason, options.soleTrust))
        alarm.raise(peer, describeDisagreement(own, peer.openssl, verdict.refused.reason, options))
      throw refuse(verdict.refused)
    }
    const client = await verdicts.holdStill(peer, own, others, now)
    if ((peer.openssl?.error ?? null) === null) return client
    const disagreement = describeDisagreement(own, peer.openssl, null, options)
    alarm.raise(peer, disagreement)
    throw refuseDisputed(disagreement)
  }
}

/** One alarm a connection: whoever can make the two disagree must not be able to fill a log with it. */
class Alarm {
  readonly #options: IdentificationOptions
  readonly #raised = new WeakSet<Peer>()

  constructor(options: IdentificationOptions) {
    this.#options = options
  }

  raise(peer: Peer, disagreement: Disagreement): void {
    if (this.#raised.has(peer)) return
    this.#raised.add(peer)
    this.#options.onDisagreement(disagreement)
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

  /** The trusted issuers may be renewed while somebody is asked about revocation: then what was judged before counts no more. */
  async holdStill(peer: Peer, own: Buffer, others: readonly Buffer[], now: Date): Promise<VerifiedClient> {
    for (let attempt = 0; attempt < RENEWALS_IN_ONE_REQUEST; attempt += 1) {
      const trust = this.#options.trust()
      const verdict = this.recall(peer, own, others)
      if ('refused' in verdict) throw refuse(verdict.refused)
      const client = await firstThatHolds(verdict.identities, now)
      if (this.#options.trust() === trust) return client
    }
    throw new Error('the trusted issuers never stood still')
  }
}

const RENEWALS_IN_ONE_REQUEST = 3

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

function judge(own: Buffer, others: readonly Buffer[], trust: TrustStore, options: IdentificationOptions): Verdict {
  const { demand, presentedLimit } = options
  const count = 1 + others.length
  if (count > presentedLimit) return { refused: describeTooMany(count, presentedLimit) }
  const verdict = verifyPresented(own, others, trust, pathInputsOf(demand.policies))
  if ('refused' in verdict) return verdict
  const revocation = demand.revocation === null ? null : { demand: demand.revocation, sources: options.revocation }
  return { identities: verdict.paths.map((path) => new Identity(path, trust.name, revocation)) }
}

/** The first identity that holds now; when none does, what keeps the likeliest from it. */
async function firstThatHolds(identities: readonly Identity[], now: Date): Promise<VerifiedClient> {
  let telling: Finding | null = null
  for (const identity of identities) {
    const verdict = await identity.verifyAt(now)
    if ('client' in verdict) return verdict.client
    // Whichever path leads there: it is the same certificate.
    if (verdict.refused.reason === 'client-certificate-revoked') throw refuse(verdict.refused)
    telling ??= verdict.refused
  }
  if (telling === null) throw new Error('a verdict without identities')
  throw refuse(telling)
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
