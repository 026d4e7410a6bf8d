import type { JsonObject } from '../../model/json.ts'
import type { SignedRequestDemand } from '../../model/policy.ts'
import { refuse } from '../../model/refusal.ts'
import { checkHeader } from '../../signature/check-header.ts'
import type { KeyReference } from '../../signature/select-key.ts'
import { showValue } from '../../signature/show-value.ts'
import { SIGNED_REQUEST } from './request-words.ts'

/**
 * What the header of a request may decide: which of the allowed algorithms, and which of the keys of the software. A header that brings
 * or names keys of its own is refused where the policy says so, although nobody would look at them (RFC 8725 section 3.10).
 *
 * @throws Refusal `request-header-forbidden`, `request-type-forbidden`, `request-algorithm-forbidden`, `request-key-unknown`,
 * `request-signature-malformed`
 */
export function checkSignedHeader(header: JsonObject, demand: SignedRequestDemand): KeyReference {
  refuseHeaders(header, demand.forbiddenHeaders)
  refuseType(header, demand.types)
  const reference = checkHeader(header, demand.algorithms, SIGNED_REQUEST)
  if (reference.keyId !== null || !demand.keyIdRequired) return reference
  const message = 'the request does not name the key that it was signed with'
  throw refuse({ reason: 'request-key-unknown', at: 'request', message, wanted: 'a kid', found: 'kid absent' })
}

function refuseHeaders(header: JsonObject, forbidden: readonly string[]): void {
  const found = forbidden.find((member) => Object.hasOwn(header, member))
  if (found === undefined) return
  const message = 'the request must not bring or name keys of its own'
  throw refuse({
    ...{ reason: 'request-header-forbidden', at: 'request', message },
    ...{ wanted: `none of ${forbidden.join(', ')}`, found },
  })
}

/** Told apart from other things that the same key signs (RFC 8725 section 3.11); compared exactly, as the regimes write it. */
function refuseType({ typ }: JsonObject, types: readonly string[] | null): void {
  if (types === null || (typeof typ === 'string' && types.includes(typ))) return
  const message = 'the request is signed as something else'
  throw refuse({
    ...{ reason: 'request-type-forbidden', at: 'request', message },
    ...{ wanted: `typ ${types.join(' or ')}`, found: `typ ${showValue(typ)}` },
  })
}
