import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { readDer } from '../../asn1/read-der.ts'
import { readImplicit } from '../../asn1/read-implicit.ts'
import { readSmallInteger } from '../../asn1/read-integer.ts'
import { TAG } from '../../asn1/tags.ts'
import type { GeneralName } from './general-name.ts'
import { readGeneralName } from './read-general-names.ts'

/** Subtrees of names by their bases. */
export interface NameConstraints {
  /** Binds only the forms of name that occur here. */
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** RFC 5280 section 4.2.1.10. @throws DerSyntaxError */
export function readNameConstraints(value: Buffer): NameConstraints {
  const fields = new DerFields(readDer(value), 'nameConstraints')
  const permitted = fields.takeOptionalContext(0)
  const excluded = fields.takeOptionalContext(1)
  fields.end()
  if (permitted === undefined && excluded === undefined) throw new DerSyntaxError('nameConstraints is empty')
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) }
}

function readSubtrees(node: DerNode | undefined): readonly GeneralName[] {
  if (node === undefined) return []
  if (node.children.length === 0) throw new DerSyntaxError('nameConstraints has an empty list')
  return node.children.map(readSubtree)
}

/** Distances other than "everything below" are in no profile, and passing over them would widen or narrow the subtree. */
function readSubtree(node: DerNode): GeneralName {
  const fields = new DerFields(node, 'nameConstraints')
  const base = readGeneralName(fields.takeAny(), 'nameConstraints')
  const minimum = fields.takeOptionalContext(0)
  fields.end()
  if (minimum !== undefined && readSmallInteger(readImplicit(minimum, TAG.integer), 'minimum') !== 0)
    throw new DerSyntaxError('nameConstraints has a subtree with a minimum')
  if (base.form === 'ip') checkRange(base.bytes)
  return base
}

/** RFC 4632: ones, then zeros. Any other mask is read differently by different readers. */
function checkRange(bytes: Buffer): void {
  const bits = Array.from(bytes.subarray(bytes.length / 2), (byte) => byte.toString(2).padStart(8, '0')).join('')
  const isRange = (bytes.length === 8 || bytes.length === 32) && /^1*0*$/.test(bits)
  if (!isRange) throw new DerSyntaxError('nameConstraints has an address range that is none')
}
