import { Refusal } from '../model/refusal.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import type { PublishedKeys } from './published-keys.ts'
import type { KeyReference } from './select-key.ts'
import type { SignedThing } from './signed-thing.ts'
import { verifySignature } from './verify-signature.ts'

/** Where the keys of a signer are looked up. */
export type KeySearch = Pick<PublishedKeys, 'find' | 'findReplacement'>

/**
 * Verifies a JWS by the key that its signer publishes under its reference, and once more when that key turns out to have been
 * replaced: directories have given the id of an old key to a new one, and the old one would be held until it is no longer fresh.
 *
 * @throws Refusal with the thing's reason for an invalid signature, an unknown key or keys that cannot be had
 */
export async function verifyByKeys(
  jws: Pick<UnverifiedJws, 'compact' | 'payload'>,
  reference: KeyReference,
  keys: KeySearch,
  algorithms: readonly string[],
  thing: SignedThing,
): Promise<void> {
  const key = await keys.find(reference)
  try {
    await verifySignature(jws, key, algorithms, thing)
  } catch (failure) {
    const replacement = failure instanceof Refusal ? await keys.findReplacement(reference, key) : null
    if (replacement === null) throw failure
    await verifySignature(jws, replacement, algorithms, thing)
  }
}
