import type { ClientPlace } from './client-place.ts'
import type { Proven } from './proof.ts'
import type { Finding } from './refusal.ts'
import type { Secret } from './secret.ts'

export interface ManagedFacts {
  readonly clientId: string
  /** As the registrant holds it, so that the same one can go back. */
  readonly presented: Secret
  /** The identity server's own; null where it issued none. */
  readonly token: Secret | null
  /** Digest of the policy's client key that the client was registered under; null where it had none, or nobody knows. */
  readonly clientKey: string | null
  /** Name of the client's record in the registry; null where nobody knows. */
  readonly record: string | null
  /** Where the identity server manages it; null where nobody knows but the registrant. */
  readonly place: ClientPlace | null
  /** Whether what the registrant presented was the gateway's own token; others are exchanged for one at the next answer. */
  readonly isBound: boolean
}

/** A client whose registration access token was presented by the party that it was issued to; made by management/ alone. */
export type ManagedClient = Proven<'managed', ManagedFacts>

/** The longest management token that is taken, and given out. */
export const MANAGEMENT_TOKEN_CHARACTERS = 8192

/**
 * The one answer to every token that does not manage this client for this party: guessed, stolen, of another client, or of none that is
 * still there. Nobody learns which (RFC 7592 section 2: an unknown client is answered like a wrong token).
 */
export function tokenRejected(detail: string): Finding {
  return {
    reason: 'management-token-rejected',
    at: 'header authorization',
    message: 'the registration access token is not valid for this client',
    detail,
  }
}
