import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readHeader } from '../../../src/asn1/read-header.ts'

const at = (text: string, start = 0): object => readHeader(Buffer.from(text.replaceAll(' ', ''), 'hex'), start)

describe('readHeader', () => {
  it.each([
    ['00 04 01 ff', 1, { start: 1, contentsStart: 3, end: 4 }],
    ['30 00', 0, { start: 0, contentsStart: 2, end: 2 }],
    [`04 7f ${'00'.repeat(127)}`, 0, { start: 0, contentsStart: 2, end: 129 }],
    [`04 81 80 ${'00'.repeat(128)}`, 0, { start: 0, contentsStart: 3, end: 131 }],
    [`04 82 01 00 ${'00'.repeat(256)}`, 0, { start: 0, contentsStart: 4, end: 260 }],
  ])('finds contents and end of %s', (text, start, extent) => {
    expect(at(text, start)).toEqual(extent)
  })

  it('reads lengths of up to four bytes', () => {
    const bytes = Buffer.alloc(6 + 2 ** 24)
    bytes.set([0x04, 0x84, 0x01, 0x00, 0x00, 0x00])
    expect(readHeader(bytes, 0)).toEqual({ start: 0, contentsStart: 6, end: 6 + 2 ** 24 })
  })

  it.each([
    ['nothing', '', 'ends inside a header'],
    ['a tag alone', '04', 'ends inside a header'],
    ['a tag of more than one byte', '1f 01 00', 'tag of more than one byte'],
    ['an indefinite length', '30 80 00 00', 'indefinite or absurd length'],
    ['the reserved length FF (X.690 8.1.3.5)', '30 ff 00', 'reserved length'],
    ['a length of five bytes', '04 85 01 00 00 00 00', 'indefinite or absurd length'],
    ['a length that is cut off', '04 82 01', 'ends inside a length'],
    ['contents that are cut off', '04 02 00', 'ends inside a value'],
    ['a length below 128 in two bytes', `04 81 7f ${'00'.repeat(127)}`, 'length in more bytes than needed'],
    ['a length below 256 in three bytes', `04 82 00 ff ${'00'.repeat(255)}`, 'length in more bytes than needed'],
  ])('refuses %s', (_, text, message) => {
    expect(() => at(text)).toThrow(DerSyntaxError)
    expect(() => at(text)).toThrow(message)
  })
})
