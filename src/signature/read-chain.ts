import type { Json } from '../model/json.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { SignedThing } from './signed-thing.ts'

const CERTIFICATE_LIMIT_CHARACTERS = 16_384

/**
 * The certificates of an `x5c` header, the signer's own first (RFC 7515 section 4.1.6); nothing in them is verified.
 *
 * @throws Refusal with the thing's reason for what is malformed
 */
export function readChain(x5c: Json | undefined, limit: number, thing: SignedThing): readonly [Buffer, ...Buffer[]] {
  if (!Array.isArray(x5c) || x5c.length > limit) throw malformed(limit, thing)
  const [own, ...others] = (x5c as readonly Json[]).map((entry) => decode(entry, limit, thing))
  if (own === undefined) throw malformed(limit, thing)
  return [own, ...others]
}

/** Standard base64 with its padding, unlike the rest of a JWS. */
function decode(entry: Json, limit: number, thing: SignedThing): Buffer {
  if (typeof entry !== 'string' || entry.length > CERTIFICATE_LIMIT_CHARACTERS) throw malformed(limit, thing)
  const bytes = Buffer.from(entry, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== entry) throw malformed(limit, thing)
  return bytes
}

function malformed(limit: number, { name, at, reasons }: SignedThing): Refusal {
  const message = `${name} must carry the certificates of its signer in x5c`
  return refuse({ reason: reasons.malformed, at, message, wanted: `1 to ${limit} certificates in base64` })
}
