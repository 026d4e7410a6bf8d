import type { DerExtent } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'

/** Tag and length as DER writes them: tags of one byte, definite lengths in the fewest bytes (X.690 section 10.1). */
export function readHeader(source: Buffer, start: number): DerExtent {
  const identifier = source[start]
  const first = source[start + 1]
  if (identifier === undefined || first === undefined) throw new DerSyntaxError('ends inside a header')
  if ((identifier & 0x1f) === 0x1f) throw new DerSyntaxError('tag of more than one byte')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || first === 0x80) throw new DerSyntaxError('indefinite or absurd length')
  const contentsStart = start + 2 + lengthBytes
  const length = lengthBytes === 0 ? first : readLongLength(source, start + 2, lengthBytes)
  if (contentsStart + length > source.length) throw new DerSyntaxError('ends inside a value')
  return { start, contentsStart, end: contentsStart + length }
}

function readLongLength(source: Buffer, offset: number, lengthBytes: number): number {
  if (offset + lengthBytes > source.length) throw new DerSyntaxError('ends inside a length')
  const length = source.readUIntBE(offset, lengthBytes)
  if (length < 0x80 || length < 2 ** (8 * (lengthBytes - 1)))
    throw new DerSyntaxError('length in more bytes than needed')
  return length
}
