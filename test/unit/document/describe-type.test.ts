import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeType, describeTypes } from '../../../src/document/describe-type.ts'

const letters = (count: number): [string, ...string[]] => ['a', ...'bcdefghijklmnop'.split('').slice(0, count - 1)]

describe('describeType', () => {
  it.each([
    ['text', z.string(), 'text'],
    ['text of a length', z.string().min(1).max(9), 'text of 1 to 9 characters'],
    ['text of a least length', z.string().min(2), 'text of at least 2 characters'],
    ['text of a form with words of its own', z.string().regex(/^a$/, 'the letter a'), 'the letter a'],
    ['a number', z.number(), 'a number'],
    ['a whole number', z.int(), 'a whole number'],
    ['a number within bounds', z.number().min(1).max(2), 'a number from 1 to 2'],
    ['a number with bounds that are excluded', z.number().gt(1).lt(2), 'a number'],
    ['a date', z.iso.date(), 'a date such as 2026-01-31'],
    ['a URL', z.url(), 'a URL'],
    ['an https URL', z.url({ protocol: /^https$/ }), 'an https URL'],
    ['a URL of one of two schemes', z.url({ protocol: /^https?$/ }), 'a URL'],
    ['a URL of another scheme', z.url({ protocol: /^ftp$/ }), 'a URL'],
    ['one word', z.literal('a'), 'a'],
    ['two words', z.enum(letters(2)), 'a or b'],
    ['three words', z.enum(letters(3)), 'one of a, b, c'],
    ['twelve words', z.enum(letters(12)), 'one of a, b, c, d, e, f, g, h, i, j, k, l'],
    ['more words', z.enum(letters(14)), 'one of a, b, c, d, e, f, g, h, i, j, k, l and 2 more'],
    ['a list', z.array(z.boolean()), 'a list, each entry true or false'],
    ['a list of a length', z.array(z.boolean()).min(1).max(2), 'a list of 1 to 2, each entry true or false'],
    ['a map', z.record(z.string(), z.int()), 'a map, each value a whole number'],
    ['keys', z.strictObject({ a: z.string(), b: z.string() }), 'a map with the keys a, b'],
    ['a union', z.union([z.string(), z.int(), z.string()]), 'text or a whole number'],
    ['a union of words and others', z.union([z.enum(letters(2)), z.literal('c')]), 'one of a, b, c'],
    ['what is optional, has a default and is described', z.int().optional().default(1).describe('x'), 'a whole number'],
    [
      'a default of what has words of its own',
      z.union([z.int(), z.literal('all')], { error: 'a number, or all' }).default(1),
      'a number, or all',
    ],
    ['what is transformed', z.string().transform(Number), 'text'],
    ['what is read later', z.lazy(() => z.boolean()), 'true or false'],
    ['anything', z.unknown(), 'a value'],
    ['a moment', z.iso.datetime(), 'a time such as 2027-01-01T00:00:00Z'],
    ['a schema with words of its own', z.string({ error: 'a word' }), 'a word'],
    ['words that are given as an object', z.string({ error: () => ({ message: 'a word' }) }), 'a word'],
    ['words for other cases only', z.int({ error: () => undefined }), 'a whole number'],
    ['words that are withheld', z.int({ error: () => null }), 'a whole number'],
  ])('names %s', (_, schema, words) => {
    expect(describeType(schema)).toBe(words)
  })

  it('names what several schemas accept between them, words first and each type once', () => {
    expect(describeTypes([z.string(), z.literal('a'), z.string(), z.literal('b')])).toBe('a or b or text')
  })
})
