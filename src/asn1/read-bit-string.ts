import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** A BIT STRING that holds whole bytes: keys and signatures. @throws DerSyntaxError */
export function readWholeBytes(node: DerNode | undefined, what: string): Buffer {
  const { unused, bytes } = readBits(node, what)
  if (unused !== 0) throw new DerSyntaxError(`${what} holds no whole bytes`)
  return bytes
}

/** Numbers of the bits that are set, counted from the first (X.680 section 22). @throws DerSyntaxError */
export function readNamedBits(node: DerNode | undefined, what: string): readonly number[] {
  const { bytes } = readBits(node, what)
  const numbers = Array.from({ length: bytes.length * 8 }, (_, number) => number)
  return numbers.filter((number) => ((bytes[number >> 3] ?? 0) & (0x80 >> (number & 7))) !== 0)
}

function readBits(node: DerNode | undefined, what: string): { readonly unused: number; readonly bytes: Buffer } {
  const { contents } = expectUniversal(node, TAG.bitString, what)
  const [unused] = contents
  const bytes = contents.subarray(1)
  // X.690 section 11.2.1: unused bits are zero.
  const wrong =
    unused === undefined ||
    unused > 7 ||
    (bytes.length === 0 ? unused > 0 : ((bytes.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0)
  if (wrong) throw new DerSyntaxError(`${what} is no bit string`)
  return { unused, bytes }
}
