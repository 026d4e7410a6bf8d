import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { readSmallInteger } from '../../asn1/read-integer.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'

export interface PssParameters {
  readonly digest: 'sha256' | 'sha384' | 'sha512'
  /** In bytes. */
  readonly saltLength: number
}

const DIGESTS: Readonly<Record<string, PssParameters['digest']>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

const MGF1 = '1.2.840.113549.1.1.8'

/** RFC 4055 section 3.1; null for what is not accepted here: SHA-1 (the default), two different digests, odd trailers. @throws DerSyntaxError */
export function readPssParameters(node: DerNode): PssParameters | null {
  const fields = new DerFields(node, 'RSASSA-PSS parameters')
  const [hash, maskGeneration, saltLength, trailer] = [0, 1, 2, 3].map(
    (tag) => fields.takeOptionalContext(tag)?.children[0],
  )
  fields.end()
  if (hash === undefined || maskGeneration === undefined || trailer !== undefined) return null
  const digest = readAlgorithm(hash).oid
  const mask = readAlgorithm(maskGeneration)
  if (mask.oid !== MGF1 || mask.parameters === undefined || readAlgorithm(mask.parameters).oid !== digest) return null
  const name = DIGESTS[digest]
  return name === undefined
    ? null
    : { digest: name, saltLength: saltLength === undefined ? 20 : readSmallInteger(saltLength, 'saltLength') }
}

function readAlgorithm(node: DerNode): { readonly oid: string; readonly parameters: DerNode | undefined } {
  const fields = new DerFields(node, 'RSASSA-PSS algorithm')
  const oid = readObjectIdentifier(fields.takeAny(), 'RSASSA-PSS algorithm')
  const parameters = fields.takeAny()
  fields.end()
  return { oid, parameters }
}
