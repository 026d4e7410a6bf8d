import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readImplicit } from '../../../src/asn1/read-implicit.ts'
import { readSmallInteger } from '../../../src/asn1/read-integer.ts'
import { TAG } from '../../../src/asn1/tags.ts'
import { der, derInteger } from '../../support/write-der.ts'

describe('readImplicit', () => {
  it('reads a primitive value and a constructed one as what they are', () => {
    expect(readSmallInteger(readImplicit(readDer(der(0x80, Buffer.of(7))), TAG.integer), 'x')).toBe(7)
    const set = readImplicit(readDer(der(0xa1, derInteger(1), derInteger(2))), TAG.set)
    expect([set.tag, set.children.length]).toEqual([TAG.set, 2])
  })

  it('keeps a long length', () => {
    expect(readImplicit(readDer(der(0x80, Buffer.alloc(300, 1))), TAG.octetString).contents).toHaveLength(300)
  })

  it('refuses a value in the form that its type does not have', () => {
    expect(() => readImplicit(readDer(der(0x80, Buffer.of(7))), TAG.set)).toThrow(DerSyntaxError)
    expect(() => readImplicit(readDer(der(0xa0, derInteger(7))), TAG.integer)).toThrow(DerSyntaxError)
  })
})
