import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { DerSyntaxError } from '../../../../src/asn1/der-syntax-error.ts'
import { readSubjectAltNames } from '../../../../src/certificate/parse/read-subject-alt-names.ts'
import { writeDistinguishedName } from '../../../../src/distinguished-name/write-distinguished-name.ts'
import type { OtherName } from '../../../../src/model/client.ts'
import { distinguishedName, encodeName, type Subject } from '../../../support/mint-subject.ts'
import { der, derInteger, derOid } from '../../../support/write-der.ts'

const UPN = '1.3.6.1.4.1.311.20.2.3'
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))
const otherName = (type: string, value: Buffer): Buffer => der(0xa0, derOid(type), der(0xa0, value))
const otherNamesOf = (...names: readonly Buffer[]): readonly OtherName[] =>
  readSubjectAltNames(der(0x30, ...names)).otherName
const SUBJECT: Subject = [
  ['C', 'GB'],
  [
    ['CN', 'a\nb'],
    ['UID', 'c'],
  ],
]

describe('readSubjectAltNames', () => {
  it('reads user principal names, in their order', () => {
    expect(otherNamesOf(otherName(UPN, utf8('ana@ipê.example')), otherName(UPN, utf8('b@x.example')))).toEqual([
      { type: UPN, value: 'ana@ipê.example', der: utf8('ana@ipê.example').toString('hex') },
      { type: UPN, value: 'b@x.example', der: utf8('b@x.example').toString('hex') },
    ])
  })

  it.each([
    ['SEQUENCE, such as a Kerberos principal', der(0x30, derInteger(1)), '3003020101'],
    ['number', derInteger(5), '020105'],
    ['string that is no text of its type', der(0x0c, Buffer.of(0xff)), '0c01ff'],
    ['value tagged in a context of its own', der(0x80, Buffer.from('a')), '800161'],
  ])('keeps a %s as its bytes', (_, value, hex) => {
    expect(otherNamesOf(otherName('1.3.6.1.5.2.2', value))).toEqual([{ type: '1.3.6.1.5.2.2', value: null, der: hex }])
  })

  it('reads what another writer writes', () => {
    const written = new x509.SubjectAlternativeNameExtension([
      { type: 'upn', value: 'ana@a.example' },
      { type: 'dn', value: 'CN=a,O=b' },
      { type: 'dns', value: 'a.example' },
    ])
    const { otherName: others, directoryName, dns } = readSubjectAltNames(Buffer.from(written.value))
    expect(others).toMatchObject([{ type: UPN, value: 'ana@a.example' }])
    expect(dns).toEqual(['a.example'])
    // Text goes from the end of a name to its beginning; this writer keeps the order of the text.
    expect(directoryName.map(writeDistinguishedName)).toEqual(['O=b,CN=a'])
  })

  it('reads directory names whole', () => {
    const { directoryName } = readSubjectAltNames(der(0x30, der(0xa4, encodeName(SUBJECT))))
    expect(directoryName).toEqual([distinguishedName(SUBJECT)])
    expect(directoryName.map(writeDistinguishedName)).toEqual([String.raw`CN=a\0Ab+UID=c,C=GB`])
  })

  it('passes over forms that no policy asks for', () => {
    const forms = [der(0xa3, der(0x30)), der(0xa5, der(0x30)), der(0x88, Buffer.of(0x2a, 3))]
    expect(readSubjectAltNames(der(0x30, ...forms, der(0x82, Buffer.from('a.example'))))).toEqual({
      dns: ['a.example'],
      uri: [],
      ip: [],
      email: [],
      otherName: [],
      directoryName: [],
    })
  })

  it.each([
    ['another name without a value', der(0xa0, derOid(UPN)), 'otherName has not one type and one value'],
    ['another name with an empty value', der(0xa0, derOid(UPN), der(0xa0)), 'otherName has not one type'],
    [
      'another name with two values',
      der(0xa0, derOid(UPN), der(0xa0, utf8('a'), utf8('b'))),
      'otherName has not one type',
    ],
    ['another name with more fields', der(0xa0, derOid(UPN), der(0xa0, utf8('a')), utf8('b')), 'otherName has not one'],
    ['another name whose value has no tag around it', der(0xa0, derOid(UPN), utf8('a')), 'otherName has not one type'],
    [
      'another name whose value has another tag around it',
      der(0xa0, derOid(UPN), der(0xa1, utf8('a'))),
      'otherName has not one type',
    ],
    ['another name without a type', der(0xa0, utf8('a'), der(0xa0, utf8('a'))), 'type of otherName has the wrong type'],
    ['another name that is no list', der(0x80, Buffer.from('a')), 'otherName has not one type and one value'],
    ['NUL in another name', otherName(UPN, utf8('ana@bank.example\0.evil.example')), 'otherName holds control'],
    ['a line end in another name', otherName(UPN, utf8('a\n{"event":"decision"}')), 'otherName holds control'],
    ['empty text in another name', otherName(UPN, utf8('')), 'otherName is empty'],
    ['text of 4097 characters', otherName(UPN, utf8('a'.repeat(4097))), 'otherName has more than 4096 characters'],
    ['an empty directory name', der(0xa4), 'directoryName is missing'],
    ['two directory names in one', der(0xa4, der(0x30), der(0x30)), 'directoryName has more than one name'],
    ['a directory name without its own tag', der(0xa4, der(0x31)), 'directoryName has the wrong type'],
  ])('refuses %s', (_, name, message) => {
    const bytes = der(0x30, name)
    expect(() => readSubjectAltNames(bytes)).toThrow(DerSyntaxError)
    expect(() => readSubjectAltNames(bytes)).toThrow(message)
  })
})
