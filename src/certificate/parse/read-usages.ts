import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectParts, expectUniversal } from '../../asn1/expect-node.ts'
import { readNamedBits } from '../../asn1/read-bit-string.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'
import { KEY_USAGES } from '../../model/client.ts'

/** @throws DerSyntaxError */
export function readKeyUsage(value: Buffer): readonly string[] {
  return readNamedBits(readDer(value), 'keyUsage').map((bit) => {
    const name = KEY_USAGES[bit]
    if (name === undefined) throw new DerSyntaxError(`keyUsage has no bit ${bit}`)
    return name
  })
}

/** Dotted OIDs (RFC 5280 section 4.2.1.12). @throws DerSyntaxError */
export function readExtendedKeyUsage(value: Buffer): readonly string[] {
  const purposes = expectParts(readDer(value), TAG.sequence, 'extendedKeyUsage')
  return purposes.map((purpose) => readObjectIdentifier(purpose, 'extendedKeyUsage'))
}

/** Dotted OIDs without their qualifiers, none twice (RFC 5280 section 4.2.1.4). @throws DerSyntaxError */
export function readCertificatePolicies(value: Buffer): readonly string[] {
  const policies = expectParts(readDer(value), TAG.sequence, 'certificatePolicies').map((policy) => {
    const [identifier] = expectUniversal(policy, TAG.sequence, 'certificatePolicies').children
    return readObjectIdentifier(identifier, 'certificatePolicies')
  })
  if (new Set(policies).size < policies.length) throw new DerSyntaxError('certificatePolicies has a policy twice')
  return policies
}
