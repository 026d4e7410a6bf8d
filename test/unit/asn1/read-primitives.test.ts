import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import type { DerNode } from '../../../src/asn1/der-node.ts'
import { readNamedBits, readWholeBytes } from '../../../src/asn1/read-bit-string.ts'
import { readBoolean } from '../../../src/asn1/read-boolean.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readIntegerBytes, readIntegerHex, readSmallInteger } from '../../../src/asn1/read-integer.ts'
import { derInteger, derNamedBits } from '../../support/write-der.ts'

const node = (hex: string): DerNode => readDer(Buffer.from(hex, 'hex'))

describe('readBoolean', () => {
  it('knows one true and one false (X.690 11.1)', () => {
    expect(readBoolean(node('0101ff'), 'flag')).toBe(true)
    expect(readBoolean(node('010100'), 'flag')).toBe(false)
    expect(() => readBoolean(node('010101'), 'flag')).toThrow('flag is no boolean')
    expect(() => readBoolean(node('0100'), 'flag')).toThrow(DerSyntaxError)
    expect(() => readBoolean(node('0102ffff'), 'flag')).toThrow(DerSyntaxError)
    expect(() => readBoolean(node('0201ff'), 'flag')).toThrow(DerSyntaxError)
  })
})

describe('integers', () => {
  it.each([
    ['020100', '0'],
    ['02017f', '7f'],
    ['02020080', '80'],
    ['020900ffffffffffffffff', 'ffffffffffffffff'],
    ['0201ff', '-1'],
    ['020180', '-80'],
    ['0202ff7f', '-81'],
  ])('reads %s as hexadecimal %s', (hex, expected) => {
    expect(readIntegerHex(node(hex), 'number')).toBe(expected)
  })

  test('every integer survives', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), (value) => {
        expect(readIntegerHex(readDer(derInteger(value)), 'number')).toBe(value.toString(16))
      }),
    )
  })

  it.each([
    ['no byte', '0200'],
    ['a padded positive one, a second spelling (X.690 8.3.2)', '0202007f'],
    ['a padded negative one', '0202ff80'],
    ['another type', '040101'],
  ])('refuses %s', (_, hex) => {
    expect(() => readIntegerBytes(node(hex), 'number')).toThrow(DerSyntaxError)
  })

  it('reads counts up to 2^31 - 1 and no negative ones', () => {
    expect(readSmallInteger(node('020100'), 'count')).toBe(0)
    expect(readSmallInteger(node('020103'), 'count')).toBe(3)
    expect(readSmallInteger(node('02047fffffff'), 'count')).toBe(2 ** 31 - 1)
    expect(() => readSmallInteger(node('02050080000000'), 'count')).toThrow('count is too large')
    expect(() => readSmallInteger(node('0201ff'), 'count')).toThrow('count is negative')
  })
})

describe('bit strings', () => {
  it('gives keys and signatures as whole bytes only', () => {
    expect(readWholeBytes(node('030300abcd'), 'signature').toString('hex')).toBe('abcd')
    expect(readWholeBytes(node('030100'), 'signature')).toHaveLength(0)
    expect(() => readWholeBytes(node('030201ac'), 'signature')).toThrow('signature holds no whole bytes')
  })

  it('numbers named bits from the first', () => {
    expect(readNamedBits(node('030205a0'), 'usage')).toEqual([0, 2])
    expect(readNamedBits(node('0303070080'), 'usage')).toEqual([8])
    expect(readNamedBits(node('030100'), 'usage')).toEqual([])
    expect(readNamedBits(readDer(derNamedBits([1, 5, 6, 9])), 'usage')).toEqual([1, 5, 6, 9])
  })

  it.each([
    ['no byte', '0300'],
    ['eight unused bits', '03020800'],
    ['unused bits without bits', '030101'],
    ['unused bits that are set (X.690 11.2.1)', '030204a8'],
    ['another type', '040200a0'],
  ])('refuses %s', (_, hex) => {
    expect(() => readNamedBits(node(hex), 'usage')).toThrow(DerSyntaxError)
  })
})
