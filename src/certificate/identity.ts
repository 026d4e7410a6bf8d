import type { ClientFacts, RevocationFact, VerifiedClient } from '../model/client.ts'
import type { RevocationDemand } from '../model/policy.ts'
import { prove } from '../model/proof.ts'
import type { Finding } from '../model/refusal.ts'
import { clientCertChainHeader, clientCertHeader } from './client-cert-headers.ts'
import { describeProblem } from './path/describe-problem.ts'
import { checkDates } from './path/check-dates.ts'
import { checkRevocation, type RevocationVerdict } from './revocation/check-revocation.ts'
import type { RevocationSources } from './revocation/store/revocation-store.ts'
import type { VerifiedPath } from './verify-presented.ts'

/** What is known, at one moment, of one way to trust a client. */
export type MomentaryVerdict = { readonly client: VerifiedClient } | { readonly refused: Finding }

/** How revocation is found out; null where the policy does not ask. */
export interface RevocationCheck {
  readonly demand: RevocationDemand
  readonly sources: () => RevocationSources
}

/** One way to trust the client: what lasts was verified before, what ages is asked on every request. */
export class Identity {
  readonly #path: VerifiedPath
  readonly #trust: string
  readonly #revocation: RevocationCheck | null
  /** The last proof, so that a connection has one and the same as long as nothing changes. */
  #client: VerifiedClient | null = null

  constructor(path: VerifiedPath, trust: string, revocation: RevocationCheck | null) {
    this.#path = path
    this.#trust = trust
    this.#revocation = revocation
  }

  /** Dates before revocation: nobody is asked about a certificate that is out of date anyway. */
  verifyAt(now: Date): MomentaryVerdict | Promise<MomentaryVerdict> {
    const problem = checkDates(this.#path, now)
    if (problem !== null) return { refused: describeProblem(problem) }
    if (this.#revocation === null) return { client: this.#prove(null) }
    const verdict = checkRevocation(this.#path, this.#revocation.demand, this.#revocation.sources(), now)
    return verdict instanceof Promise ? verdict.then((told) => this.#conclude(told)) : this.#conclude(verdict)
  }

  #conclude({ certificates, refused }: RevocationVerdict): MomentaryVerdict {
    if (refused !== null) return { refused }
    const facts = certificates.map(({ isClient, answer }): RevocationFact => {
      const of = isClient ? 'client certificate' : 'issuer certificate'
      return answer?.status.kind === 'good'
        ? { of, status: 'good', source: answer.status.source }
        : { of, status: 'unknown', source: null }
    })
    return { client: this.#prove(facts) }
  }

  /** The only place that makes the proof. */
  #prove(revocation: readonly RevocationFact[] | null): VerifiedClient {
    if (this.#client !== null && isSame(this.#client.revocation, revocation)) return this.#client
    const facts: ClientFacts = {
      certificate: this.#path.client.facts,
      revocation,
      trust: this.#trust,
      clientCertHeader: this.#client?.clientCertHeader ?? clientCertHeader(this.#path.client.der),
      clientCertChainHeader: this.#client?.clientCertChainHeader ?? clientCertChainHeader(this.#path),
    }
    this.#client = prove('client', facts)
    return this.#client
  }
}

function isSame(one: readonly RevocationFact[] | null, other: readonly RevocationFact[] | null): boolean {
  if (one === null || other === null) return one === other
  return one.every(({ status, source }, index) => other[index]?.status === status && other[index].source === source)
}
