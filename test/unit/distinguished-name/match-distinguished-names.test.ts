import { describe, expect, it } from 'vitest'
import type { DistinguishedName } from '../../../src/distinguished-name/distinguished-name.ts'
import {
  distinguishedNamesMatch,
  distinguishedNamesMatchInAnyOrder,
  matchingKey,
} from '../../../src/distinguished-name/match-distinguished-names.ts'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import { distinguishedName } from '../../support/mint-subject.ts'

const matches = (one: string, other: string): boolean =>
  distinguishedNamesMatch(parseDistinguishedName(one), parseDistinguishedName(other))

/** The five renderings that registrants send for one certificate (regimes, section 6.2). */
const RENDERINGS = [
  'CN=0015800009zQxTkAAK,organizationIdentifier=PSDGB-FCA-918273,O=Larkfield Finance Ltd,C=GB',
  'CN=0015800009zQxTkAAK,2.5.4.97=#0C1050534447422D4643412D393138323733,O=Larkfield Finance Ltd,C=GB',
  'CN=0015800009zQxTkAAK,2.5.4.97=#131050534447422D4643412D393138323733,O=Larkfield Finance Ltd,C=GB',
  'CN=0015800009zQxTkAAK,2.5.4.97=PSDGB-FCA-918273,O=Larkfield Finance Ltd,C=GB',
  'CN=0015800009zQxTkAAK, OID.2.5.4.97=PSDGB-FCA-918273, O=Larkfield Finance Ltd, C=GB',
]

const CERTIFICATE: DistinguishedName = distinguishedName([
  ['C', 'GB', 'printable'],
  ['O', 'Larkfield Finance Ltd', 'utf8'],
  ['organizationIdentifier', 'PSDGB-FCA-918273', 'utf8'],
  ['CN', '0015800009zQxTkAAK', 'printable'],
])

describe('distinguishedNamesMatch (RFC 4517 4.2.15)', () => {
  it.each(RENDERINGS)('takes %s for the name of the certificate (regimes, section 6.2)', (text) => {
    expect(distinguishedNamesMatch(parseDistinguishedName(text), CERTIFICATE)).toBe(true)
    for (const other of RENDERINGS) expect(matches(text, other)).toBe(true)
  })

  it.each([
    ['another value', RENDERINGS.map((text) => text.replace('0015800009zQxTkAAK', '0015800009zQxTkAAL'))],
    [
      'another organisation',
      RENDERINGS.map((text) => text.replace('918273', '918274').replace('393138323733', '393138323734')),
    ],
    ['an attribute less', RENDERINGS.map((text) => text.replace(/,\s*C=GB/, ''))],
    ['an attribute more', RENDERINGS.map((text) => `${text},DC=x`)],
    ['the RDNs in reverse order', RENDERINGS.map((text) => text.split(',').reverse().join(','))],
    ['two RDNs made one', RENDERINGS.map((text) => text.replace(/,\s*C=GB/, '+C=GB'))],
    ['the same value for another attribute', RENDERINGS.map((text) => text.replace(/\bO=/, 'OU='))],
  ])('tells a name with %s apart', (_, texts) => {
    for (const text of texts) expect(distinguishedNamesMatch(parseDistinguishedName(text), CERTIFICATE)).toBe(false)
  })

  it.each([
    ['letter case', 'CN=Banco Ipê', 'CN=BANCO IPÊ'],
    ['spaces at the ends and in a row', 'CN=" Banco   Ipe "', 'CN=Banco Ipe'],
    ['spaces of other kinds', 'CN=Banco\u00a0\u3000Ipe', 'CN=Banco Ipe'],
    ['composed and decomposed characters', 'CN=Ip\u00ea', 'CN=Ipe\u0302'],
    ['compatibility characters (NFKC)', 'CN=ﬁn', 'CN=FIN'],
    ['compatibility characters whose letter case shows only then', 'CN=\u210c', 'CN=h'],
    ['characters that compose only in lower case', 'CN=J\u030c', 'CN=\u01f0'],
    ['spaces at the ends of text beyond ASCII', 'CN=" ã \u3000"', 'CN=ã'],
    ['full-width letters', 'CN=\uff22', 'CN=b'],
    ['sharp s', 'CN=STRASSE', 'CN=Straße'],
    ['capital sharp s', 'CN=STRAẞE', 'CN=strasse'],
    ['final sigma', 'CN=ΟΔΟΣ', 'CN=οδοσ'],
    ['invisible characters', 'CN=Ban\u200bco\u00ad', 'CN=Banco'],
    ['the order inside an RDN', 'CN=a+UID=b', 'UID=b+CN=a'],
    ['TeletexString and UTF8String', 'CN=#1401e3', 'CN=ã'],
    ['BMPString and UTF8String', 'CN=#1e0200e3', 'CN=ã'],
    ['empty names', '', ''],
  ])('does not mind %s', (_, one, other) => {
    expect(matches(one, other)).toBe(true)
    expect(matches(other, one)).toBe(true)
  })

  it.each([
    ['a space more or none', 'CN=Banco Ipe', 'CN=BancoIpe'],
    ['an accent', 'CN=Ipe', 'CN=Ipê'],
    ['a dotless i, which upper-casing makes an i', 'CN=b\u0131nance', 'CN=binance'],
    ['letters of another script', 'CN=\u0430', 'CN=a'],
    ['a NUL inside (bank.com NUL .evil.com)', String.raw`CN=bank.com\00.evil.com`, 'CN=bank.com.evil.com'],
    ['a control character inside', String.raw`CN=a\01b`, 'CN=ab'],
    ['a control character that separates attributes in keys', String.raw`O=b\012.5.4.3=a`, 'CN=a+O=b'],
    ['the letter case of text with control characters', String.raw`CN=a\01`, String.raw`CN=A\01`],
    ['a replacement character', 'CN=a\ufffd', 'CN=a'],
    ['how often an attribute occurs in an RDN', 'CN=a+CN=a+CN=b', 'CN=a+CN=b+CN=b'],
    ['how often an attribute occurs in an RDN at all', 'CN=a+CN=a', 'CN=a'],
    ['the bytes of values that are no text', '1.2.3=#020101', '1.2.3=#020102'],
    ['text and bytes that spell it', '1.2.3=#020161', '1.2.3=#0c0161'],
    ['a string that is no text of its type and its bytes as text', 'CN=#1301e3', 'CN=ã'],
    ['the empty name and an empty value', '', 'CN='],
  ])('minds %s', (_, one, other) => {
    expect(matches(one, other)).toBe(false)
    expect(matches(one, one)).toBe(true)
    expect(matches(other, other)).toBe(true)
  })

  it.each([
    [
      'organizationIdentifier and its dotted OID',
      'organizationIdentifier=PSDGB-FCA-918273',
      '2.5.4.97=PSDGB-FCA-918273',
    ],
    ['OID. before the dotted OID', 'OID.2.5.4.97=PSDGB-FCA-918273', '2.5.4.97=PSDGB-FCA-918273'],
    ['text and its DER as UTF8String', '2.5.4.97=VATDE-1', '2.5.4.97=#0C0756415444452D31'],
    ['text and its DER as PrintableString', '2.5.4.97=VATDE-1', '2.5.4.97=#130756415444452D31'],
    ['DER as UTF8String and as BMPString', '2.5.4.97=#0C0141', '2.5.4.97=#1E020041'],
    ['a short name and DER', 'organizationIdentifier=#0C0756415444452D31', 'OID.2.5.4.97=VATDE-1'],
    ['letter case in hexadecimal digits', '2.5.4.97=#0c0756415444452d31', '2.5.4.97=#0C0756415444452D31'],
    ['letter case in a value that is given as DER', '2.5.4.97=#0C0141', '2.5.4.97=a'],
    ['spaces around commas and equals signs', 'CN = a , 2.5.4.97 = #0C0141 , C = GB', 'CN=a,2.5.4.97=A,C=GB'],
  ])('takes %s for the same (regimes, section 6.2)', (_, one, other) => {
    expect(matches(one, other)).toBe(true)
    expect(matches(other, one)).toBe(true)
  })

  it('compares the same string in DER by what it says, not by its bytes (regimes, section 6.2)', () => {
    // The first is the text #0C0141, the second what that text would say as DER.
    expect(matches(String.raw`2.5.4.97=\#0C0141`, '2.5.4.97=#0C0141')).toBe(false)
    expect(matches('2.5.4.97="#0C0141"', String.raw`2.5.4.97=\#0C0141`)).toBe(true)
  })

  it('has one key for names that match, so that issuers can be looked up', () => {
    expect(new Set([CERTIFICATE, ...RENDERINGS.map(parseDistinguishedName)].map(matchingKey)).size).toBe(1)
  })

  it('has different keys for names that only a forged separator makes alike', () => {
    const forged = parseDistinguishedName(String.raw`O=x,CN=a\022.5.4.10=b`)
    expect(matchingKey(forged)).not.toBe(matchingKey(parseDistinguishedName('O=x,O=b,CN=a')))
  })
})

describe('distinguishedNamesMatchInAnyOrder', () => {
  const reversed = (text: string): string => text.split(',').reverse().join(',')
  const matchesInAnyOrder = (one: string, other: string): boolean =>
    distinguishedNamesMatchInAnyOrder(parseDistinguishedName(one), parseDistinguishedName(other))

  it.each(RENDERINGS)(
    'takes %s back to front for the same, which the other does not (regimes, section 6.2)',
    (text) => {
      expect(distinguishedNamesMatch(parseDistinguishedName(reversed(text)), CERTIFICATE)).toBe(false)
      expect(distinguishedNamesMatchInAnyOrder(parseDistinguishedName(reversed(text)), CERTIFICATE)).toBe(true)
    },
  )

  it.each([
    ['what stands in one RDN', 'CN=a+O=b', 'CN=a,O=b'],
    ['how often an RDN occurs', 'OU=a,OU=a,OU=b', 'OU=a,OU=b,OU=b'],
    ['an RDN more', 'OU=a', 'OU=a,OU=a'],
    ['values', 'CN=a,O=b', 'CN=b,O=a'],
  ])('minds %s', (_, one, other) => {
    expect(matchesInAnyOrder(one, other)).toBe(false)
    expect(matchesInAnyOrder(one, one)).toBe(true)
  })
})
