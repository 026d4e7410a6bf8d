import type { ApprovedRegistration, Evidence, LookupEvidence, PolicyIdentity } from './decision.ts'
import type { LookedUp, LookupDemand, LookupSources } from './lookups.ts'
import type { JsonObject } from './json.ts'
import type { VerifiedClient } from './client.ts'
import type { Operation } from './operation.ts'
import type { ReasonOverrides } from './reasons.ts'
import type { VerifiedStatement } from './statement.ts'

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

/** Whether something must, may or must not come. */
export type StatementMode = 'required' | 'optional' | 'forbidden'

/** Where the keys of a directory come from. */
export type KeySource =
  | {
      readonly kind: 'address'
      readonly uri: string
      /** PEM bundle for the directory's own server certificate; null for the public ones Node ships. */
      readonly ca: string | null
    }
  /** A JWKS document, as it was when the file was read. */
  | { readonly kind: 'file'; readonly file: string; readonly jwks: string }
  /** The chain that each statement carries, to the anchors of a trust folder. */
  | { readonly kind: 'chain'; readonly trust: string }

/** A directory whose statements count, as the policy publishes it or the operator pins it. */
export interface Directory {
  readonly name: string
  /** Values of `iss`, compared exactly; none for a chain, whose certificate must name whatever `iss` says. */
  readonly issuers: readonly string[]
  readonly keys: KeySource
  /** Declared claims by the dotted path under which this directory has them; others have their own name. */
  readonly claims: Readonly<Record<string, string>>
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

/** Where the keys of a signed request come from. */
export type RequestKeys =
  | {
      readonly kind: 'address'
      /** What the verified statement says; null where it names none. */
      readonly locate: (statement: VerifiedStatement, now: Date) => string | null
      /** Exact names, or `*.example.com` for all below; null for any. */
      readonly hosts: readonly string[] | null
    }
  /** The chain that each request carries, to the anchors of a trust folder. */
  | { readonly kind: 'chain'; readonly trust: string }

/** What a policy demands of requests that are signed themselves. */
export interface SignedRequestDemand {
  readonly mode: Readonly<Record<Operation, StatementMode>>
  /** Media types under which a signed request may come, in lower case. */
  readonly contentTypes: readonly string[]
  readonly algorithms: readonly string[]
  /** Accepted values of `typ`; null for any, or none. */
  readonly types: readonly string[] | null
  readonly keyIdRequired: boolean
  readonly forbiddenHeaders: readonly string[]
  readonly keys: RequestKeys
  /** Of which `aud` must hold one; null where it is not looked at. */
  readonly audience: ((statement: VerifiedStatement | null, now: Date) => readonly string[]) | null
  readonly expiryRequired: boolean
  /** Null when the policy sets no limit. */
  readonly maxAgeSeconds: number | null
  /** From `iat` to `exp`; null when the policy sets no limit. */
  readonly maxLifetimeSeconds: number | null
  readonly clockSkewSeconds: number
  /** Names of declared claims, which are no metadata. */
  readonly claims: readonly string[]
}

/** Which clients a policy tells apart, and whose they are. */
export interface ClientDemand {
  /** One live client of each key; otherwise registrations exclude each other only where their statement is the same. */
  readonly single: boolean
  /** The party that stays the same when its certificate is renewed; null where there is no certificate, or it tells none. */
  readonly ownerOf: (client: VerifiedClient | null, now: Date) => string | null
  /** The same of what the identity server has of a client, null where that tells none; null where the policy does not say how. */
  readonly registeredOwnerOf: ((registered: JsonObject, now: Date) => string | null) | null
}

/** A loaded, type-checked and compiled policy, bound to the parameters of one endpoint. */
export interface Policy {
  readonly identity: PolicyIdentity
  readonly certificate: CertificateDemand
  readonly statement: StatementDemand
  /** Null where requests are never signed. */
  readonly signedRequest: SignedRequestDemand | null
  /** Directories that the policy publishes; the operator chooses some or pins his own. */
  readonly directories: readonly Directory[]
  readonly client: ClientDemand
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
