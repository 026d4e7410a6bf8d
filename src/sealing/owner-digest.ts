import type { VerifiedClient } from '../model/client.ts'
import { digestOf } from './digest.ts'

/**
 * Owners that different issuers vouch for never meet: an organisation's number in a certificate of one scheme must not open what the same
 * text in another scheme's certificate owns.
 */
export function ownerDigest(client: VerifiedClient | null, owner: string | null): string | null {
  return client === null || owner === null ? null : digestOf('owner', client.trust, owner)
}
