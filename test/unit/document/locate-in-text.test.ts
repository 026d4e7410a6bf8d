import { describe, expect, it } from 'vitest'
import { locateInText } from '../../../src/document/locate-in-text.ts'
import { parseYaml } from '../../../src/document/parse-yaml.ts'

/** Line and column of the word in the value of `key`, for YAML text of which the value is known. */
function find(text: string, value: string, word: string): readonly [number, number] {
  const { document, data, lines } = parseYaml(text)
  if (document === null) throw new Error('no document')
  expect((data as { key: string }).key).toBe(value)
  const offset = word === '' ? value.length : value.indexOf(word)
  const { line, column } = locateInText(text, document, lines, ['key'], offset)
  return [line, column]
}

describe('locateInText', () => {
  it.each<[string, string, string, string, readonly [number, number]]>([
    ['a plain value', 'key: one two\n', 'one two', 'two', [1, 10]],
    ['a plain value of several lines', 'key:\n  one\n  two\n', 'one two', 'two', [3, 3]],
    ['double quotes', 'key: "one two"\n', 'one two', 'two', [1, 11]],
    ['single quotes', "key: 'one two'\n", 'one two', 'two', [1, 11]],
    ['a folded block', 'key: >-\n  one\n  two\n\n  three\n', 'one two\nthree', 'three', [5, 3]],
    ['a folded block whose header has a comment', 'key: >- # why\n  one\n  two\n', 'one two', 'two', [3, 3]],
    ['a literal block', 'key: |\n  one\n    two\n', 'one\n  two\n', 'two', [3, 5]],
    ['a value behind an anchor', 'other: &a one\nkey: *a\n', 'one', 'one', [1, 11]],
  ])('finds a word in %s', (_, text, value, word, place) => {
    expect(find(text, value, word)).toEqual(place)
  })

  it('finds the end behind the last character', () => {
    expect(find('key: >-\n  one\n  two\n\nother: 1\n', 'one two', '')).toEqual([3, 6])
  })

  it.each([
    ['"a\\tb two"', 'a\tb two'],
    ["'it''s two'", "it's two"],
  ])('makes do with the key where %s is not written as it reads', (written, value) => {
    expect(find(`a: 1\nkey: ${written}\n`, value, 'two')).toEqual([2, 1])
  })
})
