import { expectUniversal, isContext } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { TAG } from '../../asn1/tags.ts'

/** Hexadecimal (RFC 5280 section 4.2.1.2). @throws DerSyntaxError */
export function readSubjectKeyIdentifier(value: Buffer): string {
  return expectUniversal(readDer(value), TAG.octetString, 'subjectKeyIdentifier').contents.toString('hex')
}

/** Hexadecimal keyIdentifier; null where the issuer's key is named by issuer and serial alone (RFC 5280 section 4.2.1.1). @throws DerSyntaxError */
export function readAuthorityKeyIdentifier(value: Buffer): string | null {
  const parts = expectUniversal(readDer(value), TAG.sequence, 'authorityKeyIdentifier').children
  return parts.find((part) => isContext(part, 0))?.contents.toString('hex') ?? null
}
