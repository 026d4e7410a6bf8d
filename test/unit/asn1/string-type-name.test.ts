import { describe, expect, it } from 'vitest'
import { stringTypeName } from '../../../src/asn1/string-type-name.ts'

describe('stringTypeName', () => {
  it.each([
    [12, 'utf8String'],
    [18, 'numericString'],
    [19, 'printableString'],
    [20, 'teletexString'],
    [22, 'ia5String'],
    [26, 'visibleString'],
    [28, 'universalString'],
    [30, 'bmpString'],
    [2, 'other'],
    [3, 'other'],
  ])('calls universal tag %i %s (X.680 section 8.4)', (tag, name) => {
    expect(stringTypeName(tag)).toBe(name)
  })
})
