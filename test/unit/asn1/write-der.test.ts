import { describe, expect, it } from 'vitest'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readIntegerHex } from '../../../src/asn1/read-integer.ts'
import { readObjectIdentifier } from '../../../src/asn1/read-object-identifier.ts'
import { writeDer, writeInteger, writeObjectIdentifier } from '../../../src/asn1/write-der.ts'

describe('writing DER', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('gives a value of %i bytes the shortest length', (size) => {
    const written = writeDer(0x04, Buffer.alloc(size, 7))
    const node = readDer(written, { sizeLimitBytes: 100_000, depthLimit: 2 })
    expect(node.contents.equals(Buffer.alloc(size, 7))).toBe(true)
  })

  it('puts parts one after the other', () => {
    expect(writeDer(0x30, writeDer(0x05), writeDer(0x04, Buffer.of(1))).toString('hex')).toBe('30050500040101')
  })

  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [255n, '020200ff'],
    [256n, '02020100'],
    [-1n, '0201ff'],
    [-128n, '020180'],
    [-129n, '0202ff7f'],
    [0x8000n, '0203008000'],
  ])('gives the integer %s the fewest bytes', (value, expected) => {
    expect(writeInteger(value).toString('hex')).toBe(expected)
    expect(readIntegerHex(readDer(writeInteger(value)), 'value')).toBe(value.toString(16))
  })

  it.each(['1.3.14.3.2.26', '2.5.29.15', '2.16.840.1.101.3.4.2.1', '1.3.6.1.4.1.311.60.2.1.3', '2.999.4294967296'])(
    'writes the object identifier %s as the reader knows it',
    (oid) => {
      expect(readObjectIdentifier(readDer(writeObjectIdentifier(oid)), 'oid')).toBe(oid)
    },
  )
})
