import { Asn1StructureError } from './asn1-structure-error.ts'
import type { DerExtent } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'

/** X.690 section 8.1.3.5 (c). */
const RESERVED_LENGTH = 0xff

/** Tag and length as DER writes them: tags of one byte, definite lengths in the fewest bytes (X.690 section 10.1). @throws DerSyntaxError */
export function readHeader(source: Buffer, start: number): DerExtent {
  const identifier = source[start]
  const first = source[start + 1]
  if (identifier === undefined || first === undefined) throw new Asn1StructureError('ends inside a header')
  if ((identifier & 0x1f) === 0x1f) throw new DerSyntaxError('tag of more than one byte')
  if (first === RESERVED_LENGTH) throw new Asn1StructureError('reserved length')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || first === 0x80) throw new DerSyntaxError('indefinite or absurd length')
  const contentsStart = start + 2 + lengthBytes
  const length = lengthBytes === 0 ? first : readLongLength(source, start + 2, lengthBytes)
  if (contentsStart + length > source.length) throw new Asn1StructureError('ends inside a value')
  return { start, contentsStart, end: contentsStart + length }
}

function readLongLength(source: Buffer, offset: number, lengthBytes: number): number {
  if (offset + lengthBytes > source.length) throw new Asn1StructureError('ends inside a length')
  const length = source.readUIntBE(offset, lengthBytes)
  if (length < 0x80 || length < 2 ** (8 * (lengthBytes - 1)))
    throw new DerSyntaxError('length in more bytes than needed')
  return length
}
