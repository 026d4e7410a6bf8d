import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/document/read-document.ts'
import { schema } from './sample-document.ts'

describe('locatePath', () => {
  const { locate } = readDocument('x.yaml', 'port: 1\nrules:\n  - id: a\n    allow: b\n', schema)

  it.each([
    ['a key', ['rules', 0, 'allow'], { line: 4, column: 5 }],
    ['an entry of a list', ['rules', 0], { line: 3, column: 5 }],
    ['what should contain a missing key', ['rules', 0, 'from'], { line: 3, column: 5 }],
    ['what should contain a missing entry', ['rules', 1, 'id'], { line: 2, column: 1 }],
    ['the deepest place of a path that goes through a value', ['port', 'x'], { line: 1, column: 1 }],
    ['the whole document', [], { line: 1, column: 1 }],
  ])('finds %s', (_, path, place) => {
    expect(locate(path)).toEqual(place)
  })

  it('finds nothing in a text that is no YAML', () => {
    expect(readDocument('x.yaml', 'a: [', schema).locate(['a'])).toEqual({ line: 0, column: 0 })
  })
})
