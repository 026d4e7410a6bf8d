import type { JsonObject } from '../model/json.ts'
import { refuse } from '../model/refusal.ts'
import type { KeyReference } from './select-key.ts'
import { showValue } from './show-value.ts'

const at = 'software_statement'

/**
 * What the header may decide: which of the allowed algorithms, and which of the directory's keys. `jwk`, `jku`, `x5u` and `x5c` are
 * never looked at, for a statement that brings its own key proves nothing (RFC 8725 section 3.10).
 *
 * @throws Refusal `statement-header-forbidden`, `statement-malformed` or `statement-algorithm-forbidden`
 */
export function checkHeader(header: JsonObject, algorithms: readonly string[]): KeyReference {
  refuseExtensions(header)
  const { kid, alg } = header
  if (kid !== undefined && typeof kid !== 'string') {
    const message = "the software statement's kid must be a string"
    throw refuse({ reason: 'statement-malformed', at, message, wanted: 'a string', found: showValue(kid) })
  }
  // The list is the policy's: a header naming another algorithm must not choose how it is verified (RFC 8725 section 3.1).
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    const message = 'the software statement is signed with an algorithm that is not allowed here'
    const found = showValue(alg)
    throw refuse({ reason: 'statement-algorithm-forbidden', at, message, wanted: algorithms.join(', '), found })
  }
  return { algorithm: alg, keyId: kid ?? null }
}

/** No extension is understood here, so none may be critical (RFC 7515 section 4.1.11); `b64` changes what is signed (RFC 7797). */
function refuseExtensions(header: JsonObject): void {
  const extension = ['crit', 'b64'].find((member) => Object.hasOwn(header, member))
  if (extension === undefined) return
  const message = 'the software statement must not use header extensions'
  throw refuse({ reason: 'statement-header-forbidden', at, message, wanted: 'neither crit nor b64', found: extension })
}
