import type { JsonObject } from './json.ts'
import type { Proven } from './proof.ts'

export interface StatementFacts {
  /** Name of the pinned directory that vouched. */
  readonly directory: string
  readonly issuer: string
  readonly keyId: string | null
  readonly algorithm: string
  /** Under the names that the policy declares, where the directory has others. */
  readonly claims: JsonObject
  readonly issuedAt: Date | null
  /** base64url SHA-256 of the compact form: lets the audit trail name a statement without holding it. */
  readonly sha256: string
}

/** A software statement signed by a pinned issuer and within its times; made by statement/ alone (RFC 7591 section 2.3). */
export type VerifiedStatement = Proven<'statement', StatementFacts>
