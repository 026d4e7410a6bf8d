import { X509Certificate } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseDistinguishedName } from '../../../src/distinguished-name/parse-distinguished-name.ts'
import { usesOnlyRfc4514Names } from '../../../src/distinguished-name/uses-only-rfc4514-names.ts'
import { writeDistinguishedName } from '../../../src/distinguished-name/write-distinguished-name.ts'
import { brazilianSubject, mintSelfSigned } from '../../support/mint-certificates.ts'
import { distinguishedName, type Subject } from '../../support/mint-subject.ts'

const write = (subject: Subject): string => writeDistinguishedName(distinguishedName(subject))

const BRAZILIAN = brazilianSubject({
  softwareId: '3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11',
  organisationId: '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44',
})

describe('writeDistinguishedName (RFC 4514)', () => {
  it('writes a Brazilian transport certificate as its directory does', () => {
    expect(write(BRAZILIAN)).toBe(
      'CN=mtls.ipe.example.com.br,UID=3c5d6b1e-92f4-4f0a-8d7e-5b1f0a6c2e11,' +
        '2.5.4.97=#0c2a4f464242522d37653162326139302d346331642d346335372d396633392d306436663362386135633434,' +
        'L=Sao Paulo,ST=SP,O=Banco Ipe SA,C=BR,2.5.4.5=#130e3131323232333333303030313831,' +
        '1.3.6.1.4.1.311.60.2.1.3=#13024252,2.5.4.15=#0c1450726976617465204f7267616e697a6174696f6e',
    )
  })

  it('writes every short name of section 3', () => {
    const names = ['CN', 'L', 'ST', 'O', 'OU', 'C', 'STREET', 'DC', 'UID'] as const
    expect(write(names.map((name) => [name, 'x']))).toBe(
      names
        .toReversed()
        .map((name) => `${name}=x`)
        .join(','),
    )
  })

  it('writes the attributes of one RDN with plus signs', () => {
    const name = [
      [
        { oid: '2.5.4.3', tag: 12, value: 'a', der: '' },
        { oid: '2.5.4.10', tag: 12, value: 'b', der: '' },
      ],
    ]
    expect(writeDistinguishedName(name)).toBe('CN=a+O=b')
  })

  it.each([
    ['"+,;<>\\', String.raw`CN=\"\+\,\;\<\>\\`],
    [' a ', String.raw`CN=\ a\ `],
    ['  ', String.raw`CN=\ \ `],
    ['#a#', String.raw`CN=\#a#`],
    ['a=b', 'CN=a=b'],
    ['a\r\nb\0\u007f', String.raw`CN=a\0D\0Ab\00\7F`],
    ['a\u202eb\u2028', String.raw`CN=a\E2\80\AEb\E2\80\A8`],
    ['São 😀', 'CN=São 😀'],
    ['', 'CN='],
  ])('escapes %j', (value, text) => {
    expect(write([['CN', value]])).toBe(text)
  })

  it('writes values that are no text as hexadecimal DER', () => {
    expect(writeDistinguishedName([[{ oid: '2.5.4.3', tag: 19, value: null, der: '1301e3' }]])).toBe('CN=#1301e3')
  })

  test('what it writes is read back value by value and is in the strict form', () => {
    const attribute = fc.tuple(
      fc.constantFrom('CN', 'O', 'UID', '2.5.4.97', '1.2.3.4'),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('utf8' as const, 'universal' as const),
    )
    fc.assert(
      fc.property(fc.array(attribute, { maxLength: 5 }), (subject) => {
        const text = write(subject)
        expect(parseDistinguishedName(text).map((relative) => relative[0]?.value)).toEqual(
          subject.map(([, value]) => value),
        )
        expect(usesOnlyRfc4514Names(text)).toBe(true)
      }),
    )
  })

  it('agrees with OpenSSL about a certificate that needs much escaping', async () => {
    const subject: Subject = [
      ['C', 'BR'],
      ['O', ' Banco "Ipê", S.A. <x>;\\+ '],
      ['OU', '#1'],
      ['CN', 'a=b'],
    ]
    const { pem, name } = await mintSelfSigned({ subject })
    const options = ['x509', '-noout', '-subject', '-nameopt', 'RFC2253,-esc_msb,utf8']
    const printed = execFileSync('openssl', options, { input: pem, encoding: 'utf8' })
    expect(printed.trim()).toBe(`subject=${name}`)
    expect(new X509Certificate(pem).subject).toContain('CN=a=b')
  })
})
