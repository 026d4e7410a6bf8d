import { describe, expect, it } from 'vitest'
import { readDer } from '../../../src/asn1/read-der.ts'
import { readString } from '../../../src/asn1/read-string.ts'
import { DistinguishedNameSyntaxError } from '../../../src/distinguished-name/distinguished-name-syntax-error.ts'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'

const values = (text: string): string[] =>
  parseDistinguishedName(text)
    .flat()
    .map(({ oid, value }) => `${oid}=${value ?? 'null'}`)

const valueOf = (text: string): string | null | undefined => parseDistinguishedName(text)[0]?.[0]?.value

function offsetOf(text: string): number {
  try {
    parseDistinguishedName(text)
  } catch (failure) {
    if (failure instanceof DistinguishedNameSyntaxError) return failure.offset
    throw failure
  }
  throw new Error(`accepted: ${text}`)
}

describe('parseDistinguishedName', () => {
  it('turns text into certificate order (RFC 4514 2.1)', () => {
    expect(values('CN=client,O=Banco Ipe SA,C=BR')).toEqual(['2.5.4.6=BR', '2.5.4.10=Banco Ipe SA', '2.5.4.3=client'])
  })

  it('keeps the attributes of a multi-valued RDN together and in their order', () => {
    const name = parseDistinguishedName('CN=a+UID=b,O=c+OU=d+L=e')
    expect(name.map((relative) => relative.map(({ value }) => value))).toEqual([
      ['c', 'd', 'e'],
      ['a', 'b'],
    ])
  })

  it('gives plain values as UTF8String', () => {
    expect(parseDistinguishedName('CN=ã')).toEqual([[{ oid: '2.5.4.3', tag: 12, value: 'ã', der: '0c02c3a3' }]])
  })

  it.each([127, 128, 255, 256, 4000])('writes the length of a value of %i bytes as DER does', (length) => {
    const value = 'a'.repeat(length)
    const hex = parseDistinguishedName(`CN=${value}`)[0]?.[0]?.der ?? ''
    expect(readString(readDer(Buffer.from(hex, 'hex')))).toBe(value)
  })

  it.each([
    ['short names of RFC 4514 in any letter case', 'cn=x', '2.5.4.3'],
    ['long names', 'commonName=x', '2.5.4.3'],
    ['names that are not in RFC 4514', 'organizationIdentifier=x', '2.5.4.97'],
    ['names of OpenSSL', 'jurisdictionC=x', '1.3.6.1.4.1.311.60.2.1.3'],
    ['the name S of Windows', 'S=x', '2.5.4.8'],
    ['dotted OIDs', '2.5.4.97=x', '2.5.4.97'],
    ['dotted OIDs as Java and Windows write them', 'OID.2.5.4.97=x', '2.5.4.97'],
    ['the same in lower case', 'oid.2.5.4.97=x', '2.5.4.97'],
    ['OIDs of no known attribute', '1.2.3.4=x', '1.2.3.4'],
    [
      'OIDs with a large arc',
      '2.25.329800735698586629295641978511506172918=x',
      '2.25.329800735698586629295641978511506172918',
    ],
  ])('knows %s', (_, text, oid) => {
    expect(parseDistinguishedName(text)[0]?.[0]).toMatchObject({ oid, value: 'x' })
  })

  it.each([
    ['spaces around types, values and separators', ' CN = a b , O = c ', 'a b'],
    ['escaped special characters', String.raw`CN=\"\+\,\;\<\>\\\#\=\ `, '"+,;<>\\#= '],
    ['escaped leading and trailing spaces', String.raw`CN= \  a \ ,O=b`, '  a  '],
    ['hexadecimal pairs', String.raw`CN=a\2Cb\2cc`, 'a,b,c'],
    ['a character of several hexadecimal pairs', String.raw`CN=S\C3\A3o Paulo`, 'São Paulo'],
    ['an escape right after hexadecimal pairs', String.raw`CN=\C3\A3\,\\`, 'ã,\\'],
    ['an escaped control character', String.raw`CN=a\0Ab`, 'a\nb'],
    ['UTF-8 as it is', 'CN=São 😀', 'São 😀'],
    ['an equals sign and a number sign inside', 'CN=a=b#c', 'a=b#c'],
    ['an empty value', 'CN=', ''],
    ['quoted values (RFC 2253 section 4)', 'CN=" a, b+c;<d> " ,O=x', ' a, b+c;<d> '],
    ['escapes inside quotes', String.raw`CN="a\"b\5C"`, 'a"b\\'],
  ])('reads %s', (_, text, value) => {
    expect(parseDistinguishedName(text).at(-1)?.[0]?.value).toBe(value)
  })

  it('reads hexadecimal values by what they say and keeps how they say it', () => {
    expect(parseDistinguishedName('2.5.4.5=#13023432, C=#0C024252')).toEqual([
      [{ oid: '2.5.4.6', tag: 12, value: 'BR', der: '0c024252' }],
      [{ oid: '2.5.4.5', tag: 19, value: '42', der: '13023432' }],
    ])
  })

  it('keeps hexadecimal values of other types as bytes', () => {
    expect(parseDistinguishedName('1.2.3=#02012A')).toEqual([[{ oid: '1.2.3', tag: 2, value: null, der: '02012a' }]])
  })

  it('takes the empty text for the empty name', () => {
    expect(parseDistinguishedName('')).toEqual([])
    expect(parseDistinguishedName('  ')).toEqual([])
  })

  it.each([
    ['no equals sign', 'CN', 2],
    ['no type', '=x', 0],
    ['a type that nobody knows', 'O=a,NOPE=b', 4],
    ['an OID with a first arc above 2', '3.1=x', 0],
    ['an OID with a second arc above 39', '1.40=x', 0],
    ['an OID with a padded arc', '2.05.4=x', 0],
    ['an OID of one arc', '2=x', 0],
    ['a name after OID.', 'OID.CN=x', 0],
    ['a comma at the end', 'CN=a,', 5],
    ['a comma at the beginning', ',CN=a', 0],
    ['two commas', 'CN=a,,O=b', 5],
    ['a plus sign at the end', 'CN=a+', 5],
    ['a semicolon, which others take for a comma', 'CN=a;O=b', 4],
    ['an unescaped angle bracket', 'CN=a<b', 4],
    ['an unescaped quotation mark', 'CN=a"b', 4],
    ['an unescaped NUL', 'CN=a\0b', 4],
    ['a backslash at the end', 'CN=a\\', 4],
    ['an escaped letter that is no hexadecimal pair', String.raw`CN=\z`, 3],
    ['half a hexadecimal pair', String.raw`CN=\2`, 3],
    ['escaped bytes that are no UTF-8', String.raw`CN=\FF`, 6],
    ['half a character in hexadecimal pairs', String.raw`CN=\C3x`, 6],
    ['an unpaired surrogate', 'CN=\ud800', 3],
    ['an unpaired surrogate at the beginning', '\udc00=x', 0],
    ['quotes that are not closed', 'CN="a', 5],
    ['text after closed quotes', 'CN="a"b', 6],
    ['a hexadecimal value without digits', 'CN=#', 4],
    ['a hexadecimal value of half a byte', 'CN=#0c0', 6],
    ['a hexadecimal value that is cut off', 'O=a,CN=#0c0261', 4],
    ['a hexadecimal value with bytes left over', 'CN=#0c016161', 0],
    ['text after a hexadecimal value', 'CN=#0c0161 x', 11],
  ])('refuses %s and says where', (_, text, offset) => {
    expect(offsetOf(text)).toBe(offset)
  })

  it('says in its message where, and repeats nothing of the text', () => {
    expect(() => parseDistinguishedName('CN=a,secret-thing=b')).toThrow('unknown attribute type at offset 5')
    expect(() => parseDistinguishedName('CN=a,=b')).toThrow('attribute type expected at offset 5')
    expect(() => parseDistinguishedName('CN="a')).toThrow('closing quotation mark expected at offset 5')
  })

  it('takes 4096 characters and 64 attributes, no more', () => {
    expect(valueOf(`CN=${'a'.repeat(4093)}`)).toHaveLength(4093)
    expect(() => parseDistinguishedName(`CN=${'a'.repeat(4094)}`)).toThrow('more than 4096 characters')
    expect(values(Array(64).fill('CN=a').join(','))).toHaveLength(64)
    expect(() => parseDistinguishedName(Array(65).fill('CN=a').join('+'))).toThrow('more than 64 attributes')
  })
})
