import { describe, expect, it } from 'vitest'
import { compilePattern, matchesPattern } from '../../../../src/policy/expression/regular-expression.ts'

describe('compilePattern', () => {
  it('compiles a pattern once, however many requests are matched with it', () => {
    expect(compilePattern('^a+$')).toBe(compilePattern('^a+$'))
    expect(compilePattern('^a+$')).not.toBe(compilePattern('^b+$'))
  })

  it('fails for what RE2 cannot do in linear time', () => {
    expect(() => compilePattern('(?=a)')).toThrow()
  })
})

describe('matchesPattern', () => {
  it('finds the pattern anywhere in the text, anew each time', () => {
    expect([matchesPattern('xay', 'a'), matchesPattern('xay', 'a'), matchesPattern('xy', 'a')]).toEqual([
      true,
      true,
      false,
    ])
  })
})
