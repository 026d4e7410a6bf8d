import { DerFields } from '../../asn1/der-fields.ts'
import { expectParts } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'
import { readGeneralName } from './read-general-names.ts'

/** URIs as written, of any scheme. */
export interface AuthorityInfoAccess {
  readonly ocspUrls: readonly string[]
  readonly caIssuersUrls: readonly string[]
}

const ACCESS_METHOD = { ocsp: '1.3.6.1.5.5.7.48.1', caIssuers: '1.3.6.1.5.5.7.48.2' } as const

/** RFC 5280 section 4.2.2.1; other methods and places that are no URI are passed over. @throws DerSyntaxError */
export function readAuthorityInfoAccess(value: Buffer): AuthorityInfoAccess {
  const descriptions = expectParts(readDer(value), TAG.sequence, 'authorityInfoAccess').map((node) => {
    const fields = new DerFields(node, 'authorityInfoAccess')
    const method = readObjectIdentifier(fields.takeAny(), 'accessMethod')
    const location = readGeneralName(fields.takeAny(), 'accessLocation')
    fields.end()
    return { method, location }
  })
  const urlsOf = (wanted: string): readonly string[] =>
    descriptions.flatMap(({ method, location }) => (method === wanted && location.form === 'uri' ? location.text : []))
  return { ocspUrls: urlsOf(ACCESS_METHOD.ocsp), caIssuersUrls: urlsOf(ACCESS_METHOD.caIssuers) }
}
