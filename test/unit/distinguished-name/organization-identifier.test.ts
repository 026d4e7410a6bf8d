import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  organizationIdentifierOf,
  parseOrganizationIdentifier,
} from '../../../src/distinguished-name/organization-identifier.ts'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'

describe('parseOrganizationIdentifier (ETSI EN 319 412-1 5.1.4)', () => {
  it.each([
    ['PSDGB-FCA-918273', { scheme: 'PSD', country: 'GB', authority: 'FCA', number: '918273' }],
    ['PSDFR-ACPR-16958', { scheme: 'PSD', country: 'FR', authority: 'ACPR', number: '16958' }],
    ['PSDES-BDE-3DFD21-x/7', { scheme: 'PSD', country: 'ES', authority: 'BDE', number: '3DFD21-x/7' }],
    ['VATDE-123456789', { scheme: 'VAT', country: 'DE', authority: null, number: '123456789' }],
    ['NTRFR-552 100 554', { scheme: 'NTR', country: 'FR', authority: null, number: '552 100 554' }],
    ['LEIXG-529900T8BM49AURSDO55', { scheme: 'LEI', country: 'XG', authority: null, number: '529900T8BM49AURSDO55' }],
    [
      'OFBBR-7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44',
      { scheme: 'OFB', country: 'BR', authority: null, number: '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44' },
    ],
    ['FG:SE-5566778899', { scheme: 'FG:', country: 'SE', authority: null, number: '5566778899' }],
    ['NTRNO-Ærlig 1', { scheme: 'NTR', country: 'NO', authority: null, number: 'Ærlig 1' }],
  ])('takes %s apart', (text, parts) => {
    expect(parseOrganizationIdentifier(text)).toEqual(parts)
  })

  it.each([
    ['nothing', ''],
    ['a bare number', '918273'],
    ['another scheme of its own', 'HARBOUR-m-17'],
    ['no number', 'VATDE-'],
    ['no hyphen', 'VATDE123456789'],
    ['a scheme in lower case', 'vatDE-123456789'],
    ['a country in lower case', 'VATde-123456789'],
    ['a scheme of two letters without colon', 'FGSE-5566778899'],
    ['a scheme of three letters with a colon', 'FGH:SE-5566778899'],
    ['a scheme of four letters', 'NTRGB2-918273'],
    ['a state or province, which the EN does not know', 'NTRUS+CA-12345'],
    ['spaces before it', ' VATDE-1'],
    ['scheme PSD without an authority (TS 119 495 5.2.1)', 'PSDGB-918273'],
    ['scheme PSD without a number', 'PSDGB-FCA-'],
    ['scheme PSD with an authority of one letter', 'PSDGB-F-918273'],
    ['scheme PSD with an authority of nine letters', 'PSDGB-ABCDEFGHI-918273'],
    ['scheme PSD with an authority in lower case', 'PSDGB-fca-918273'],
    ['NUL', 'VATDE-1\0'],
    ['a line end', 'VATDE-1\n'],
    ['an invisible character', 'PSDGB-FCA-918\u200b273'],
    ['a number of 257 characters', `VATDE-${'1'.repeat(257)}`],
  ])('is null for %s', (_, text) => {
    expect(parseOrganizationIdentifier(text)).toBeNull()
  })

  test('puts nothing in and leaves nothing out', () => {
    const letters = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom('A', 'B', 'C', 'X', 'Y', 'Z'), minLength, maxLength })
    const number = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 256 })
    fc.assert(
      fc.property(letters(3, 3), letters(2, 2), letters(2, 8), number, (scheme, country, authority, digits) => {
        expect(parseOrganizationIdentifier(`PSD${country}-${authority}-${digits}`)).toEqual({
          scheme: 'PSD',
          country,
          authority,
          number: digits,
        })
        const parts = parseOrganizationIdentifier(`${scheme}${country}-${digits}`)
        expect(parts && `${parts.scheme}${parts.country}-${parts.number}`).toBe(`${scheme}${country}-${digits}`)
      }),
    )
  })

  test('throws for no text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseOrganizationIdentifier(text)).toSatisfy((parts) => parts === null || typeof parts === 'object')
      }),
    )
  })
})

describe('organizationIdentifierOf', () => {
  const numberOf = (text: string): string | undefined => organizationIdentifierOf(parseDistinguishedName(text))?.number

  it.each([
    ['its short name', 'CN=a,organizationIdentifier=VATDE-1,C=DE'],
    ['UTF8String', 'CN=a,2.5.4.97=#0c0756415444452d31,C=DE'],
    ['PrintableString', 'CN=a,2.5.4.97=#130756415444452d31,C=DE'],
    ['an RDN of several attributes', 'CN=a+organizationIdentifier=VATDE-1,C=DE'],
  ])('finds it as %s', (_, name) => {
    expect(numberOf(name)).toBe('1')
  })

  it.each([
    ['a name without it', 'CN=VATDE-1'],
    ['an empty name', ''],
    ['a value that is no text', '2.5.4.97=#020105'],
    ['a value of another form', 'organizationIdentifier=HARBOUR-m-17'],
    ['two of them', 'organizationIdentifier=VATDE-1,organizationIdentifier=VATDE-2'],
    ['two of them, one without the form', 'organizationIdentifier=VATDE-1,organizationIdentifier=x'],
    ['the same one twice', 'organizationIdentifier=VATDE-1+organizationIdentifier=VATDE-1'],
  ])('is null for %s', (_, name) => {
    expect(organizationIdentifierOf(parseDistinguishedName(name))).toBeNull()
  })
})
