import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { expectParts } from '../../asn1/expect-node.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readImplicit } from '../../asn1/read-implicit.ts'
import { readSmallInteger } from '../../asn1/read-integer.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'

/** A policy of the issuer that counts as one of the subject's domain. */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string
  readonly subjectDomainPolicy: string
}

/** After how many certificates each rule begins to bind; null when it is not set. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
}

/** RFC 5280 section 4.2.1.5. @throws DerSyntaxError */
export function readPolicyMappings(value: Buffer): readonly PolicyMapping[] {
  return expectParts(readDer(value), TAG.sequence, 'policyMappings').map((node) => {
    const fields = new DerFields(node, 'policyMappings')
    const issuerDomainPolicy = readObjectIdentifier(fields.takeAny(), 'issuerDomainPolicy')
    const subjectDomainPolicy = readObjectIdentifier(fields.takeAny(), 'subjectDomainPolicy')
    fields.end()
    return { issuerDomainPolicy, subjectDomainPolicy }
  })
}

/** RFC 5280 section 4.2.1.11. @throws DerSyntaxError */
export function readPolicyConstraints(value: Buffer): PolicyConstraints {
  const fields = new DerFields(readDer(value), 'policyConstraints')
  const requireExplicitPolicy = readSkipCerts(fields.takeOptionalContext(0))
  const inhibitPolicyMapping = readSkipCerts(fields.takeOptionalContext(1))
  fields.end()
  if (requireExplicitPolicy === null && inhibitPolicyMapping === null)
    throw new DerSyntaxError('policyConstraints is empty')
  return { requireExplicitPolicy, inhibitPolicyMapping }
}

/** RFC 5280 section 4.2.1.14. @throws DerSyntaxError */
export function readInhibitAnyPolicy(value: Buffer): number {
  return readSmallInteger(readDer(value), 'inhibitAnyPolicy')
}

function readSkipCerts(node: DerNode | undefined): number | null {
  return node === undefined ? null : readSmallInteger(readImplicit(node, TAG.integer), 'policyConstraints')
}
