import { expect, it } from 'vitest'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import { valuesOfAttribute } from '../../../src/distinguished-name/values-of-attribute.ts'

const NAME = parseDistinguishedName('CN=a,OU=b,OU=c+L=d,2.5.4.97=#0c0165,1.2.3=#020101')

it.each([
  ['OU', ['c', 'b']],
  ['ou', ['c', 'b']],
  ['2.5.4.11', ['c', 'b']],
  ['OID.2.5.4.11', ['c', 'b']],
  ['L', ['d']],
  ['organizationIdentifier', ['e']],
  ['1.2.3', ['#020101']],
  ['C', []],
])('gives the values of %s in certificate order', (attribute, values) => {
  expect(valuesOfAttribute(NAME, attribute)).toEqual(values)
})

it('does not take a misspelt attribute for one that is not there', () => {
  expect(() => valuesOfAttribute(NAME, 'organisationIdentifier')).toThrow(RangeError)
})
