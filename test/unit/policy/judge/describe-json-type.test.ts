import { describe, expect, it } from 'vitest'
import { describeJsonKind, describeJsonType } from '../../../../src/policy/judge/describe-json-type.ts'
import { parseMemberType } from '../../../../src/policy/parse-member-type.ts'

describe('describeJsonType', () => {
  it.each([
    ['string', 'a JSON string'],
    ['bool', 'true or false, without quotes'],
    ['int', 'a whole number, without quotes'],
    ['double', 'a number, without quotes'],
    ['timestamp', 'a number of seconds since 1970-01-01T00:00:00Z'],
    ['dyn', 'any JSON value'],
    ['list(string)', 'a JSON array of strings'],
    ['list(dyn)', 'a JSON array'],
    ['list(list(int))', 'a JSON array of arrays of whole numbers'],
    ['list(map(string, dyn))', 'a JSON array of objects'],
    ['map(string, dyn)', 'a JSON object'],
    ['map(string, list(map(string, dyn)))', 'a JSON object whose values are arrays of objects'],
    ['map(string, map(string, bool))', 'a JSON object whose values are objects whose values are true or false'],
  ])('tells a registrant what %s is', (text, words) => {
    const type = parseMemberType(text)
    expect(type === null ? null : describeJsonType(type)).toBe(words)
  })
})

describe('describeJsonKind', () => {
  it.each([
    ['list', 'an array'],
    ['map', 'an object'],
    ['string', 'a string'],
    ['null', 'null'],
  ])('names %s', (kind, words) => {
    expect(describeJsonKind(kind)).toBe(words)
  })
})
