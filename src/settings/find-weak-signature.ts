import type { X509Certificate } from 'node:crypto'
import { DerFields } from '../asn1/der-fields.ts'
import { DerSyntaxError } from '../asn1/der-syntax-error.ts'
import { readDer } from '../asn1/read-der.ts'
import { readObjectIdentifier } from '../asn1/read-object-identifier.ts'
import { TAG } from '../asn1/tags.ts'

/** SHA-1 by RSA and by ECDSA (RFC 3279 section 2.2); authorities use nothing older. */
const WITH_SHA_1: readonly (string | null)[] = ['1.2.840.113549.1.1.5', '1.2.840.10045.4.1']

/**
 * What is wrong with the signatures of certificates that the gateway would present, or null. OpenSSL 3.0 refuses to load such a
 * certificate, 3.5 presents it and leaves it to the other end to hang up.
 */
export function findWeakSignature(
  certificates: readonly X509Certificate[],
): { readonly wanted: string; readonly found: string } | null {
  const weak = certificates.find(
    (certificate) =>
      // Nobody verifies the signature of a root.
      certificate.issuer !== certificate.subject && WITH_SHA_1.includes(signatureAlgorithmOf(certificate)),
  )
  if (weak === undefined) return null
  const subject = weak.subject.split('\n').join(', ')
  return { wanted: 'certificates signed with SHA-256 or better', found: `one signed with SHA-1, of ${subject}` }
}

/** An OID; null where OpenSSL reads what is no DER. From version 24.9 on Node has it as a name. */
function signatureAlgorithmOf({ raw }: X509Certificate): string | null {
  try {
    const fields = new DerFields(readDer(raw), 'certificate')
    fields.take(TAG.sequence, 'tbsCertificate')
    const algorithm = fields.take(TAG.sequence, 'signatureAlgorithm')
    return readObjectIdentifier(algorithm.children[0], 'signatureAlgorithm')
  } catch (failure) {
    if (failure instanceof DerSyntaxError) return null
    throw failure
  }
}
