import { describe, expect, it } from 'vitest'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readString } from '../../../src/asn1/read-string.ts'

const read = (hex: string): string | null => readString(readDer(Buffer.from(hex.replaceAll(' ', ''), 'hex')))

describe('readString', () => {
  it.each([
    ['UTF8String', '0c 03 c3 a3 6f', 'ão'],
    ['UTF8String that begins with a byte order mark', '0c 04 ef bb bf 61', '\ufeffa'],
    ['NumericString', '12 03 31 20 32', '1 2'],
    ['PrintableString', '13 02 42 52', 'BR'],
    ['PrintableString with characters it should not have', '13 03 61 40 2a', 'a@*'],
    ['TeletexString as ISO 8859-1', '14 02 e3 6f', 'ão'],
    ['IA5String', '16 03 61 40 62', 'a@b'],
    ['VisibleString', '1a 01 61', 'a'],
    ['UniversalString', '1c 08 00 00 00 61 00 01 f6 00', 'a😀'],
    ['BMPString', '1e 04 00 e3 00 6f', 'ão'],
    ['BMPString with a pair of surrogates, as Windows writes it', '1e 04 d8 3d de 00', '😀'],
    ['BMPString that begins with a byte order mark', '1e 04 fe ff 00 61', '\ufeffa'],
    ['empty string', '0c 00', ''],
  ])('reads %s', (_, hex, text) => {
    expect(read(hex)).toBe(text)
  })

  it.each([
    ['bytes that are no UTF-8', '0c 01 ff'],
    ['UTF-8 longer than needed', '0c 02 c1 81'],
    ['bytes beyond ASCII in a PrintableString', '13 01 e3'],
    ['bytes beyond ASCII in a NumericString', '12 01 e3'],
    ['bytes beyond ASCII in an IA5String', '16 01 e3'],
    ['bytes beyond ASCII in a VisibleString', '1a 01 e3'],
    ['half a surrogate pair', '1e 02 d8 3d'],
    ['a UniversalString cut off', '1c 03 00 00 61'],
    ['a UniversalString beyond Unicode', '1c 04 00 11 00 00'],
    ['a UniversalString with a low surrogate', '1c 04 00 00 df ff'],
    ['a UniversalString with a high surrogate', '1c 04 00 00 d8 00'],
    ['a number', '02 01 2a'],
    ['a context tag with the number of a string', '8c 01 61'],
  ])('has no text for %s', (_, hex) => {
    expect(read(hex)).toBeNull()
  })
})
