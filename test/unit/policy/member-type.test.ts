import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/model/json.ts'
import { celTypeOf, findTypeMismatch, writeMemberType, type MemberType } from '../../../src/policy/member-type.ts'
import { toExpressionValue } from '../../../src/policy/expression/evaluate/json-fields.ts'
import { parseMemberType } from '../../../src/policy/parse-member-type.ts'
import { memberType } from './expression/expression-fixture.ts'

const types = fc.letrec<{ type: MemberType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<MemberType[]>(
      ...(['string', 'bool', 'int', 'double', 'timestamp', 'dyn'] as const).map((kind) => ({ kind })),
    ),
    fc.record({ kind: fc.constantFrom('list' as const, 'map' as const), of: tie('type') }),
  ),
})).type

describe('parseMemberType', () => {
  it('reads what writeMemberType writes', () => {
    fc.assert(
      fc.property(types, (type) => {
        expect(parseMemberType(writeMemberType(type))).toEqual(type)
      }),
    )
  })

  it.each([
    ['list(string)', { kind: 'list', of: { kind: 'string' } }],
    ['map(string, bool)', { kind: 'map', of: { kind: 'bool' } }],
    ['map(string,dyn)', { kind: 'map', of: { kind: 'dyn' } }],
    ['list(map(string, list(int)))', { kind: 'list', of: { kind: 'map', of: { kind: 'list', of: { kind: 'int' } } } }],
  ])('reads %s', (text, type) => {
    expect(parseMemberType(text)).toEqual(type)
  })

  it.each([
    '',
    'text',
    'String',
    ' string',
    'list',
    'list()',
    'list(text)',
    'list(string',
    'list<string>',
    'map(string)',
    'map(int, string)',
    'map(string, text)',
    'map(string,  bool)',
    'constructor',
    'list(string))',
  ])('knows no type %j', (text) => {
    expect(parseMemberType(text)).toBeNull()
  })
})

describe('celTypeOf', () => {
  it.each([
    ['string', 'string'],
    ['timestamp', 'google.protobuf.Timestamp'],
    ['list(timestamp)', 'list<google.protobuf.Timestamp>'],
    ['map(string, list(int))', 'map<string, list<int>>'],
  ])('%s is %s', (text, celType) => {
    expect(celTypeOf(memberType(text))).toBe(celType)
  })
})

describe('findTypeMismatch', () => {
  it.each<[string, Json]>([
    ['string', ''],
    ['bool', false],
    ['int', 0],
    ['int', -1],
    ['int', Number.MAX_SAFE_INTEGER],
    ['double', 1.5],
    ['double', 1],
    ['timestamp', 0],
    ['timestamp', 1.5],
    ['timestamp', 253_402_300_799],
    ['dyn', null],
    ['dyn', { a: [1] }],
    ['list(string)', []],
    ['list(string)', ['a']],
    ['map(string, int)', {}],
    ['map(string, list(bool))', { a: [true] }],
    ['list(dyn)', [null, 'a']],
  ])('%s takes %j', (text, value) => {
    expect(findTypeMismatch('m', value, memberType(text))).toBeNull()
  })

  it.each<[string, Json, at: string, wanted: string, found: string]>([
    ['string', 1, 'm', 'string', 'int'],
    ['string', null, 'm', 'string', 'null'],
    ['string', ['a'], 'm', 'string', 'list'],
    ['bool', 'true', 'm', 'bool', 'string'],
    ['bool', 0, 'm', 'bool', 'int'],
    ['int', '1', 'm', 'int', 'string'],
    ['int', 1.5, 'm', 'int', 'double'],
    ['int', 2 ** 53, 'm', 'int', 'double'],
    ['double', true, 'm', 'double', 'bool'],
    ['timestamp', -1, 'm', 'timestamp', 'int'],
    ['timestamp', 253_402_300_800, 'm', 'timestamp', 'int'],
    ['timestamp', '2026-01-01', 'm', 'timestamp', 'string'],
    ['list(string)', 'a', 'm', 'list(string)', 'string'],
    ['list(string)', { 0: 'a' }, 'm', 'list(string)', 'map'],
    ['list(string)', ['a', 1, 2], 'm[1]', 'string', 'int'],
    ['list(list(int))', [[1], [1, 'a']], 'm[1][1]', 'int', 'string'],
    ['map(string, int)', [1], 'm', 'map(string, int)', 'list'],
    ['map(string, int)', null, 'm', 'map(string, int)', 'null'],
    ['map(string, int)', { a: 1, b: 'x' }, 'm.b', 'int', 'string'],
    ['map(string, list(map(string, bool)))', { keys: [{}, { use: 1 }] }, 'm.keys[1].use', 'bool', 'int'],
  ])('%s does not take %j', (text, value, at, wanted, found) => {
    expect(findTypeMismatch('m', value, memberType(text))).toEqual({ at, wanted, found, type: memberType(wanted) })
  })
})

describe('toExpressionValue', () => {
  it.each<[string, Json, unknown]>([
    ['string', 'a', 'a'],
    ['bool', true, true],
    ['int', 60, 60n],
    ['double', 60, 60],
    ['timestamp', 1_767_268_800, new Date('2026-01-01T12:00:00Z')],
    ['list(int)', [1, 2], [1n, 2n]],
    ['list(timestamp)', [0], [new Date(0)]],
    ['map(string, int)', { a: 1 }, { a: 1n }],
    ['dyn', 1, 1n],
    ['dyn', 1.5, 1.5],
    ['dyn', 2 ** 53, 2 ** 53],
    ['dyn', null, null],
    ['dyn', { a: [1, 'x', { b: 2 }] }, { a: [1n, 'x', { b: 2n }] }],
    ['map(string, dyn)', { a: 1 }, { a: 1n }],
  ])('turns the %s %j into %o', (text, value, expected) => {
    expect(toExpressionValue(value, memberType(text))).toStrictEqual(expected)
  })

  it('keeps a member called __proto__ a mere member', () => {
    const value = toExpressionValue(JSON.parse('{"__proto__": {"a": 1}}') as Json, memberType('dyn'))
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})
