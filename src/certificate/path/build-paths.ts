import type { CertificatePath } from './certificate-path.ts'
import type { ParsedCertificate } from '../parse/parsed-certificate.ts'
import type { TrustStore } from '../trust/trust-store.ts'
import { groupBySubject } from '../trust/trust-store.ts'

export interface BuiltPaths {
  /** The likeliest first. */
  readonly candidates: readonly CertificatePath[]
  /** The certificate furthest up whose issuer was not found, for the message when there is no candidate at all. */
  readonly deadEnd: ParsedCertificate
}

/** Certificates of a path, the anchor not counted. */
const LENGTH_LIMIT = 8
const CANDIDATE_LIMIT = 16
/** A client may present certificates that all seem to issue each other; each look at one is a step (RFC 4158 section 6.2). */
const STEP_LIMIT = 256

/**
 * All ways up from the client's certificate to an anchor by name (RFC 4158), without any cryptography: keys that a client brings are
 * not computed with before an anchor vouches for them.
 */
export function buildPaths(
  client: ParsedCertificate,
  presented: readonly ParsedCertificate[],
  trust: TrustStore,
): BuiltPaths {
  const search = new PathSearch(client, presented, trust)
  search.climb([client])
  return { candidates: search.candidates, deadEnd: search.deadEnd }
}

class PathSearch {
  readonly candidates: CertificatePath[] = []
  readonly #client: ParsedCertificate
  readonly #presented: ReadonlyMap<string, readonly ParsedCertificate[]>
  readonly #trust: TrustStore
  #longest: readonly ParsedCertificate[] = []
  #steps = 0

  constructor(client: ParsedCertificate, presented: readonly ParsedCertificate[], trust: TrustStore) {
    this.#client = client
    this.#presented = groupBySubject(presented.filter(({ facts }) => !trust.held.has(facts.thumbprint)))
    this.#trust = trust
  }

  get deadEnd(): ParsedCertificate {
    return this.#longest.at(-1) ?? this.#client
  }

  /** Depth first, `path` being the way so far with the client first. */
  climb(path: readonly ParsedCertificate[]): void {
    const top = path.at(-1) ?? this.#client
    if (path.length > this.#longest.length) this.#longest = path
    for (const anchor of likeliestFirst(top, this.#trust.anchors.get(top.issuerKey))) this.#arrive(path, anchor)
    if (path.length >= LENGTH_LIMIT) return
    for (const issuer of this.#intermediatesAbove(top)) {
      this.#steps += 1
      if (this.#steps > STEP_LIMIT) return
      if (!isOnPath(path, issuer)) this.climb([...path, issuer])
    }
  }

  #intermediatesAbove(top: ParsedCertificate): readonly ParsedCertificate[] {
    const held = likeliestFirst(top, this.#trust.intermediates.get(top.issuerKey))
    return [...held, ...likeliestFirst(top, this.#presented.get(top.issuerKey))]
  }

  #arrive(path: readonly ParsedCertificate[], anchor: ParsedCertificate): void {
    if (this.candidates.length >= CANDIDATE_LIMIT) return
    this.candidates.push({ client: this.#client, intermediates: path.slice(1), anchor })
  }
}

/** Key identifiers are hints: those that fit come first, those that do not are tried all the same (RFC 4158 section 3.5.12). */
function likeliestFirst(
  below: ParsedCertificate,
  issuers: readonly ParsedCertificate[] = [],
): readonly ParsedCertificate[] {
  const fits = (issuer: ParsedCertificate): number => (issuer.subjectKeyId === below.authorityKeyId ? 0 : 1)
  return issuers.length < 2 ? issuers : issuers.toSorted((one, other) => fits(one) - fits(other))
}

/** The same name with the same key again leads in a circle (RFC 4158 section 2.4.2). */
function isOnPath(path: readonly ParsedCertificate[], issuer: ParsedCertificate): boolean {
  return path.some((other) => other.subjectKey === issuer.subjectKey && other.publicKeyDer.equals(issuer.publicKeyDer))
}
