import { describe, expect, it } from 'vitest'
import { countOf, writeFaults, writeWarnings } from '../../../src/document/write-faults.ts'
import type { Fault } from '../../../src/model/fault.ts'

const fault: Fault = {
  file: 'gateway.yaml',
  line: 6,
  column: 3,
  path: 'listen.port',
  wanted: 'a number',
  found: '"https"',
}

describe('writeFaults', () => {
  it('writes every fault of a file under its name, in the order of the lines, with a hint where there is one', () => {
    const later = {
      ...fault,
      line: 12,
      path: 'endpoints[0].polcy',
      wanted: 'a known key',
      found: 'polcy',
      hint: 'did you mean policy?',
    }
    const sooner = { ...fault, column: 1, path: 'listen' }
    expect(writeFaults([later, fault, sooner])).toBe(
      [
        'gateway.yaml: 3 faults, nothing started',
        '  ✖ gateway.yaml:6:1 listen: wanted a number, found "https"',
        '  ✖ gateway.yaml:6:3 listen.port: wanted a number, found "https"',
        '  ✖ gateway.yaml:12:3 endpoints[0].polcy: wanted a known key, found polcy; did you mean policy?',
        '',
      ].join('\n'),
    )
  })

  it('groups by file and says what became of the attempt', () => {
    const other = { ...fault, file: 'policies/x/policy.yaml' }
    expect(
      writeFaults([fault, other, fault], 'the settings before stay in force')
        .split('\n')
        .filter((line) => !line.startsWith(' ')),
    ).toEqual([
      'gateway.yaml: 2 faults, the settings before stay in force',
      'policies/x/policy.yaml: 1 fault, the settings before stay in force',
      '',
    ])
  })

  it('writes warnings the same way, without a consequence', () => {
    expect(writeWarnings([fault])).toBe(
      'gateway.yaml: 1 warning\n  ⚠ gateway.yaml:6:3 listen.port: wanted a number, found "https"\n',
    )
    expect(countOf(2, 'warning')).toBe('2 warnings')
  })

  it('leaves out the place and the path of a fault that has none', () => {
    const whole = { ...fault, line: 0, column: 0, path: '', wanted: 'a file', found: 'nothing' }
    expect(writeFaults([whole])).toContain('  ✖ wanted a file, found nothing\n')
    expect(writeFaults([{ ...whole, line: 3 }])).toContain('  ✖ gateway.yaml:3: wanted a file')
    expect(writeFaults([{ ...whole, path: 'tls' }])).toContain('  ✖ tls: wanted a file')
  })

  it('shows the line of a fault that has an excerpt, with a caret under the place', () => {
    const shown = { ...fault, excerpt: { text: '  port: https', caret: 8 } }
    expect(writeFaults([shown]).split('\n').slice(2)).toEqual(['      6 |   port: https', '        |         ^', ''])
  })

  it('writes nothing for no faults', () => {
    expect(writeFaults([])).toBe('')
  })

  it('shows control and direction characters instead of sending them to the terminal (CWE-150)', () => {
    const hostile = { ...fault, file: 'a\nb', found: '\u001b[2J\u009b\u202e', wanted: 'x\r', path: '\u2028' }
    const report = writeFaults([hostile])
    expect(report).toContain('found \\u{1b}[2J\\u{9b}\\u{202e}')
    expect(report).toContain('a\\u{a}b: 1 fault')
    expect(report.split('\n')).toHaveLength(3)
    expect(report).not.toMatch(/[\p{Cf}\r\u2028]/u)
  })
})
