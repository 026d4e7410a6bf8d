import { describe, expect, it } from 'vitest'
import { JsonFault, parseStrictJson, type JsonLimits } from '../../../src/json/parse-strict-json.ts'

const LIMITS: JsonLimits = { depth: 8, values: 100 }

function faultOf(document: string | Buffer, limits: JsonLimits = LIMITS): Pick<JsonFault, 'reason' | 'at' | 'offset'> {
  try {
    parseStrictJson(Buffer.from(document), limits)
  } catch (fault) {
    if (fault instanceof JsonFault) return { reason: fault.reason, at: fault.at, offset: fault.offset }
    throw fault
  }
  throw new Error('the document went through')
}

function reasonOf(document: string | Buffer): string {
  return faultOf(document).reason
}

function parse(document: string): unknown {
  return parseStrictJson(Buffer.from(document), LIMITS)
}

describe('the encoding of a document', () => {
  it('lets UTF-8 through as it is', () => {
    expect(parse('{"client_name":"Itaú 💶"}')).toEqual({ client_name: 'Itaú 💶' })
  })

  it.each([
    ['a stray continuation byte', [0x22, 0x80, 0x22], 1],
    ['a sequence that is cut off', [0x22, 0xf0, 0x9f, 0x92], 1],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22], 1],
    ['a surrogate written as UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], 0],
    ['Latin-1 after a genuine replacement character', [0x22, 0xef, 0xbf, 0xbd, 0xe9, 0x22], 4],
  ])('is refused for %s, with the place of the first wrong byte', (_case, bytes, offset) => {
    expect(faultOf(Buffer.from(bytes))).toEqual({ reason: 'json-invalid-utf8', at: '', offset })
  })

  it('is refused for a byte order mark (RFC 8259 section 8.1)', () => {
    expect(faultOf('\uFEFF{}')).toEqual({ reason: 'json-invalid-utf8', at: '', offset: 0 })
  })
})

describe('the grammar (RFC 8259 section 2)', () => {
  it.each([
    '{}',
    ' \t\r\n[ ] \n',
    'null',
    '"text"',
    '-0',
    '[1,-2.5,3e2,4E+1,5e-1,true,false,null]',
    '{"a":{"b":[{}]}}',
  ])('lets %s through', (document) => {
    expect(parse(document)).toEqual(JSON.parse(document))
  })

  it.each([
    ['', 0],
    [' ', 1],
    ['{', 1],
    ['[', 1],
    ['[1', 2],
    ['[1,]', 3],
    ['[,1]', 1],
    ['[1 2]', 3],
    ['[1}', 2],
    ['{"a"}', 4],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ["{'a':1}", 1],
    ['{"a":1]', 6],
    ['{} {}', 3],
    ['nul', 0],
    ['nullx', 4],
    ['True', 0],
    ['NaN', 0],
    ['-', 0],
    ['+1', 0],
    ['01', 1],
    ['1.', 1],
    ['.5', 0],
    ['1e', 1],
    ['0x10', 1],
    ['"', 1],
    ['"abc', 4],
    ['"\\', 1],
    ['"\\x41"', 1],
    ['"\\u12g4"', 1],
    ['"a\nb"', 2],
    ['"a\u0000b"', 2],
    ['"a\u001fb"', 2],
    ['/**/{}', 0],
    ['\u00a0{}', 0],
    ['{}\u0000', 2],
  ])('refuses %j and says where', (document, offset) => {
    expect(faultOf(document)).toMatchObject({ reason: 'json-malformed', offset })
    expect(() => JSON.parse(document) as unknown).toThrow(SyntaxError)
  })
})

describe('member names', () => {
  it.each([
    ['plain', '{"a":1,"a":1}', 'a', 7],
    ['with another in between', '{"a":1,"b":2,"a":3}', 'a', 13],
    ['once with an escape', '{"a":1,"\\u0061":2}', 'a', 7],
    ['once with another escape', '{"/":1, "\\/":2}', '["/"]', 8],
    ['deep inside', '{"jwks":{"keys":[{},{"kid":"1","kid":"2"}]}}', 'jwks.keys[1].kid', 31],
    ['empty', '{"":1,"":2}', '[""]', 6],
  ])('are refused twice: %s', (_case, document, at, offset) => {
    expect(faultOf(document)).toEqual({ reason: 'json-duplicate-member', at, offset })
  })

  it('may come again in another object', () => {
    expect(parse('[{"a":1},{"a":{"a":2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }])
  })

  it('are told apart by letter case', () => {
    expect(parse('{"scope":1,"Scope":2}')).toEqual({ scope: 1, Scope: 2 })
  })

  it.each(['{"__proto__":{"a":1}}', '{"\\u005f_proto__":1}', '[{"b":{"__proto__":null}}]'])(
    'are refused when they set a prototype: %s',
    (document) => {
      expect(reasonOf(document)).toBe('json-forbidden-member')
    },
  )

  it('are harmless as constructor and prototype: members of their own like any other', () => {
    const value = parse('{"constructor":{"prototype":{"polluted":true}},"prototype":1}')
    expect(Object.entries(value as object)).toEqual([
      ['constructor', { prototype: { polluted: true } }],
      ['prototype', 1],
    ])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('numbers', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '-1',
    '0.1',
    '-0.1',
    '1.50',
    '1E2',
    '1e-7',
    '-25e-3',
    '12.5e1',
    '9007199254740991',
    '-9007199254740991',
    '5e-324',
  ])('go through when a double holds them: %s', (document) => {
    expect(parse(document)).toBe(Number(document))
  })

  it.each([
    '1e400',
    '-1e400',
    '1e-400',
    '12345678901234567890',
    '9007199254740992',
    '-9007199254740993',
    '1e22',
    '1.7976931348623157e308',
    '0.1000000000000000055511151231257827',
    '0.30000000000000001',
    '1.00000000000000000000000000000000',
    `1e${'9'.repeat(1000)}`,
    '1'.repeat(1000),
  ])(
    'are refused when a double holds something else, or an integer beyond 2^53 - 1 (RFC 7493 section 2.2): %.40s',
    (document) => {
      expect(faultOf(`{"max_age":${document}}`)).toEqual({ reason: 'json-number-unsafe', at: 'max_age', offset: 11 })
    },
  )
})

describe('strings', () => {
  it.each(['"\\ud83d\\ude00"', '"\\u00e9"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u0001"', '"\u007f"'])(
    'go through whole: %s',
    (document) => {
      expect(parse(document)).toBe(JSON.parse(document))
    },
  )

  it.each(['"\\u0000"', '"a\\u0000b"', '"\\ud83d"', '"\\ude00"', '"\\ude00\\ud83d"', '"\\ud83dx\\ude00"'])(
    'are refused with U+0000 or half a surrogate pair: %s',
    (document) => {
      expect(faultOf(`["",${document}]`)).toEqual({ reason: 'json-string-unsafe', at: '[1]', offset: 5 })
    },
  )

  it('are held to that as member names too', () => {
    expect(reasonOf('{"\\ud800":1}')).toBe('json-string-unsafe')
  })
})

describe('the limits of a document', () => {
  it('count objects and arrays alike as levels', () => {
    expect(parseStrictJson(Buffer.from('[{"a":[]}]'), { depth: 3, values: 100 })).toEqual([{ a: [] }])
    expect(faultOf('[{"a":[[]]}]', { depth: 3, values: 100 })).toEqual({
      reason: 'json-too-deep',
      at: '[0].a[0]',
      offset: 7,
    })
    expect(faultOf('[{"a":[{}]}]', { depth: 3, values: 100 })).toEqual({
      reason: 'json-too-deep',
      at: '[0].a[0]',
      offset: 7,
    })
  })

  it('count siblings on one level', () => {
    expect(parseStrictJson(Buffer.from('[[],[],{},{}]'), { depth: 2, values: 100 })).toHaveLength(4)
  })

  it('count values, and not names', () => {
    expect(parseStrictJson(Buffer.from('{"a":[1,"b"],"c":null}'), { depth: 8, values: 5 })).toBeDefined()
    expect(faultOf('{"a":[1,"b"],"c":null}', { depth: 8, values: 4 })).toEqual({
      reason: 'json-too-many-values',
      at: 'c',
      offset: 17,
    })
  })

  it('hold against a million brackets', () => {
    expect(faultOf('['.repeat(1_000_000))).toMatchObject({ reason: 'json-too-deep', offset: 8 })
  })
})
