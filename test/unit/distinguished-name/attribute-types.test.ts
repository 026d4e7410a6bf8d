import { describe, expect, it } from 'vitest'
import {
  ATTRIBUTE_TYPES,
  attributeTypeByName,
  attributeTypeByOid,
} from '../../../src/distinguished-name/attribute-types.ts'

describe('attribute types', () => {
  it('has exactly the short names of RFC 4514 section 3 marked', () => {
    const marked = ATTRIBUTE_TYPES.filter(({ inRfc4514 }) => inRfc4514).map(({ name, oid }) => `${name} ${oid}`)
    expect(marked.sort()).toEqual([
      'C 2.5.4.6',
      'CN 2.5.4.3',
      'DC 0.9.2342.19200300.100.1.25',
      'L 2.5.4.7',
      'O 2.5.4.10',
      'OU 2.5.4.11',
      'ST 2.5.4.8',
      'STREET 2.5.4.9',
      'UID 0.9.2342.19200300.100.1.1',
    ])
  })

  it('gives no name and no OID twice, whatever the letter case', () => {
    const names = ATTRIBUTE_TYPES.flatMap(({ name, aliases }) => [name, ...aliases]).map((name) => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(ATTRIBUTE_TYPES.map(({ oid }) => oid)).size).toBe(ATTRIBUTE_TYPES.length)
  })

  it('has usual names that policies can write as identifiers', () => {
    for (const { name } of ATTRIBUTE_TYPES) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/)
  })

  it('finds types by name, alias and OID', () => {
    expect(attributeTypeByName('JURISDICTIONC')).toBe(attributeTypeByOid('1.3.6.1.4.1.311.60.2.1.3'))
    expect(attributeTypeByName('sn')?.name).toBe('surname')
    expect(attributeTypeByName('nope')).toBeUndefined()
    expect(attributeTypeByOid('1.2.3')).toBeUndefined()
  })
})
