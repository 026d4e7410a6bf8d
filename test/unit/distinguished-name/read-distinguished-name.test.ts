import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../src/asn1/der-syntax-error.ts'
import { readDer } from '../../../src/asn1/read-der.ts'
import type { DistinguishedName } from '../../../src/distinguished-name/distinguished-name.ts'
import { readDistinguishedName } from '../../../src/distinguished-name/read-distinguished-name.ts'
import { brazilianSubject } from '../../support/mint-certificates.ts'
import { distinguishedName, encodeName, type Subject } from '../../support/mint-subject.ts'
import { der, derInteger, derOid } from '../../support/write-der.ts'

const read = (bytes: Buffer): DistinguishedName => readDistinguishedName(readDer(bytes), 'subject')
const CN = derOid('2.5.4.3')
const text = der(0x0c, Buffer.from('a'))

describe('readDistinguishedName', () => {
  it.each<[string, Subject]>([
    ['a Brazilian subject', brazilianSubject({ softwareId: 'a', organisationId: 'b' })],
    [
      'every string type',
      [
        ['CN', 'ã', 'utf8'],
        ['CN', 'a', 'printable'],
        ['CN', 'ã', 'teletex'],
        ['CN', 'ã', 'bmp'],
        ['CN', '😀', 'universal'],
      ],
    ],
    ['the empty name', []],
  ])('reads %s', (_, subject) => {
    expect(read(encodeName(subject))).toEqual(distinguishedName(subject))
  })

  it('reads RDNs of several attributes and values that are no text', () => {
    const name = read(der(0x30, der(0x31, der(0x30, CN, text), der(0x30, derOid('1.2.3'), derInteger(5)))))
    expect(name).toEqual([
      [
        { oid: '2.5.4.3', tag: 12, value: 'a', der: '0c0161' },
        { oid: '1.2.3', tag: 2, value: null, der: '020105' },
      ],
    ])
  })

  it.each([
    ['a SET of nothing', der(0x30, der(0x31))],
    ['an RDN that is no SET', der(0x30, der(0x30, der(0x30, CN, text)))],
    ['an attribute without a value', der(0x30, der(0x31, der(0x30, CN)))],
    ['an attribute with two values', der(0x30, der(0x31, der(0x30, CN, text, text)))],
    ['an attribute without a type', der(0x30, der(0x31, der(0x30, text, text)))],
    ['something else', derInteger(1)],
  ])('refuses %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(DerSyntaxError)
  })

  it('takes 64 attributes, no more', () => {
    const rdn = der(0x31, der(0x30, CN, text))
    expect(read(der(0x30, ...Array<Buffer>(64).fill(rdn)))).toHaveLength(64)
    expect(() => read(der(0x30, ...Array<Buffer>(65).fill(rdn)))).toThrow('subject has more than 64 attributes')
  })
})
