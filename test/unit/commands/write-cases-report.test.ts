import { describe, expect, it } from 'vitest'
import { isGreen, writeCasesReport } from '../../../src/commands/write-cases-report.ts'
import type { CasesReport } from '../../../src/policy/cases/run-cases.ts'
import { loadPolicy } from '../policy/policy-fixture.ts'

const policy = await loadPolicy('rules: [{ id: r, title: t, message: m, require: size(translations) == 0 }]')
const CASES = {
  file: 'policies/tested/cases.yaml',
  cases: { given: {}, approve: [], reject: [] },
  text: '',
  locateInText: () => ({ line: 0, column: 0 }),
  locate: ([kind]: readonly (string | number)[]) => ({ line: kind === 'given' ? 2 : 33, column: 1 }),
}
const GREEN: CasesReport = {
  given: null,
  results: [{ path: ['approve', 0], name: 'n', operation: 'create', problem: null }],
  uncovered: [],
  coverage: [],
}

function write(report: Partial<CasesReport>): readonly string[] {
  return writeCasesReport(policy, CASES, { ...GREEN, ...report })
    .split('\n')
    .slice(0, -1)
}

describe('the report of the cases of a policy', () => {
  it('is one line where all is as it should be', () => {
    expect(write({})).toEqual(['✔ tested 1: 1 rule, 1 of 1 cases as they should'])
    expect(isGreen(GREEN)).toBe(true)
  })

  it('names file, line, place and case of every failure', () => {
    const failure = {
      path: ['reject', 3],
      name: 'odd\u001b',
      operation: 'update',
      problem: 'wanted a; found b',
    } as const
    expect(write({ results: [...GREEN.results, failure] })).toEqual([
      '✖ tested 1: 1 rule, 1 of 2 cases as they should',
      '  ✖ policies/tested/cases.yaml:33 reject[3] odd\\u{1b} (update): wanted a; found b',
    ])
    expect(isGreen({ ...GREEN, results: [failure] })).toBe(false)
  })

  it('names rules without a case of a kind', () => {
    const uncovered = [{ rule: 'r', missing: 'a refusing case' }] as const
    expect(write({ uncovered })[1]).toBe('  ✖ rule r has not a refusing case')
    expect(isGreen({ ...GREEN, uncovered })).toBe(false)
  })

  it('says of given alone why it is refused', () => {
    const report = { given: 'wanted approval; found r', results: [], uncovered: [], coverage: [] }
    expect(write(report)).toEqual([
      '✖ tested 1: 1 rule, no case was run, since what is given is itself refused',
      '  ✖ policies/tested/cases.yaml:2 given: wanted approval; found r',
    ])
    expect(isGreen(report)).toBe(false)
  })
})
