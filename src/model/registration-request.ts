import type { JsonObject } from './json.ts'
import type { Operation } from './operation.ts'
import type { Secret } from './secret.ts'

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
  /** RFC 7592 registration access token; null for create. */
  readonly managementToken: Secret | null
  /** Client metadata as sent, without `software_statement`; empty for read and delete. */
  readonly metadata: JsonObject
  /** The compact JWS of the `software_statement` member, unverified. */
  readonly softwareStatement: string | null
  /** Headers that the endpoint lets through to the identity server, names in lower case. */
  readonly passedHeaders: Readonly<Record<string, string>>
  readonly bodyBytes: number
}
