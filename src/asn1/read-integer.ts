import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** Contents of an INTEGER: two's complement in the fewest bytes (X.690 section 8.3.2). @throws DerSyntaxError */
export function readIntegerBytes(node: DerNode | undefined, what: string): Buffer {
  const { contents } = expectUniversal(node, TAG.integer, what)
  const [first, second = 0] = contents
  if (first === undefined) throw new DerSyntaxError(`${what} is no integer`)
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)
  if (contents.length > 1 && padded) throw new DerSyntaxError(`${what} has more bytes than needed`)
  return contents
}

/** Lower-case hexadecimal without leading zeros, a leading `-` for negative ones. @throws DerSyntaxError */
export function readIntegerHex(node: DerNode | undefined, what: string): string {
  const bytes = readIntegerBytes(node, what)
  const unsigned = BigInt(`0x${bytes.toString('hex')}`)
  return BigInt.asIntN(bytes.length * 8, unsigned).toString(16)
}

/** For counts and versions. @throws DerSyntaxError when it is negative or above 2^31 */
export function readSmallInteger(node: DerNode | undefined, what: string): number {
  const bytes = readIntegerBytes(node, what)
  if (bytes.length > 4) throw new DerSyntaxError(`${what} is too large`)
  const value = bytes.readIntBE(0, bytes.length)
  if (value < 0) throw new DerSyntaxError(`${what} is negative`)
  return value
}
