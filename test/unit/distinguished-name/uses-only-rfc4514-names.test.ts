import { describe, expect, it } from 'vitest'
import { usesOnlyRfc4514Names } from '../../../src/distinguished-name/uses-only-rfc4514-names.ts'

describe('usesOnlyRfc4514Names (Open Finance Brasil DCR ID3 7.1.2)', () => {
  it.each([
    'CN=a,UID=b,2.5.4.97=#0c0161,L=c,ST=d,O=e,C=BR,2.5.4.5=#130131,1.3.6.1.4.1.311.60.2.1.3=#13024252,2.5.4.15=#0c0161',
    'cn=a,Ou=b,STREET=c,dc=d',
    'CN=a, 2.5.4.97=#0C0161, O=b',
    'CN=a+2.5.4.5=#130131,C=BR',
    String.raw`CN=a\, b,O=\C3\A3`,
    '',
  ])('accepts %j', (text) => {
    expect(usesOnlyRfc4514Names(text)).toBe(true)
  })

  it.each([
    ['a name that is not in section 3', 'CN=a,organizationIdentifier=b'],
    ['such a name with a hexadecimal value', 'CN=a,serialNumber=#130131'],
    ['the long form of a name', 'commonName=a'],
    ['the Windows form of a name', 'CN=a,S=b'],
    ['a dotted OID with plain text', '2.5.4.97=b'],
    ['a dotted OID with quoted text', '2.5.4.97="b"'],
    ['a dotted OID with OID. before it', 'OID.2.5.4.97=#0c0162'],
    ['a dotted OID that has a short name', '2.5.4.3=#0c0161'],
    ['a short name with a hexadecimal value', 'CN=#0c0161'],
    ['a quoted value', 'CN="a"'],
    ['one bad attribute among good ones', 'CN=a,O=b+businessCategory=c,C=BR'],
    ['a type that nobody knows', 'CN=a,NOPE=b'],
    ['a hexadecimal value that is no DER', '2.5.4.97=#0c05'],
    ['text that is no name', 'CN'],
  ])('refuses %s', (_, text) => {
    expect(usesOnlyRfc4514Names(text)).toBe(false)
  })
})
