import type { ApprovedRegistration, Evidence, PolicyIdentity } from './decision.ts'
import type { Operation } from './operation.ts'
import type { ReasonOverrides } from './reasons.ts'

/** What a policy demands of the connection. */
export interface CertificateDemand {
  /** When false a client without a certificate may go on; a presented one must be good all the same. */
  readonly required: boolean
  /** Null where the policy does not ask whether certificates are revoked. */
  readonly revocation: RevocationDemand | null
}

export type UnknownRevocation = 'refuse' | 'accept'

/** Every certificate below the anchor must not be revoked. */
export interface RevocationDemand {
  /** Whom to ask, in this order, until one can tell. */
  readonly check: readonly ('ocsp' | 'crl')[]
  /** What becomes of a certificate when nobody can tell. */
  readonly unknown: UnknownRevocation
  /** How long past its end the last good answer counts while its source cannot be reached. */
  readonly lastGoodHoldsSeconds: number
  /** What is otherwise for certificates of one issuer; the first that matches. */
  readonly issuers: readonly IssuerRevocationDemand[]
}

export interface IssuerRevocationDemand {
  /** Matching key of the issuer's distinguished name (RFC 4517 section 4.2.15). */
  readonly issuerKey: string
  readonly unknown: UnknownRevocation
}

export type StatementMode = 'required' | 'optional' | 'forbidden'

/** A directory whose statements count, as the policy publishes it or the operator pins it. */
export interface Directory {
  readonly name: string
  /** Values of `iss`, compared exactly. */
  readonly issuers: readonly string[]
  readonly jwksUri: string
  /** PEM bundle for the directory's own server certificate; null for the public ones Node ships. */
  readonly ca: string | null
}

export interface StatementDemand {
  readonly mode: Readonly<Record<Operation, StatementMode>>
  readonly algorithms: readonly string[]
  /** Null when the policy sets no limit. */
  readonly maxAgeSeconds: number | null
  readonly clockSkewSeconds: number
}

/** A loaded, type-checked and compiled policy, bound to the parameters of one endpoint. */
export interface Policy {
  readonly identity: PolicyIdentity
  readonly certificate: CertificateDemand
  readonly statement: StatementDemand
  /** Directories that the policy publishes; the operator chooses one or pins an own. */
  readonly directories: readonly Directory[]
  readonly reasons: ReasonOverrides
  /** @throws Refusal with every broken rule */
  readonly decide: (evidence: Evidence, now: Date) => ApprovedRegistration
}
