import type { JsonObject } from '../model/json.ts'
import { reasonEntry } from '../model/reasons.ts'
import { refuse, type Finding, type Refusal } from '../model/refusal.ts'
import type { VerifiedSigner, VerifyChain } from '../model/signer.ts'
import type { UnverifiedJws } from '../model/unverified-jws.ts'
import { unknownKey } from './key-cache.ts'
import { readChain } from './read-chain.ts'
import type { KeyReference } from './select-key.ts'
import { isUsableFor } from './signature-algorithms.ts'
import type { SignedThing } from './signed-thing.ts'
import { verifySignature } from './verify-signature.ts'

const CHAIN_LIMIT = 10

/**
 * Verifies a JWS by the certificate that it carries, once a trusted issuer vouches for that (RFC 7515 section 4.1.6): the header is
 * believed only as far as the path goes.
 *
 * @throws Refusal with the thing's reason for an untrusted certificate, for one whose revocation cannot be told, or for an invalid signature
 */
export async function verifyByChain(
  jws: Pick<UnverifiedJws, 'compact' | 'payload'> & { readonly header: JsonObject },
  reference: KeyReference,
  verifyChain: VerifyChain,
  thing: SignedThing,
  now: Date,
): Promise<VerifiedSigner> {
  const verdict = await verifyChain(readChain(jws.header['x5c'], CHAIN_LIMIT, thing), now)
  if ('refused' in verdict) throw untrusted(verdict.refused, thing)
  const { signer } = verdict
  if (!isUsableFor(signer.key, reference.algorithm)) throw unknownKey(reference, thing)
  await verifySignature(jws, signer.key, [reference.algorithm], thing)
  return signer
}

function untrusted(found: Finding, { name, at, reasons }: SignedThing): Refusal {
  const isOurs = reasonEntry(found.reason).status === 503
  // Verified as those of clients are, it is called so in their words.
  const why = found.message.replace(/^the client certificate /, 'it ')
  const message = `the certificate that ${name} is signed with is not trusted: ${why}`
  const { wanted, found: shown } = found
  return refuse({
    reason: isOurs ? reasons.keysUnavailable : reasons.certificateUntrusted,
    at,
    message,
    ...(wanted === undefined ? {} : { wanted }),
    ...(shown === undefined ? {} : { found: shown }),
    detail: found.reason,
  })
}
