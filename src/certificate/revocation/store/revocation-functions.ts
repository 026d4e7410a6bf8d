import type { CertificatePath } from '../../path/certificate-path.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'
import type { IssuedCertificate, RevocationSource, RevocationStatus } from '../revocation-status.ts'

/** One certificate of a verified path whose status is wanted. */
export interface RevocationQuestion {
  readonly link: IssuedCertificate
  /** That the link is of: others on it may vouch for whoever signs CRLs. */
  readonly path: CertificatePath
  /** What to ask, in this order, until one tells. */
  readonly check: readonly RevocationSource[]
  /** How long past its end the last good answer counts while there is no newer one. */
  readonly lastGoodHoldsMs: number
}

/** What the store must know of a CRL; the rest is between the functions. */
export interface CrlFacts {
  /** Matching key of the issuer's name. */
  readonly issuerKey: string
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly crlNumber: bigint | null
}

/** Reading and judging of CRLs, of the room crl/ and of one trust folder. */
export interface CrlFunctions<Crl extends CrlFacts> {
  /** @throws Error for bytes that are no CRL; its message quotes nothing of them */
  readonly parse: (der: Buffer) => Crl
  /**
   * Whether it was signed by one who may sign for the issuer of the link, whatever it covers (RFC 5280 section 6.3.3 (f) and (g)).
   * @throws RevocationFailure when it was, and is of no use all the same
   */
  readonly isAuthentic: (crl: Crl, question: RevocationQuestion, asAt: Date) => boolean
  /** The newest CRL first. */
  readonly check: (question: RevocationQuestion, crls: readonly Crl[], asAt: Date) => RevocationStatus
  /** Addresses of distribution points. */
  readonly urls: (certificate: ParsedCertificate) => readonly string[]
  /** Addresses of the operator, asked first and about every certificate. */
  readonly configuredUrls: () => readonly string[]
}

/** Making of requests, reading and judging of answers, of the room ocsp/ and of one trust folder. */
export interface OcspFunctions<Response> {
  /** Null to send none. */
  readonly newNonce: () => Buffer | null
  readonly buildRequest: (link: IssuedCertificate, nonce: Buffer | null) => Buffer
  /** @throws Error for bytes that are no OCSP response; its message quotes nothing of them */
  readonly parse: (der: Buffer) => Response
  /** Knows who may sign besides the issuer, and how old an answer may be; the nonce is that of the request. */
  readonly check: (
    response: Response,
    question: RevocationQuestion,
    options: { readonly nonce: Buffer | null; readonly now: Date },
  ) => RevocationStatus
  /** Addresses of responders, or what the operator set in their place. */
  readonly urls: (certificate: ParsedCertificate) => readonly string[]
}

export interface AnswerRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body: Buffer | null
  readonly contentType: string | null
  readonly accept: string
  readonly sizeLimitBytes: number
}

/** Fetches within a time limit of its own and only from where it may. @throws EgressFailure */
export type FetchAnswer = (request: AnswerRequest) => Promise<Buffer>
