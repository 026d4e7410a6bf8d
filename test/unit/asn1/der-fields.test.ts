import { describe, expect, it } from 'vitest'
import { DerFields } from '../../../src/asn1/der-fields.ts'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { TAG } from '../../../src/asn1/tags.ts'
import { der, derInteger } from '../../support/write-der.ts'

const one = derInteger(1)
const two = derInteger(2)
const context = der(0xa1, one)
const fieldsOf = (...parts: Buffer[]): DerFields => new DerFields(readDer(der(0x30, ...parts)), 'example')

describe('DerFields', () => {
  it('takes fields in order, optional ones only where they are', () => {
    const fields = fieldsOf(one, context, two)
    expect(fields.takeOptional(TAG.boolean)).toBeUndefined()
    expect(fields.takeOptionalContext(1)).toBeUndefined()
    expect(fields.takeOptional(TAG.integer)?.raw).toEqual(one)
    expect(fields.takeOptionalContext(0)).toBeUndefined()
    expect(fields.takeOptional(TAG.boolean)).toBeUndefined()
    expect(fields.takeOptionalContext(1)?.raw).toEqual(context)
    expect(fields.take(TAG.integer, 'two').raw).toEqual(two)
    fields.end()
    expect(fields.takeAny()).toBeUndefined()
  })

  it('does not take a context tag for a universal one of the same number', () => {
    expect(() => fieldsOf(der(0x82, Buffer.of(1))).take(TAG.integer, 'number')).toThrow(
      'number of example has the wrong type',
    )
    expect(fieldsOf(one).takeOptionalContext(TAG.integer)).toBeUndefined()
    expect(fieldsOf(der(0x82, Buffer.of(1))).takeOptional(TAG.integer)).toBeUndefined()
  })

  it('refuses missing fields, fields of another type, fields left over, and anything but a SEQUENCE', () => {
    expect(() => fieldsOf().take(TAG.integer, 'number')).toThrow('number of example is missing')
    expect(() => fieldsOf(one).take(TAG.boolean, 'flag')).toThrow('flag of example has the wrong type')
    expect(() => fieldsOf(one).end()).toThrow('example has unexpected fields')
    expect(() => new DerFields(readDer(der(0x31)), 'example')).toThrow(DerSyntaxError)
    expect(() => new DerFields(undefined, 'example')).toThrow('example is missing')
  })
})
