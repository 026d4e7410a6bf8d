import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { ALL_REASONS } from '../../parse/read-distribution-point.ts'
import type { IssuedCertificate, RevocationStatus } from '../revocation-status.ts'
import { coveredReasons, pointsOf, type CertificatePoint } from './covered-reasons.ts'
import { CrlSigners, type CrlContext } from './crl-signers.ts'
import type { CrlEntry } from './entry-index.ts'
import { findDelta } from './find-delta.ts'
import type { ParsedCrl } from './parsed-crl.ts'
import { whyEntriesUnusable, whyUnusable } from './why-unusable.ts'

/** What the lists looked at so far leave open. */
interface Progress {
  /** Bit mask of the reasons that are ruled out. */
  readonly covered: number
  readonly used: readonly ParsedCrl[]
  /** A list counts, but has more entries that may be meant than are looked at: an older one must not speak in its place. */
  readonly undecided: boolean
  /** The last thing that kept a list from counting. */
  readonly why: string
}

type Revoked = Extract<RevocationStatus, { readonly kind: 'revoked' }>

/**
 * Whether a certificate is revoked, by the CRLs at hand (RFC 5280 section 6.3). `crls` may hold lists of anybody, delta lists included.
 * Pure: the status holds at `now` and as long as every list it rests on.
 */
export function checkCrls(
  link: IssuedCertificate,
  crls: readonly ParsedCrl[],
  context: CrlContext,
  now: Date,
): RevocationStatus {
  return new CrlCheck(link, crls, context, now).statusOf(link)
}

/** Looks at one list for one point of one certificate; a client's certificate may name any number of points. */
const STEP_LIMIT = 16_384

class CrlCheck {
  readonly #complete: readonly ParsedCrl[]
  readonly #deltas: readonly ParsedCrl[]
  readonly #signers: CrlSigners
  readonly #context: CrlContext
  readonly #now: Date
  #steps = 0

  constructor(link: IssuedCertificate, crls: readonly ParsedCrl[], context: CrlContext, now: Date) {
    // The newest first: an older list that is still in force must not hide what a newer one says.
    const newestFirst = crls.toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime())
    this.#complete = newestFirst.filter(({ baseCrlNumber }) => baseCrlNumber === null)
    this.#deltas = newestFirst.filter(({ baseCrlNumber }) => baseCrlNumber !== null)
    this.#signers = new CrlSigners(link, context, now, (other) => this.statusOf(other).kind === 'good')
    this.#context = context
    this.#now = now
  }

  statusOf(link: IssuedCertificate): RevocationStatus {
    let progress: Progress = {
      ...{ covered: 0, used: [], undecided: false },
      why: 'no revocation list covers the certificate',
    }
    for (const point of pointsOf(link.certificate)) {
      for (const crl of this.#complete) {
        const result = this.#consult(crl, point, link, progress)
        if ('kind' in result) return result
        progress = result
      }
    }
    if (progress.undecided)
      return { kind: 'unknown', why: 'a revocation list has too many entries for one serial number' }
    return progress.covered === ALL_REASONS ? good(progress.used) : { kind: 'unknown', why: progress.why }
  }

  /** RFC 5280 section 6.3.3 (a) to (l), for one list. */
  #consult(crl: ParsedCrl, point: CertificatePoint, link: IssuedCertificate, progress: Progress): Progress | Revoked {
    this.#steps += 1
    if (this.#steps > STEP_LIMIT) return { ...progress, why: 'there are more revocation lists than are looked at' }
    const covered = progress.covered | coveredReasons(crl, point, link.certificate)
    if (covered === progress.covered) return progress
    const unusable = whyUnusable(crl, this.#now)
    if (unusable !== null) return { ...progress, why: unusable }
    const signer = this.#signers.find(crl, link, point.crlIssuer.length > 0)
    if (signer === null) return { ...progress, why: 'the revocation list was not signed by anybody who may sign it' }
    const unreadable = whyEntriesUnusable(crl)
    if (unreadable !== null) return { ...progress, why: unreadable }
    const delta = this.#deltaOf(crl, signer)
    const used = delta === null ? [crl] : [crl, delta]
    const { serialNumber } = link.certificate.facts
    if (used.some(({ entries }) => entries.isCrowded(serialNumber))) return { ...progress, undecided: true }
    const entry = findEntry(crl, delta, link)
    if (entry !== null) return { kind: 'revoked', source: 'crl', revokedAt: entry.revokedAt, reason: entry.reason }
    const why = 'no revocation list covers the certificate for every reason'
    return { ...progress, covered, used: [...progress.used, ...used], why }
  }

  #deltaOf(crl: ParsedCrl, signer: ParsedCertificate): ParsedCrl | null {
    const { signatures } = this.#context
    return findDelta(crl, this.#deltas, this.#now, (one) => signatures.verify(one, signer) === true)
  }
}

/** What a delta list says goes before what its base said (RFC 5280 section 6.3.3 (i) to (k)). */
function findEntry(crl: ParsedCrl, delta: ParsedCrl | null, { certificate }: IssuedCertificate): CrlEntry | null {
  const { facts, issuerKey } = certificate
  const amended = delta?.entries.find(facts.serialNumber, issuerKey) ?? null
  if (amended?.reason === 'removeFromCRL') return null
  return amended ?? crl.entries.find(facts.serialNumber, issuerKey)
}

/** As good as the oldest list it rests on. */
function good(used: readonly ParsedCrl[]): RevocationStatus {
  const earliest = (dates: readonly Date[]): Date => new Date(Math.min(...dates.map((date) => date.getTime())))
  const nextUpdates = used.flatMap(({ nextUpdate }) => nextUpdate ?? [])
  return {
    kind: 'good',
    source: 'crl',
    thisUpdate: earliest(used.map(({ thisUpdate }) => thisUpdate)),
    nextUpdate: earliest(nextUpdates),
  }
}
