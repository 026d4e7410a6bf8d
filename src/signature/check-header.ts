import type { JsonObject } from '../model/json.ts'
import { refuse } from '../model/refusal.ts'
import type { KeyReference } from './select-key.ts'
import { showValue } from './show-value.ts'
import type { SignedThing } from './signed-thing.ts'

/**
 * What the header may decide: which of the allowed algorithms, and which of the signer's keys. `jwk`, `jku` and `x5u` are never looked
 * at, for whatever brings its own key proves nothing (RFC 8725 section 3.10).
 *
 * @throws Refusal with the thing's reason for forbidden headers and algorithms, or for what is malformed
 */
export function checkHeader(header: JsonObject, algorithms: readonly string[], thing: SignedThing): KeyReference {
  const { name, at, reasons } = thing
  refuseExtensions(header, thing)
  const { kid, alg } = header
  if (kid !== undefined && typeof kid !== 'string') {
    const message = `${name}'s kid must be a string`
    throw refuse({ reason: reasons.malformed, at, message, wanted: 'a string', found: showValue(kid) })
  }
  // The list is the policy's: a header naming another algorithm must not choose how it is verified (RFC 8725 section 3.1).
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    const message = `${name} is signed with an algorithm that is not allowed here`
    const found = showValue(alg)
    throw refuse({ reason: reasons.algorithmForbidden, at, message, wanted: algorithms.join(', '), found })
  }
  return { algorithm: alg, keyId: kid ?? null }
}

/** No extension is understood here, so none may be critical (RFC 7515 section 4.1.11); `b64` changes what is signed (RFC 7797). */
function refuseExtensions(header: JsonObject, { name, at, reasons }: SignedThing): void {
  const extension = ['crit', 'b64'].find((member) => Object.hasOwn(header, member))
  if (extension === undefined) return
  const message = `${name} must not use header extensions`
  throw refuse({ reason: reasons.headerForbidden, at, message, wanted: 'neither crit nor b64', found: extension })
}
