import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { der } from '../../support/write-der.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('readDer', () => {
  it('gives tag, contents, parts and the bytes of every value', () => {
    const node = readDer(hex('30 08 02 01 2a a1 03 04 01 ff'))
    expect(node).toMatchObject({ tagClass: 'universal', tag: 16, constructed: true })
    const [integer, context] = node.children
    expect(integer).toMatchObject({ tagClass: 'universal', tag: 2, constructed: false, children: [] })
    expect(integer?.contents.toString('hex')).toBe('2a')
    expect(context).toMatchObject({ tagClass: 'context', tag: 1, constructed: true })
    expect(context?.raw.toString('hex')).toBe('a1030401ff')
    expect(context?.children[0]?.raw.toString('hex')).toBe('0401ff')
  })

  it.each([
    ['a value of 127 bytes', der(0x04, Buffer.alloc(127))],
    ['a value of 128 bytes', der(0x04, Buffer.alloc(128))],
    ['a value of 256 bytes', der(0x04, Buffer.alloc(256))],
    ['a value of 65000 bytes', der(0x04, Buffer.alloc(65_000))],
    ['an empty sequence', hex('3000')],
    ['a BMPString', hex('1e 04 00 5a 00 e9')],
    ['an application tag', hex('41 01 00')],
    ['a private tag', hex('c1 01 00')],
    ['an odd number of bytes under a context tag with the number of BMPString', hex('9e 01 00')],
  ])('takes %s', (_, bytes) => {
    expect(readDer(bytes).raw.equals(bytes)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['half a header', '30'],
    ['trailing bytes', '02 01 01 ff'],
    ['a second value', '02 01 01 02 01 01'],
    ['a value cut off', '04 03 00 00'],
    ['a part that is longer than its whole', '30 03 02 02 00'],
    ['a part that ends after its whole', '30 04 30 03 02 01 01'],
    ['an indefinite length (X.690 10.1)', '30 80 00 00'],
    ['an indefinite length around values', '30 80 02 01 01 00 00'],
    ['a length in more bytes than needed', '04 81 01 61'],
    ['a length of two bytes that fits in one', '04 82 00 01 61'],
    ['a length of two bytes that should be one and begins with zero', `04 82 00 80 ${'00'.repeat(128)}`],
    ['a length of five bytes', '04 85 00 00 00 00 01 61'],
    ['a length of four bytes beyond the end', '04 84 ff ff ff ff 00'],
    ['a length that is cut off', '04 82 01'],
    ['the reserved length FF', '30 ff'],
    ['a tag of more than one byte', '1f 81 01 02 00 00'],
    ['tag number 31 in the short form', '1f 01 61'],
    ['end-of-contents as a value (X.690 8.1.5)', '30 02 00 00'],
    ['a string put together from parts (X.690 10.2)', '24 03 04 01 aa'],
    ['an integer with parts', '22 03 02 01 01'],
    ['a primitive sequence', '10 00'],
    ['a primitive set', '11 00'],
    ['a BMPString of an odd number of bytes', '1e 03 00 61 00'],
    ['a BMPString that swallows the byte after the value', '1e 01 00 00'],
    ['a BMPString that swallows the neighbour', '30 08 1e 03 00 61 02 02 01 01'],
  ])('refuses %s', (_, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(DerSyntaxError)
  })

  it('refuses more bytes than the limit before reading them', () => {
    const limits = { sizeLimitBytes: 5, depthLimit: 8 }
    expect(readDer(hex('04 03 00 00 00'), limits).tag).toBe(4)
    expect(() => readDer(hex('04 04 00 00 00 00'), limits)).toThrow('more than 5 bytes')
    expect(() => readDer(der(0x04, Buffer.alloc(65_536)))).toThrow('more than 65536 bytes')
  })

  it('says `not ASN.1` of what no reader of BER takes either, and keeps what is wrong as the cause', () => {
    const failureOf = (bytes: string): unknown => {
      try {
        return readDer(hex(bytes))
      } catch (failure) {
        return failure
      }
    }
    expect(failureOf('04 03 00')).toMatchObject({ message: 'not ASN.1', cause: { message: 'ends inside a value' } })
    expect(failureOf('30 80 00 00')).toEqual(new DerSyntaxError('indefinite or absurd length'))
  })

  it('refuses values nested deeper than the limit (stack exhaustion)', () => {
    const nested = (depth: number): Buffer => (depth === 1 ? der(0x30) : der(0x30, nested(depth - 1)))
    expect(readDer(nested(32)).constructed).toBe(true)
    expect(() => readDer(nested(33))).toThrow(DerSyntaxError)
    expect(() => readDer(nested(5_000))).toThrow(DerSyntaxError)
  })

  test('whatever the bytes, the only error is DerSyntaxError, and what is read is the very bytes', () => {
    const likely = fc.array(fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x04, 0x1e, 0x30, 0x31, 0x80, 0x81, 0xa0, 0xff), {
      maxLength: 24,
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), likely), (bytes) => {
        const buffer = Buffer.from(bytes)
        try {
          expect(readDer(buffer).raw.equals(buffer)).toBe(true)
        } catch (failure) {
          if (!(failure instanceof DerSyntaxError)) throw failure
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('every tree that is written is read back part by part', () => {
    const { tree } = fc.letrec<{ tree: Buffer }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.uint8Array({ maxLength: 200 }).map((bytes) => der(0x04, bytes)),
        fc.array(tie('tree'), { maxLength: 4 }).map((parts) => der(0x30, ...parts)),
        fc.array(tie('tree'), { maxLength: 4 }).map((parts) => der(0xa3, ...parts)),
      ),
    }))
    const rewrite = (node: ReturnType<typeof readDer>): Buffer => {
      const identifier = node.raw[0] ?? 0
      return node.constructed ? der(identifier, ...node.children.map(rewrite)) : der(identifier, node.contents)
    }
    fc.assert(fc.property(tree, (bytes) => rewrite(readDer(bytes)).equals(bytes)))
  })
})
