import { describe, expect, it } from 'vitest'
import {
  isEmailWithin,
  isHostOfUriWithin,
  isHostWithin,
} from '../../../../../src/certificate/path/names/text-subtree.ts'

describe('isHostWithin (RFC 5280 4.2.1.10)', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['example.com', 'EXAMPLE.com', true],
    ['example.com', 'a.example.com', true],
    ['example.com', 'a.b.example.com', true],
    ['example.com', 'badexample.com', false],
    ['example.com', 'com', false],
    ['example.com', 'example.com.evil.org', false],
    ['a.example.com', 'example.com', false],
    ['.example.com', 'a.example.com', true],
    ['.example.com', 'example.com', false],
    ['example.com', 'example.com.', true],
    ['example.com.', 'a.example.com', true],
    ['', 'anything.org', true],
    ['example.com', '*.example.com', true],
    ['a.example.com', '*.example.com', false],
    ['example.com', '.example.com', null],
    ['example.com', 'a..example.com', null],
    ['example.com', 'a b.example.com', null],
    ['example.com', '', null],
  ])('says whether below %j lies %j: %s', (base, name, expected) => {
    expect(isHostWithin(base, name, 'permitted')).toBe(expected)
  })

  it.each([
    ['a.example.com', '*.example.com', true],
    ['b.a.example.com', '*.example.com', false],
    ['example.com', '*.com', true],
    ['example.org', '*.com', false],
  ])('lets the exclusion of %j hit the wildcard %j: %s', (base, name, expected) => {
    expect(isHostWithin(base, name, 'excluded')).toBe(expected)
  })
})

describe('isEmailWithin (RFC 5280 4.2.1.10)', () => {
  it.each([
    ['example.com', 'a@example.com', true],
    ['example.com', 'a@EXAMPLE.com', true],
    ['example.com', 'a@mail.example.com', false],
    ['.example.com', 'a@mail.example.com', true],
    ['.example.com', 'a@example.com', false],
    ['a@example.com', 'a@example.com', true],
    ['a@example.com', 'A@example.com', false],
    ['a@example.com', 'a@EXAMPLE.COM', true],
    ['a@example.com', 'b@example.com', false],
    ['', 'a@example.com', true],
    ['example.com', 'example.com', null],
    ['example.com', '@example.com', null],
    ['example.com', 'a@', null],
    ['example.com', 'a@b@example.com', null],
    ['example.com', '"a@evil.org"@example.com', null],
    ['example.com', 'a@[192.0.2.1]', null],
  ])('says whether below %j lies %j: %s', (base, name, expected) => {
    expect(isEmailWithin(base, name, 'permitted')).toBe(expected)
  })

  it('excludes a mailbox in any letter case, since hosts seldom tell it apart', () => {
    expect(isEmailWithin('a@example.com', 'A@example.com', 'excluded')).toBe(true)
    expect(isEmailWithin('a@example.com', 'b@example.com', 'excluded')).toBe(false)
  })
})

describe('isHostOfUriWithin (RFC 5280 4.2.1.10)', () => {
  it.each([
    ['example.com', 'https://example.com', true],
    ['example.com', 'https://example.com/path?query#fragment', true],
    ['example.com', 'HTTPS://user:secret@EXAMPLE.com:8443/', true],
    ['example.com', 'https://a.example.com/', false],
    ['.example.com', 'https://a.example.com/', true],
    ['.example.com', 'https://example.com/', false],
    ['', 'https://example.com/', true],
    ['example.com', 'https://example.com.evil.org/', false],
    ['example.com', 'https://evil.org?@example.com/', false],
    ['example.com', 'https://evil.org#@example.com/', false],
    ['example.com', 'https://evil.org/@example.com/', false],
    ['example.com', 'https://evil.org\\@example.com/', null],
    ['example.com', 'urn:example:com', null],
    ['example.com', 'mailto:a@example.com', null],
    ['example.com', 'example.com', null],
    ['example.com', 'https://', null],
    ['example.com', 'https://192.0.2.1/', null],
    ['example.com', 'https://0x7f.1/', null],
    ['example.com', 'https://[2001:db8::1]/', null],
    ['example.com', 'https://ex%61mple.com/', null],
  ])('says whether below %j lies the host of %j: %s', (base, name, expected) => {
    expect(isHostOfUriWithin(base, name)).toBe(expected)
  })
})
