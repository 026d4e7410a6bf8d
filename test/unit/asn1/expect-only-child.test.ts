import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { expectOnlyChild } from '../../../src/asn1/expect-only-child.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readEnumerated } from '../../../src/asn1/read-enumerated.ts'

const read = (hex: string) => readDer(Buffer.from(hex, 'hex'))

describe('an explicit tag', () => {
  it('wraps one value', () => {
    expect(expectOnlyChild(read('a003020105'), 'version').raw.toString('hex')).toBe('020105')
  })

  it.each(['a000', 'a006020105020106', '8000'])('that wraps nothing or two values is refused: %s', (hex) => {
    expect(() => expectOnlyChild(read(hex), 'version')).toThrow(new DerSyntaxError('version is not one value'))
  })
})

describe('a listed number', () => {
  it('is read', () => {
    expect(readEnumerated(read('0a0106'), 'status')).toBe(6)
  })

  it.each(['0a00', '0a020001', '0a0180', '0a0400000001'])('of another form is refused: %s', (hex) => {
    expect(() => readEnumerated(read(hex), 'status')).toThrow(new DerSyntaxError('status is no listed number'))
  })

  it('must not be an integer instead', () => {
    expect(() => readEnumerated(read('020106'), 'status')).toThrow('status has the wrong type')
  })
})
