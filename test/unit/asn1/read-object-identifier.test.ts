import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readObjectIdentifier } from '../../../src/asn1/read-object-identifier.ts'
import { derOid } from '../../support/write-der.ts'

const read = (hex: string): string => readObjectIdentifier(readDer(Buffer.from(hex, 'hex')), 'type')

describe('readObjectIdentifier', () => {
  it.each([
    ['0603550461', '2.5.4.97'],
    ['06032a8648', '1.2.840'],
    ['06092a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['06010a', '0.10'],
    ['060127', '0.39'],
    ['060128', '1.0'],
    ['06014f', '1.39'],
    ['060150', '2.0'],
    ['06028837', '2.999'],
    ['060a0992268993f22c640101', '0.9.2342.19200300.100.1.1'],
  ])('reads %s as %s', (hex, dotted) => {
    expect(read(hex)).toBe(dotted)
  })

  it.each([
    ['no arc', '0600'],
    ['an arc that is cut off', '06025586'],
    ['a padded arc, a second spelling of the same OID (X.690 8.19.2)', '060455800461'],
    ['a padded first arc', '06028055'],
    ['another type', '0403550461'],
  ])('refuses %s', (_, hex) => {
    expect(() => read(hex)).toThrow(DerSyntaxError)
  })

  it('refuses more than 64 bytes', () => {
    expect(read(`0640${'01'.repeat(64)}`)).toMatch(/^0\.1\.1/)
    expect(() => read(`0641${'01'.repeat(65)}`)).toThrow('type is no OID')
  })

  test('arcs of any size survive', () => {
    const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(arcs, (rest) => {
        const dotted = `2.25.${rest.join('.')}`
        expect(readObjectIdentifier(readDer(derOid(dotted)), 'type')).toBe(dotted)
      }),
    )
  })
})
