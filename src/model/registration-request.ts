import type { CertificateFacts } from './client.ts'
import type { JsonObject } from './json.ts'
import type { Operation } from './operation.ts'
import type { Proven } from './proof.ts'
import type { Secret } from './secret.ts'
import type { UnverifiedJws } from './unverified-jws.ts'

/** Where a managed client lives below its endpoint: what follows the endpoint's path, kept so that it can be asked for again. */
export interface ClientLocation {
  /** `/abc` for `/register/abc`; empty for the form `/register?client_id=abc`. */
  readonly suffix: string
  /** Query string without `?`, as sent; empty when there is none. */
  readonly query: string
  readonly clientId: string
}

/** What the target and the method ask for. */
export interface Route {
  readonly operation: Operation
  /** Null for create. */
  readonly location: ClientLocation | null
}

/** A well-formed request; well-formed is all that is known of it. */
export interface RegistrationRequest extends Route {
  /** Media type of the body in lower case, without parameters; empty for read and delete. */
  readonly contentType: string
  /** RFC 7592 registration access token; null for create. */
  readonly managementToken: Secret | null
  /** Client metadata as sent, without `software_statement`; empty for read, for delete, and for what is signed. */
  readonly metadata: JsonObject
  /** The whole body of a signed request, unverified; null for others. */
  readonly signed: UnverifiedJws | null
  /** The compact JWS of the `software_statement` member, unverified. */
  readonly softwareStatement: string | null
  /** Headers that the endpoint lets through to the identity server, names in lower case. */
  readonly passedHeaders: Readonly<Record<string, string>>
  readonly bodyBytes: number
}

/** Who signed a request, and what was signed besides metadata. */
export interface RequestSignature {
  readonly algorithm: string
  readonly keyId: string | null
  readonly type: string | null
  /** Everything of the payload that is no metadata: registered JWT claims (RFC 7519 section 4.1) and those that the policy declares. */
  readonly claims: JsonObject
  /** Address of the keys that the verified statement names; null where a certificate vouches for the key. */
  readonly keysUri: string | null
  /** Of the signer, where the request brought its chain. */
  readonly certificate: CertificateFacts | null
}

export interface RequestFacts extends Omit<RegistrationRequest, 'signed'> {
  /** Null for a request that nobody signed. */
  readonly signature: RequestSignature | null
}

/** A request that is signed as the policy demands, metadata as signed, or that need not be signed; made by request/ alone. */
export type VerifiedRequest = Proven<'request', RequestFacts>
