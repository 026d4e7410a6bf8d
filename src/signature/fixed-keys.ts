import { unknownKey } from './key-cache.ts'
import { parseKeys } from './parse-keys.ts'
import { selectKey } from './select-key.ts'
import type { SignedThing } from './signed-thing.ts'
import type { KeySearch } from './verify-by-keys.ts'

/** Of a file, where nobody else can add any. */
export const FIXED_KEYS_LIMIT = 100

/** The keys of a JWKS document that does not change while the gateway runs. @throws KeysFailure for one without usable keys */
export function createFixedKeys(jwks: string, thing: SignedThing): KeySearch {
  const { keys } = parseKeys(Buffer.from(jwks), FIXED_KEYS_LIMIT)
  return {
    find: async (reference) => {
      const key = selectKey(keys, reference)
      if (key === null) throw unknownKey(reference, thing)
      return Promise.resolve(key)
    },
    findReplacement: () => Promise.resolve(null),
  }
}
