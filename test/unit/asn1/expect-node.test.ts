import { expect, it } from 'vitest'
import { expectParts } from '../../../src/asn1/expect-node.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import { TAG } from '../../../src/asn1/tags.ts'
import { der, derInteger } from '../../support/write-der.ts'

it('gives the parts of a list that has at least one', () => {
  expect(expectParts(readDer(der(0x31, derInteger(1), derInteger(2))), TAG.set, 'list')).toHaveLength(2)
  expect(() => expectParts(readDer(der(0x31)), TAG.set, 'list')).toThrow('list is empty')
  expect(() => expectParts(readDer(der(0x30, derInteger(1))), TAG.set, 'list')).toThrow('list has the wrong type')
  expect(() => expectParts(undefined, TAG.set, 'list')).toThrow('list is missing')
})
