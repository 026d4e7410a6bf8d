import type { ClientPlace } from './client-place.ts'
import type { JsonObject } from './json.ts'
import type { Secret } from './secret.ts'

/**
 * `gone` by this or since before; `denied` where the token leads to no client: its client is gone, or has got another token by now; `failed`
 * where nobody knows.
 */
export type Removal = 'gone' | 'denied' | 'failed'

/** What the gateway itself asks the identity server about clients that it made, so that none is left over. */
export interface ClientUpkeep {
  /** Where the identity server manages a client that it has just made; null where it offers no management of it. */
  readonly locate: (body: JsonObject) => ClientPlace | null
  /** By the client's own token (RFC 7592 section 2.3). */
  readonly remove: (place: ClientPlace, token: Secret) => Promise<Removal>
  /** Whether the client is there; null where nobody knows. */
  readonly isLive: (place: ClientPlace, token: Secret) => Promise<boolean | null>
  /** Null where the operator names none. */
  readonly administration: ClientAdministration | null
}

/** How clients are found and removed of which the gateway has nothing but the mark that it gave them. */
export interface ClientAdministration {
  /** Client ids; null where nobody knows. */
  readonly search: (mark: string) => Promise<readonly string[] | null>
  /** Whether it is gone; false where nobody knows. */
  readonly remove: (clientId: string) => Promise<boolean>
  /** Whether it is there; null where nobody knows. Null altogether where no client can be asked for by its id. */
  readonly isThere: ((clientId: string) => Promise<boolean | null>) | null
}
