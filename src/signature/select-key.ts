import type { KeyObject } from 'node:crypto'
import type { VerificationKey } from './parse-keys.ts'
import { isUsableFor } from './signature-algorithms.ts'

/** What a header says of its signature, both already held against the policy. */
export interface KeyReference {
  readonly algorithm: string
  readonly keyId: string | null
}

/** The one key that is meant; null when none is, or when more than one could be, for then its signer does not say which. */
export function selectKey(keys: readonly VerificationKey[], { algorithm, keyId }: KeyReference): KeyObject | null {
  const matching = keys.filter(
    (candidate) =>
      (keyId === null || candidate.keyId === keyId) &&
      (candidate.algorithm === null || candidate.algorithm === algorithm) &&
      isUsableFor(candidate.key, algorithm),
  )
  return matching.length === 1 ? (matching[0]?.key ?? null) : null
}
