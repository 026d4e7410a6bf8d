import { DerFields } from '../../../asn1/der-fields.ts'
import { readWholeBytes } from '../../../asn1/read-bit-string.ts'
import { readDer } from '../../../asn1/read-der.ts'
import { TAG } from '../../../asn1/tags.ts'
import type { ParsedCertificate } from '../../parse/parsed-certificate.ts'

/** What OCSP hashes to name a key: the value of the BIT STRING without tag, length and unused bits (RFC 6960 section 4.1.1). */
export function publicKeyBits({ publicKeyDer }: ParsedCertificate): Buffer {
  const fields = new DerFields(readDer(publicKeyDer), 'subjectPublicKeyInfo')
  fields.take(TAG.sequence, 'algorithm')
  return readWholeBytes(fields.takeAny(), 'subjectPublicKey')
}
