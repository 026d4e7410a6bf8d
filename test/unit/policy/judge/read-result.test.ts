import { Optional } from '@marcbachmann/cel-js'
import { describe, expect, it } from 'vitest'
import { openOptional, toJson, toShortText } from '../../../../src/policy/judge/read-result.ts'
import { evaluate } from '../expression/expression-fixture.ts'

describe('toJson', () => {
  it.each([
    ['"a"', 'a'],
    ['1', 1],
    ['1.5', 1.5],
    ['true', true],
    ['null', null],
    ['now', 1_767_268_800],
    ['now + duration("999ms")', 1_767_268_800],
    ['[1, 2]', [1, 2]],
    ['{"a": {"b": [1]}}', { a: { b: [1] } }],
  ])('turns what %s gives into %j', (expression, json) => {
    expect(toJson(evaluate(expression))).toStrictEqual(json)
  })

  it('turns a map without prototype into an object', () => {
    expect(toJson(Object.assign(Object.create(null) as object, { a: 1n }))).toEqual({ a: 1 })
  })

  it.each([
    'duration("1s")',
    'url("https://a.example")',
    'metadata',
    '[url("https://a.example")]',
    '0.0 / 0.0',
    '1.0 / 0.0',
    'type(1)',
  ])('fails for what %s gives, which JSON cannot hold', (expression) => {
    expect(() => toJson(evaluate(expression))).toThrow(TypeError)
  })
})

describe('openOptional', () => {
  it('takes the value out, where there is one', () => {
    expect(openOptional(Optional.of('a'))).toBe('a')
    expect(openOptional(Optional.none())).toBeUndefined()
    expect(openOptional('a')).toBe('a')
    expect(openOptional(null)).toBeNull()
  })
})

describe('toShortText', () => {
  it.each([
    ['"a b"', 'a b'],
    ['["a", "b"]', '["a","b"]'],
    ['optional.of(1)', '1'],
    ['optional.none()', 'null'],
  ])('writes what %s gives as %s', (expression, text) => {
    expect(toShortText(evaluate(expression))).toBe(text)
  })

  it('writes 200 characters at most', () => {
    expect(toShortText('x'.repeat(200))).toBe('x'.repeat(200))
    expect(toShortText('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
    expect(toShortText(['x'.repeat(300)])).toHaveLength(200)
  })
})
