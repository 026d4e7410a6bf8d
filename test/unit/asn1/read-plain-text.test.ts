import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readPlainText } from '../../../src/asn1/read-plain-text.ts'
import { der, derInteger } from '../../support/write-der.ts'

const read = (bytes: Buffer, limit = 4): string => readPlainText(readDer(bytes), 'the name', limit)
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))

describe('readPlainText', () => {
  it.each([
    ['UTF8String', utf8('Ipê'), 'Ipê'],
    ['PrintableString', der(0x13, Buffer.from('FCA')), 'FCA'],
    ['IA5String', der(0x16, Buffer.from('FCA')), 'FCA'],
    ['BMPString', der(0x1e, Buffer.from([0, 0xea])), 'ê'],
    ['four characters of four bytes each', utf8('😀😀😀😀'), '😀😀😀😀'],
  ])('reads %s', (_, bytes, text) => {
    expect(read(bytes)).toBe(text)
  })

  it.each([
    ['no text', utf8(''), 'the name is empty'],
    ['one character more than allowed', utf8('abcde'), 'the name has more than 4 characters'],
    ['NUL', utf8('a\0b'), 'the name holds control or formatting characters'],
    ['a line end', utf8('a\nb'), 'the name holds control or formatting characters'],
    ['an escape character of terminals', utf8('\u001b[2J'), 'the name holds control or formatting characters'],
    ['U+202E, which turns text around', utf8('a\u202eb'), 'the name holds control or formatting characters'],
    ['U+2028 LINE SEPARATOR', utf8('a\u2028b'), 'the name holds control or formatting characters'],
    ['bytes that are no UTF-8', der(0x0c, Buffer.of(0xff)), 'the name is no text'],
    ['a number', derInteger(5), 'the name is no text'],
    ['a string with another class of tag', der(0x8c, Buffer.from('a')), 'the name is no text'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(new DerSyntaxError(message))
  })

  it('refuses what is not there', () => {
    expect(() => readPlainText(undefined, 'the name', 4)).toThrow(new DerSyntaxError('the name is missing'))
  })
})
