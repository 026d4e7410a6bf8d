import type { HandshakeVerdict } from '../model/arrival.ts'
import type { Reason } from '../model/reasons.ts'
import { refuse, type Refusal } from '../model/refusal.ts'

/** Two implementations came to different verdicts on one presented chain: one of them is wrong, or an issuer made a strange certificate. */
export interface Disagreement {
  /** OpenSSL's code; null where it found a path and we did not. */
  readonly openssl: string | null
  /** Our reason to refuse; null where we found a path and OpenSSL did not. */
  readonly ours: Reason | null
  /** `x5t#S256` of the client's certificate. */
  readonly thumbprint: string
  /** The trusted issuers were renewed after the handshake, which explains it. */
  readonly outdated: boolean
}

/**
 * What OpenSSL looks at as well, against the same or more anchors. Whatever is not here we alone refuse on purpose: the issuers and the
 * rules of one endpoint, weak keys, missing purposes, revocation, and whatever depends on the moment.
 */
const SHARED_GROUNDS: ReadonlySet<Reason> = new Set<Reason>([
  'client-certificate-malformed',
  'client-certificate-issuer-not-ca',
  'client-certificate-path-too-long',
  'client-certificate-extension-unknown',
  'client-certificate-name-not-permitted',
])

/**
 * Whether our refusal is one that OpenSSL should have come to as well, and did not. A signature that fits no issuer of one trust folder may
 * fit one of the same name in another, of which OpenSSL was told too: sandbox and production often share their names.
 */
export function contradictsRefusal(openssl: HandshakeVerdict | null, reason: Reason, soleTrust: boolean): boolean {
  if (openssl?.error !== null) return false
  return SHARED_GROUNDS.has(reason) || (soleTrust && reason === 'client-certificate-signature-invalid')
}

/** Two verdicts that disagree are no verdict (fail closed): whichever of them is fooled, the other one is not. */
export function refuseDisputed({ openssl, outdated }: Disagreement): Refusal {
  return refuse({
    reason: 'client-certificate-verdict-disputed',
    at: 'client certificate',
    message: outdated
      ? 'the trusted issuers were renewed after this connection began'
      : 'two independent verifications of the client certificate disagree',
    wanted: 'a certificate path that both verifications accept',
    found: outdated ? 'a connection from before' : 'a path that one of them refuses',
    detail: `OpenSSL says ${openssl ?? 'nothing against it'}`,
  })
}
