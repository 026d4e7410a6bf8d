import { Refusal } from '../model/refusal.ts'
import type { DirectoryKeys } from './directory-keys.ts'
import type { UnverifiedStatement } from './parse-statement.ts'
import type { KeyReference } from './select-key.ts'
import { verifySignature } from './verify-signature.ts'

/**
 * Verifies a statement by the key that the directory publishes under its reference, and once more when that key turns out to have been
 * replaced: directories have given the id of an old key to a new one, and the old one would be held until it is no longer fresh.
 *
 * @throws Refusal `statement-signature-invalid`, `statement-key-unknown` or `statement-keys-unavailable`
 */
export async function verifyByDirectory(
  statement: UnverifiedStatement,
  reference: KeyReference,
  keys: Pick<DirectoryKeys, 'find' | 'findReplacement'>,
  algorithms: readonly string[],
): Promise<void> {
  const key = await keys.find(reference)
  try {
    await verifySignature(statement, key, algorithms)
  } catch (failure) {
    const replacement = failure instanceof Refusal ? await keys.findReplacement(reference, key) : null
    if (replacement === null) throw failure
    await verifySignature(statement, replacement, algorithms)
  }
}
