import type { ClientPlace } from '../model/client-place.ts'

/** What a management token says to the gateway that opens it; sealed, so that nobody else can read or make one. */
export interface TokenContent {
  readonly clientId: string
  /** Path of the registration endpoint of the identity server: several may number their clients alike. */
  readonly realm: string
  /** Digest of the owner and of the issuers that vouched for him; null for whoever holds the token. */
  readonly owner: string | null
  /** Digest of the policy's client key; null for none. */
  readonly clientKey: string | null
  /** Name of the record in the registry; null for none. */
  readonly record: string | null
  /** Where the identity server manages it; null where it does not say. */
  readonly place: ClientPlace | null
  /** The identity server's own token; null where it issues none. */
  readonly token: string | null
}

const MEMBERS = ['clientId', 'realm', 'owner', 'clientKey', 'record', 'place', 'token'] as const

export function writeTokenContent(content: TokenContent): string {
  return JSON.stringify(MEMBERS.map((member) => content[member]))
}

/** Null for what no gateway of this kind wrote: one with the same keys may be of another edition. */
export function readTokenContent(text: string): TokenContent | null {
  const values = JSON.parse(text) as unknown
  if (!Array.isArray(values) || values.length !== MEMBERS.length) return null
  const [clientId, realm, owner, clientKey, record, place, token] = values as unknown[]
  if (typeof clientId !== 'string' || typeof realm !== 'string') return null
  if (!isTextOrNull(owner) || !isTextOrNull(clientKey) || !isTextOrNull(record)) return null
  if (!isTextOrNull(place) || !isTextOrNull(token)) return null
  return { clientId, realm, owner, clientKey, record, place, token }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
