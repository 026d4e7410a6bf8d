import type { DerNode } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { expectUniversal } from '../../../asn1/expect-node.ts'
import { TAG } from '../../../asn1/tags.ts'
import { CertificateSyntaxError, parseCertificate } from '../../parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'

/** A responder needs one; some send their whole chain. */
const CERTIFICATE_LIMIT = 10

/**
 * Certificates that came with an answer. One that is malformed, or of a version without extensions, can be no responder's, so it
 * is passed over like any other that does not fit. @throws DerSyntaxError when there are more than ten
 */
export function readCarriedCertificates(node: DerNode): readonly ParsedCertificate[] {
  const { children } = expectUniversal(node, TAG.sequence, 'certs')
  if (children.length > CERTIFICATE_LIMIT) throw new DerSyntaxError(`more than ${CERTIFICATE_LIMIT} certs`)
  return children.map(({ raw }) => parseIfPossible(raw)).filter((certificate) => certificate !== null)
}

function parseIfPossible(der: Buffer): ParsedCertificate | null {
  try {
    return parseCertificate(der)
  } catch (failure) {
    if (failure instanceof CertificateSyntaxError) return null
    throw failure
  }
}
