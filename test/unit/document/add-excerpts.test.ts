import { describe, expect, it } from 'vitest'
import { addExcerpts } from '../../../src/document/add-excerpts.ts'
import type { Fault } from '../../../src/model/fault.ts'

const faultAt = (line: number, column: number): Fault => ({
  ...{ file: 'policy.yaml', line, column },
  ...{ path: '', wanted: 'w', found: 'f' },
})

/** What is shown of the line, and the characters above the caret and after it. */
function shown(text: string, line: number, column: number): readonly (string | undefined)[] {
  const [fault] = addExcerpts([faultAt(line, column)], 'policy.yaml', text)
  return [fault?.excerpt?.text, fault?.excerpt?.text.slice(fault.excerpt.caret)]
}

describe('addExcerpts', () => {
  it.each(['\n', '\r\n', '\r'])('shows the line of the fault, whatever ends lines (%j)', (end) => {
    expect(shown(['a: 1', '  b: x', 'c: 3'].join(end), 2, 6)).toEqual(['  b: x', 'x'])
  })

  it('escapes what would move the cursor, and counts the caret in what is shown (CWE-150)', () => {
    expect(shown('\ta\u001b[2J\u202e: b', 1, 9)).toEqual(['\\u{9}a\\u{1b}[2J\\u{202e}: b', ' b'])
  })

  it('cuts long lines round the place', () => {
    const [text, rest] = shown(`${'a'.repeat(5000)}b${'c'.repeat(5000)}`, 1, 5001)
    expect(text).toBe(`${'a'.repeat(60)}b${'c'.repeat(59)}`)
    expect(rest).toBe(`b${'c'.repeat(59)}`)
    expect(shown('x'.repeat(5000), 1, 5000)[1]).toBe('x')
  })

  it('shows nothing where there is no place, no such line or another file', () => {
    expect(shown('a: 1', 0, 0)[0]).toBeUndefined()
    expect(shown('a: 1', 2, 1)[0]).toBeUndefined()
    expect(shown('\n   \n', 2, 1)[0]).toBeUndefined()
    expect(addExcerpts([faultAt(1, 1)], 'gateway.yaml', 'secret: hunter2')).toEqual([faultAt(1, 1)])
  })
})
