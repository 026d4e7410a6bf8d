import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/model/json.ts'
import { parseLookupType } from '../../../../src/policy/lookup/lookup-type.ts'
import { NO_TYPES } from '../../../../src/policy/parse-member-type.ts'
import { parseLookupDocument } from '../../../../src/policy/lookup/parse-lookup-document.ts'

function parse(document: unknown, type: string): Json {
  const parsed = parseLookupType(type, NO_TYPES)
  if (parsed === null) throw new Error(`no type: ${type}`)
  return parseLookupDocument(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), parsed)
}

describe('a fetched document', () => {
  it('of its declared type is the value', () => {
    expect(parse(['https://a.example/cb'], 'list(string)')).toEqual(['https://a.example/cb'])
    expect(parse({ a: [1, null] }, 'dyn')).toEqual({ a: [1, null] })
  })

  it.each([
    ['{"a":"b"}', 'list(string)', 'wanted a JSON array of strings, found an object at the document'],
    ['["a",5]', 'list(string)', 'wanted a JSON string, found a whole number at the document[1]'],
    ['{"chosen by them":5}', 'map(string, string)', 'wanted a JSON string, found a whole number at the document'],
    ['<html>', 'list(string)', 'no JSON that can be relied on: json-malformed'],
    ['', 'dyn', 'no JSON that can be relied on: json-malformed'],
    ['{"a":1,"a":2}', 'dyn', 'no JSON that can be relied on: json-duplicate-member'],
    ['{"__proto__":{}}', 'dyn', 'no JSON that can be relied on: json-forbidden-member'],
    ['\uFEFF[]', 'list(string)', 'no JSON that can be relied on: json-invalid-utf8'],
    ['[[[[[[[[[[]]]]]]]]]]', 'dyn', 'no JSON that can be relied on: json-too-deep'],
    [JSON.stringify(Array(101).fill('a')), 'list(string)', 'wanted at most 100 elements, found 101'],
    [`{"a":${JSON.stringify(Array(101).fill('a'))}}`, 'dyn', 'wanted at most 100 elements, found 101'],
  ])('of another one is none, and is told without a word of it: %s as %s', (document, type, message) => {
    expect(() => parse(document, type)).toThrow(new TypeError(message))
  })
})

describe('a JWK Set', () => {
  it('gives what rules may know of its keys', () => {
    const key = { kid: 'a', use: 'enc', kty: 'RSA', alg: 'RSA-OAEP', n: 'AQAB', e: 'AQAB', other: 1 }
    expect(parse({ keys: [key, { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' }], other: 1 }, 'jwks')).toEqual([
      { kid: 'a', use: 'enc', kty: 'RSA', alg: 'RSA-OAEP' },
      { kty: 'EC', crv: 'P-256' },
    ])
  })

  it('has the thumbprint of a certificate from the certificate itself, not from what the key says of it', () => {
    const der = Buffer.from([0x30, 0x00, 0xff, 0xfe])
    const thumbprint = createHash('sha256').update(der).digest('base64url')
    const keys = [
      { kty: 'RSA', x5c: [der.toString('base64')], 'x5t#S256': 'claimed' },
      { kty: 'RSA', 'x5t#S256': 'claimed', x5tS256: 'claimed' },
      { kty: 'RSA', x5c: [der.toString('base64url')] },
      { kty: 'RSA', x5c: [5] },
      { kty: 'RSA', x5c: 'AAAA' },
    ]
    const none = { kty: 'RSA' }
    expect(parse({ keys }, 'jwks')).toEqual([{ kty: 'RSA', x5tS256: thumbprint }, none, none, none, none])
  })

  it('has no private keys, no symmetric ones and nothing that is no key', () => {
    const keys = [{ kty: 'RSA', d: 'a' }, { kty: 'oct', k: 'a' }, { kid: 'a' }, { kty: 5 }, 'text', null, []]
    expect(parse({ keys }, 'jwks')).toEqual([])
  })

  it('leaves out facts of another type, and endless ones', () => {
    expect(parse({ keys: [{ kty: 'RSA', kid: 5, use: ['enc'], alg: 'a'.repeat(501) }] }, 'jwks')).toEqual([
      { kty: 'RSA' },
    ])
  })

  it.each([[[]], [{}], [{ keys: {} }], ['"keys"'], ['null']])('is none: %j', (document) => {
    expect(() => parse(document, 'jwks')).toThrow('wanted a JWK Set (RFC 7517 section 5), found other JSON')
  })

  it('has at most 100 keys', () => {
    expect(() => parse({ keys: Array(101).fill({ kty: 'RSA' }) }, 'jwks')).toThrow('wanted at most 100 keys, found 101')
  })
})
