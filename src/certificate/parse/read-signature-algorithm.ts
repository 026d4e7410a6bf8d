import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { isUniversal } from '../../asn1/expect-node.ts'
import { readObjectIdentifier } from '../../asn1/read-object-identifier.ts'
import { TAG } from '../../asn1/tags.ts'
import type { PublicKeyFacts } from '../../model/client.ts'
import { readPssParameters } from './read-pss-parameters.ts'

/** How to check a signature with an algorithm that is accepted here. */
export interface SignatureScheme {
  readonly keyTypes: readonly PublicKeyFacts['type'][]
  /** Null where the algorithm has its own. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null
  /** RSASSA-PSS when a number, in bytes. */
  readonly saltLength: number | null
}

export interface SignatureAlgorithm {
  readonly oid: string
  /** Null for algorithms that are weak, such as those with SHA-1, or unknown. */
  readonly scheme: SignatureScheme | null
}

/** Everything accepted except RSASSA-PSS, which says more in its parameters (RFC 4055, RFC 5758, RFC 8410). */
const SCHEMES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.11': { keyTypes: ['rsa'], digest: 'sha256', saltLength: null },
  '1.2.840.113549.1.1.12': { keyTypes: ['rsa'], digest: 'sha384', saltLength: null },
  '1.2.840.113549.1.1.13': { keyTypes: ['rsa'], digest: 'sha512', saltLength: null },
  '1.2.840.10045.4.3.2': { keyTypes: ['ec'], digest: 'sha256', saltLength: null },
  '1.2.840.10045.4.3.3': { keyTypes: ['ec'], digest: 'sha384', saltLength: null },
  '1.2.840.10045.4.3.4': { keyTypes: ['ec'], digest: 'sha512', saltLength: null },
  '1.3.101.112': { keyTypes: ['ed25519'], digest: null, saltLength: null },
}

const RSASSA_PSS = '1.2.840.113549.1.1.10'

/** @throws DerSyntaxError */
export function readSignatureAlgorithm(node: DerNode): SignatureAlgorithm {
  const fields = new DerFields(node, 'signatureAlgorithm')
  const oid = readObjectIdentifier(fields.takeAny(), 'signatureAlgorithm')
  const parameters = fields.takeAny()
  fields.end()
  if (oid === RSASSA_PSS) return { oid, scheme: readPssScheme(parameters) }
  const scheme = SCHEMES[oid] ?? null
  const hasParameters = parameters !== undefined && !isUniversal(parameters, TAG.null)
  if (scheme !== null && hasParameters) throw new DerSyntaxError('signatureAlgorithm has parameters')
  return { oid, scheme }
}

function readPssScheme(parameters: DerNode | undefined): SignatureScheme | null {
  const pss = parameters === undefined ? null : readPssParameters(parameters)
  return pss === null ? null : { keyTypes: ['rsa', 'rsa-pss'], ...pss }
}
