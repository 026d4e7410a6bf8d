import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { expectUniversal } from '../../../asn1/expect-node.ts'
import { TAG } from '../../../asn1/tags.ts'
import { CertificateSyntaxError, parseCertificate } from '../../parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'

/** A responder needs one; some send their whole chain. */
const CERTIFICATE_LIMIT = 4
const SIZE_LIMIT_BYTES = 16_384

/**
 * Certificates that came with an answer, taken apart whenever they are wanted: they lie outside the signed part, so anybody on the way can
 * add some that take many times their bytes in memory. One that is malformed, or of a version without extensions, can be no
 * responder's, so it is passed over like any other that does not fit. @throws DerSyntaxError at more than four or 16 KiB of them
 */
export function readCarriedCertificates(node: DerNode): () => readonly ParsedCertificate[] {
  const { children } = expectUniversal(node, TAG.sequence, 'certs')
  if (children.length > CERTIFICATE_LIMIT) throw new DerSyntaxError(`more than ${CERTIFICATE_LIMIT} certs`)
  if (node.raw.length > SIZE_LIMIT_BYTES) throw new DerSyntaxError(`certs of more than ${SIZE_LIMIT_BYTES} bytes`)
  // The bytes alone, lest the tree of nodes is kept with them.
  const ders = children.map(({ raw }) => raw)
  return () => ders.map(parseIfPossible).filter((certificate) => certificate !== null)
}

function parseIfPossible(der: Buffer): ParsedCertificate | null {
  try {
    return parseCertificate(der)
  } catch (failure) {
    if (failure instanceof CertificateSyntaxError) return null
    throw failure
  }
}
