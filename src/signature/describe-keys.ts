import { FIXED_KEYS_LIMIT } from './fixed-keys.ts'
import { KeysFailure } from './keys-failure.ts'
import { parseKeys } from './parse-keys.ts'

/** Why a JWKS document of the operator's cannot be used; null when it can. */
export function describeKeys(jwks: string): string | null {
  try {
    parseKeys(Buffer.from(jwks), FIXED_KEYS_LIMIT)
    return null
  } catch (failure) {
    if (failure instanceof KeysFailure) return failure.message
    throw failure
  }
}
