import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import type { DerNode } from './der-node.ts'
import { TAG } from './tags.ts'

const strictUtf16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })

/**
 * Text of a string type; null for any other type and for bytes that are no text of their type. PrintableString and NumericString
 * may hold any ASCII, as certificates in use do.
 */
export function readString(node: DerNode): string | null {
  if (node.tagClass !== 'universal') return null
  return DECODERS[node.tag]?.(node.contents) ?? null
}

const DECODERS: Readonly<Record<number, (contents: Buffer) => string | null>> = {
  [TAG.utf8String]: (contents) => (isUtf8(contents) ? contents.toString('utf8') : null),
  [TAG.numericString]: decodeAscii,
  [TAG.printableString]: decodeAscii,
  // In certificates this type means ISO 8859-1 whatever T.61 says (RFC 5280 appendix B does not define it further).
  [TAG.teletexString]: (contents) => contents.toString('latin1'),
  [TAG.ia5String]: decodeAscii,
  [TAG.visibleString]: decodeAscii,
  [TAG.universalString]: decodeUniversal,
  [TAG.bmpString]: decodeBmp,
}

function decodeBmp(contents: Buffer): string | null {
  if (contents.length % 2 !== 0) return null
  try {
    return strictUtf16.decode(Buffer.from(contents).swap16())
  } catch {
    return null
  }
}

function decodeAscii(contents: Buffer): string | null {
  return isAscii(contents) ? contents.toString('latin1') : null
}

function decodeUniversal(contents: Buffer): string | null {
  if (contents.length % 4 !== 0) return null
  const codePoints = Array.from({ length: contents.length / 4 }, (_, index) => contents.readUInt32BE(index * 4))
  const valid = codePoints.every((codePoint) => codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff))
  return valid ? codePoints.map((codePoint) => String.fromCodePoint(codePoint)).join('') : null
}
