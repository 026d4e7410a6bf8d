import { writeDer, writeObjectIdentifier } from '../../../asn1/write-der.ts'
import type { IssuedCertificate } from '../revocation-status.ts'
import { writeCertId, type CertIdHash } from './cert-id.ts'
import { OCSP } from './ocsp-oids.ts'

/** RFC 8954 section 2.1; responders of today refuse longer ones. */
const NONCE_LIMIT_BYTES = 32

/**
 * An unsigned OCSPRequest that asks about one certificate (RFC 6960 section 4.1, within RFC 5019 section 2.1 when there is no
 * nonce). @throws RangeError for a nonce that is empty or longer than 32 bytes
 */
export function buildOcspRequest(
  link: IssuedCertificate,
  nonce: Buffer | null,
  certIdHash: CertIdHash = 'sha1',
): Buffer {
  const requests = writeDer(0x30, writeDer(0x30, writeCertId(link, certIdHash)))
  const extensions = nonce === null ? [] : [writeDer(0xa2, writeDer(0x30, writeNonce(nonce)))]
  return writeDer(0x30, writeDer(0x30, requests, ...extensions))
}

function writeNonce(nonce: Buffer): Buffer {
  if (nonce.length === 0 || nonce.length > NONCE_LIMIT_BYTES)
    throw new RangeError(`a nonce has 1 to ${NONCE_LIMIT_BYTES} bytes`)
  return writeDer(0x30, writeObjectIdentifier(OCSP.nonce), writeDer(0x04, writeDer(0x04, nonce)))
}
