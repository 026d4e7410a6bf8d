import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonFault, parseStrictJson } from '../../../src/json/parse-strict-json.ts'

const LIMITS = { depth: 50, values: 100_000 }

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'))
const name = text.filter((value) => value !== '__proto__')
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e15, max: 1e15 }),
)

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, scalar, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(name, tie('value'), { maxKeys: 5 }),
}))

function strict(document: string): unknown {
  return parseStrictJson(Buffer.from(document), LIMITS)
}

function reasonOf(document: string): string | null {
  try {
    strict(document)
    return null
  } catch (fault) {
    if (fault instanceof JsonFault) return fault.reason
    throw fault
  }
}

/** Spells every character of a name as an escape. */
function escaped(value: string): string {
  return `"${value.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

describe('strict JSON', () => {
  it('has the value that JSON.parse has, whatever the layout', () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const document = JSON.stringify(value, null, space)
        expect(strict(document)).toEqual(JSON.parse(document))
      }),
      { numRuns: 500 },
    )
  })

  it('refuses whatever object a member is repeated in, at any depth and in any spelling', () => {
    fc.assert(
      fc.property(name, anyValue, anyValue, fc.nat(20), (repeated, first, second, depth) => {
        const object = `{${JSON.stringify(repeated)}:${JSON.stringify(first)},${escaped(repeated)}:${JSON.stringify(second)}}`
        expect(reasonOf('[{"x":'.repeat(depth) + object + '}]'.repeat(depth))).toBe('json-duplicate-member')
      }),
      { numRuns: 500 },
    )
  })

  it('lets nothing through that JSON.parse does not, and calls nothing else malformed', () => {
    const noise = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u0041',
      ' ',
      '\n',
      '1',
      '-',
      '.5',
      'e',
      '0',
      'true',
      'null',
      'a',
    )
    const mutation = fc.record({
      value: anyValue,
      at: fc.nat(),
      remove: fc.nat(2),
      insert: fc.array(noise, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(mutation, ({ value, at, remove, insert }) => {
        const document = JSON.stringify(value)
        const start = at % (document.length + 1)
        const mutated = document.slice(0, start) + insert.join('') + document.slice(start + remove)
        const reason = reasonOf(mutated)
        if (isJson(mutated)) expect(reason).not.toBe('json-malformed')
        else expect(reason).not.toBeNull()
      }),
      { numRuns: 3000 },
    )
  })
})

function isJson(document: string): boolean {
  try {
    JSON.parse(Buffer.from(document).toString())
    return true
  } catch {
    return false
  }
}
