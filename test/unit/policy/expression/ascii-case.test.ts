import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiLower, asciiUpper } from '../../../../src/policy/expression/ascii-case.ts'

describe('ASCII letters', () => {
  it('change, and no others, in any text', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'Z', '@', '[', '`', '{', 'é', 'ſ', '\u212a', '\u0141', '\u4161', '😀', '\ud800'),
    })
    fc.assert(
      fc.property(letters, (text) => {
        expect(asciiLower(text)).toBe(text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()))
        expect(asciiUpper(text)).toBe(text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()))
      }),
    )
  })
})
