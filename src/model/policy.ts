import type { ApprovedRegistration, Evidence, LookupEvidence, PolicyIdentity } from './decision.ts'
import type { LookedUp, LookupDemand, LookupSources } from './lookups.ts'
import type { JsonObject } from './json.ts'
import type { Operation } from './operation.ts'
import type { ReasonOverrides } from './reasons.ts'

/** What a policy demands of the connection. */
export interface CertificateDemand {
  /** When false a client without a certificate may go on; a presented one must be good all the same. */
  readonly required: boolean
  /** Null where any certificate policy will do. */
  readonly policies: CertificatePolicyDemand | null
  /** Null where revoked certificates are not asked for. */
  readonly revocation: RevocationDemand | null
}

/** Under which certificate policies a path must be valid (RFC 5280 section 6.1.1). */
export interface CertificatePolicyDemand {
  /** Dotted OIDs, one of which must hold along the whole path. */
  readonly anyOf: readonly string[]
  readonly inhibitMapping: boolean
  readonly inhibitAnyPolicy: boolean
}

/** What becomes of a client whose certificate may or may not be revoked, since nobody can tell. */
export type UnknownRevocation = 'refuse' | 'accept'

/** How it is found out whether certificates below the anchor were revoked, and what follows where that stays unknown. */
export interface RevocationDemand {
  /** What is asked, in this order, until one tells. */
  readonly check: readonly ('ocsp' | 'crl')[]
  readonly unknown: UnknownRevocation
  /** How long past its end the last good answer counts while there is no newer one. */
  readonly lastGoodHoldsSeconds: number
  /** Exceptions by issuer of the certificate in question; the first that matches. */
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

/** An error as the registrant may see it, before a regime gives it a form. */
export interface ShownError {
  readonly code: string
  /** Printable ASCII without quotes and backslashes (RFC 6749 section 5.2). */
  readonly description: string
  readonly status: number
  readonly decisionId: string
  readonly findings: readonly ShownFinding[]
}

/** What of a finding is for the registrant; texts without control characters. */
export interface ShownFinding {
  /** Id of the rule; of a built-in check its reason. */
  readonly rule: string
  readonly reason: string
  readonly clause?: string
  readonly at: string
  readonly message: string
  readonly wanted?: string
  readonly found?: string
  readonly error: string
}

/** Where a regime has a form of errors of its own. */
export interface ErrorForm {
  readonly contentType: string
  /** @throws whatever the policy's expression fails with, or a RangeError when its body is too large */
  readonly write: (error: ShownError) => JsonObject
}

/** A loaded, type-checked and compiled policy, bound to the parameters of one endpoint. */
export interface Policy {
  readonly identity: PolicyIdentity
  readonly certificate: CertificateDemand
  readonly statement: StatementDemand
  /** Directories that the policy publishes; the operator chooses one or pins an own. */
  readonly directories: readonly Directory[]
  readonly reasons: ReasonOverrides
  /** Null for the form of RFC 7591 section 3.2.2. */
  readonly errorForm: ErrorForm | null
  /** Documents that rules name; those that no rule in force here names are left out, so that nobody fetches them in vain. */
  readonly lookups: readonly LookupDemand[]
  /** @throws Refusal `lookup-unavailable` */
  readonly lookUp: (evidence: LookupEvidence, now: Date, sources: LookupSources) => Promise<LookedUp>
  /** @throws Refusal with every broken rule */
  readonly decide: (evidence: Evidence, now: Date) => ApprovedRegistration
  /** What it was asked about, without secrets, so that another edition can be asked again. */
  readonly recordFacts: (evidence: Evidence, extent: 'declared' | 'all') => JsonObject
}
