import { TAG } from '../asn1/tags.ts'
import type { AttributeValue } from './distinguished-name.ts'

/** Text does not say which string type its certificate has; names are compared by text, so UTF8String serves. */
export function encodeText(text: string): Omit<AttributeValue, 'oid'> {
  const contents = Buffer.from(text, 'utf8')
  return {
    tag: TAG.utf8String,
    value: text,
    der: Buffer.concat([utf8Header(contents.length), contents]).toString('hex'),
  }
}

function utf8Header(length: number): Buffer {
  if (length < 0x80) return Buffer.of(TAG.utf8String, length)
  return length < 0x100
    ? Buffer.of(TAG.utf8String, 0x81, length)
    : Buffer.of(TAG.utf8String, 0x82, length >> 8, length & 0xff)
}
