import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../../src/policy/judge/describe-failure.ts'
import { escapeControls } from '../../../src/document/escape-controls.ts'
import { toShortText } from '../../../src/policy/judge/read-result.ts'

const HOSTILE = 'FCA\0\u001b[2J\r{"event":"decision"}\u007f\u0085\u202e\u2028\u00ad'

describe('what a certificate says', () => {
  it.each([
    ['a\nb', String.raw`a\u{a}b`],
    ['a\0b', String.raw`a\u{0}b`],
    ['\u001b[2J', String.raw`\u{1b}[2J`],
    ['\u202egnp.exe', String.raw`\u{202e}gnp.exe`],
    ['a\u2028b\u2029c', String.raw`a\u{2028}b\u{2029}c`],
    ['\u{e0001}', String.raw`\u{e0001}`],
    ['Ipê, 銀行 "q" \\ 😀', 'Ipê, 銀行 "q" \\ 😀'],
  ])('shows %j as %s', (text, shown) => {
    expect(escapeControls(text)).toBe(shown)
  })

  it.each([
    ['the value of a finding', (text: string) => toShortText(text)],
    ['a list in a finding', (text: string) => toShortText([text])],
    ['a failed expression', (text: string) => describeFailure(new RangeError(`No such key: ${text}`))],
  ])('stands before all that is told of a certificate: %s', (_, tell) => {
    expect(tell(HOSTILE)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(tell(HOSTILE)).toContain('FCA')
  })
})
