import { buildPaths } from '../../path/build-paths.ts'
import { certificatesOf, type CertificatePath } from '../../path/certificate-path.ts'
import { checkPublicKey } from '../../path/check-public-key.ts'
import { NO_POLICY_DEMANDED } from '../../path/path-inputs.ts'
import type { SignatureBudget } from '../../path/signature-budget.ts'
import { validityWindow } from '../../path/validity-window.ts'
import { verifyPath } from '../../path/verify-path.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import { buildTrustStore, type TrustStore } from '../../trust/trust-store.ts'
import { linksOfPath } from '../links-of-path.ts'
import type { IssuedCertificate } from '../revocation-status.ts'
import type { ParsedCrl } from './parsed-crl.ts'

/** Where the signer of a CRL may be found, and what vouches for it. */
export interface CrlContext {
  /** A verified path; whoever signs a CRL for one of its certificates must lead to the same anchor (RFC 5280 section 6.3.3 (f)). */
  readonly path: CertificatePath
  /** Others that may sign CRLs, or lie between those and the anchor: held ones, and what the client presented. */
  readonly certificates: readonly ParsedCertificate[]
  readonly signatures: SignatureBudget
}

/** Signers that are vouched for by lists of other signers: two in a row are already more than anybody has. */
const DEPTH_LIMIT = 3

const DEMANDS = { inputs: NO_POLICY_DEMANDED, profile: [checkPublicKey] }

/** Finds who signed a CRL, among those that may have (RFC 5280 section 6.3.3 (f) and (g)). */
export class CrlSigners {
  readonly #context: CrlContext
  readonly #now: Date
  readonly #isGood: (link: IssuedCertificate) => boolean
  readonly #above: readonly ParsedCertificate[]
  readonly #anchorOnly: TrustStore
  readonly #vouched = new Map<string, boolean>()
  readonly #pending = new Set<string>()

  /**
   * `link` is the one that is asked about, `isGood` says whether any other is not revoked. Only what lies above the link is taken for
   * granted: whoever holds the key of a revoked authority could put an issuer of CRLs below it that clears it.
   */
  constructor(link: IssuedCertificate, context: CrlContext, now: Date, isGood: (link: IssuedCertificate) => boolean) {
    const path = certificatesOf(context.path)
    const issuer = path.findIndex((certificate) => isSame(certificate, link.issuer))
    this.#context = context
    this.#now = now
    this.#isGood = isGood
    this.#above = issuer < 0 ? [context.path.anchor] : path.slice(issuer)
    this.#anchorOnly = buildTrustStore('', [context.path.anchor], [])
  }

  /**
   * Null when nobody is found. A certificate may speak for itself only where its issuer named it as the one who does: otherwise a
   * signer whose key was stolen could deny its own revocation.
   */
  find(crl: ParsedCrl, link: IssuedCertificate, mayBeItself: boolean): ParsedCertificate | null {
    const candidates = [...this.#above, link.certificate, ...this.#context.certificates]
    const signer = candidates.find((candidate) => {
      if (candidate.subjectKey !== crl.issuerKey || candidate.facts.keyUsage?.includes('cRLSign') === false)
        return false
      const trusted = isSame(candidate, link.certificate) ? mayBeItself : this.#isTrusted(candidate)
      return trusted && this.#context.signatures.verify(crl, candidate) === true
    })
    return signer ?? null
  }

  #isTrusted(candidate: ParsedCertificate): boolean {
    if (this.#above.some((authority) => isSame(authority, candidate))) return true
    const { thumbprint } = candidate.facts
    const known = this.#vouched.get(thumbprint)
    if (known !== undefined) return known
    if (this.#pending.has(thumbprint) || this.#pending.size >= DEPTH_LIMIT) return false
    this.#pending.add(thumbprint)
    const { candidates } = buildPaths(candidate, this.#context.certificates, this.#anchorOnly)
    const vouched = candidates.some((path) => this.#isGoodPath(path))
    this.#pending.delete(thumbprint)
    this.#vouched.set(thumbprint, vouched)
    return vouched
  }

  #isGoodPath(path: CertificatePath): boolean {
    const { notBefore, notAfter } = validityWindow(path)
    if (this.#now < notBefore || this.#now > notAfter) return false
    if (verifyPath(path, DEMANDS, this.#context.signatures) !== null) return false
    const links = linksOfPath(path)
    return links.every((link) => this.#above.some((known) => isSame(known, link.certificate)) || this.#isGood(link))
  }
}

function isSame(one: ParsedCertificate, other: ParsedCertificate): boolean {
  return one.facts.thumbprint === other.facts.thumbprint
}
