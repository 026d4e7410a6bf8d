import { DerFields } from '../../asn1/der-fields.ts'
import type { DerNode } from '../../asn1/der-node.ts'
import { DerSyntaxError } from '../../asn1/der-syntax-error.ts'
import { isContext } from '../../asn1/expect-node.ts'
import { readNamedBits } from '../../asn1/read-bit-string.ts'
import { readImplicit } from '../../asn1/read-implicit.ts'
import { TAG } from '../../asn1/tags.ts'
import type { AttributeValue } from '../../distinguished-name/distinguished-name.ts'
import { readRelativeDistinguishedName } from '../../distinguished-name/read-distinguished-name.ts'
import type { GeneralName } from './general-name.ts'
import { readGeneralNames } from './read-general-names.ts'

/** Several names of one and the same place, or what to add to the name of the CRL's issuer. */
export type DistributionPointName =
  | { readonly form: 'full'; readonly names: readonly GeneralName[] }
  | { readonly form: 'relative'; readonly attributes: readonly AttributeValue[] }

/** Where CRLs that cover a certificate are published. */
export interface DistributionPoint {
  /** Null when only `crlIssuer` says where. */
  readonly name: DistributionPointName | null
  /** Bit mask of ReasonFlags; null for all reasons. */
  readonly reasons: number | null
  /** Who signs the CRL; empty when the certificate's own issuer does. */
  readonly crlIssuer: readonly GeneralName[]
}

/** Points in use have one or two. */
const NAME_LIMIT = 256

/** RFC 5280 section 4.2.1.13. @throws DerSyntaxError */
export function readDistributionPoint(node: DerNode): DistributionPoint {
  const fields = new DerFields(node, 'distribution point')
  const name = fields.takeOptionalContext(0)
  const reasons = fields.takeOptionalContext(1)
  const crlIssuer = fields.takeOptionalContext(2)
  fields.end()
  if (name === undefined && crlIssuer === undefined) throw new DerSyntaxError('distribution point without a name')
  return {
    name: name === undefined ? null : readDistributionPointName(name),
    reasons: reasons === undefined ? null : readReasonFlags(reasons),
    crlIssuer: crlIssuer === undefined ? [] : readNames(crlIssuer.children, 'cRLIssuer'),
  }
}

/** Takes the explicit tag around the CHOICE. @throws DerSyntaxError */
export function readDistributionPointName({ children }: DerNode): DistributionPointName {
  const [choice, ...others] = children
  if (choice === undefined || others.length > 0) throw new DerSyntaxError('name of distribution point is no choice')
  if (isContext(choice, 0)) return { form: 'full', names: readNames(choice.children, 'name of distribution point') }
  if (!isContext(choice, 1)) throw new DerSyntaxError('name of distribution point is of another type')
  const relative = readImplicit(choice, TAG.set)
  return { form: 'relative', attributes: readRelativeDistinguishedName(relative, 'name of distribution point') }
}

/** Every one of them is held against those of every list. */
function readNames(nodes: readonly DerNode[], what: string): readonly GeneralName[] {
  if (nodes.length > NAME_LIMIT) throw new DerSyntaxError(`${what} has more than ${NAME_LIMIT} names`)
  return readGeneralNames(nodes, what)
}

/** Bit 1 is keyCompromise, bit 8 aACompromise. @throws DerSyntaxError */
export function readReasonFlags(node: DerNode): number {
  const bits = readNamedBits(readImplicit(node, TAG.bitString), 'reasons')
  return bits.reduce((mask, bit) => mask | (1 << bit), 0) & ALL_REASONS
}

/** All but `unused` (bit 0), which says nothing. */
export const ALL_REASONS = 0b1_1111_1110
