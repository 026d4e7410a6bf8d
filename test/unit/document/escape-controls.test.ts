import { describe, expect, it } from 'vitest'
import { escapeControls } from '../../../src/document/escape-controls.ts'

describe('escapeControls', () => {
  it.each([
    ['plain é 日本 ✖', 'plain é 日本 ✖'],
    ['a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['a\nb', 'a\\u{a}b'],
    ['a\u202eb\u2028', 'a\\u{202e}b\\u{2028}'],
  ])('leaves of %j nothing that moves a cursor or turns text around', (line, escaped) => {
    expect(escapeControls(line)).toBe(escaped)
  })
})
