import { describe, expect, it } from 'vitest'
import { writeCoverage } from '../../../src/commands/write-coverage.ts'
import { writeJunit } from '../../../src/commands/write-junit.ts'
import type { TestedPolicy } from '../../../src/policy/cases/test-policies.ts'
import { loadSound, policyOf } from '../policy/policy-fixture.ts'

const policies = await loadSound({
  base: 'rules: [{ id: inherited, title: t, message: m, require: request.operation != "" }]',
  tested: 'extends: [base]\nrules: [{ id: own, title: t, message: m, require: request.operation != "" }]',
})
const CASES = {
  file: 'policies/a & b/cases.yaml',
  cases: { given: {}, approve: [], reject: [] },
  text: '',
  locateInText: () => ({ line: 0, column: 0 }),
  locate: ([kind]: readonly (string | number)[]) => ({ line: kind === 'given' ? 2 : 33, column: 1 }),
}
const TESTED: TestedPolicy = {
  policy: policyOf(policies, 'tested'),
  cases: CASES,
  report: {
    given: null,
    results: [
      { path: ['approve', 0], name: 'plain', operation: 'create', problem: null },
      { path: ['reject', 1], name: 'odd <\u0000"\uD800>', operation: 'update', problem: 'wanted "a" & found <b>' },
    ],
    uncovered: [{ rule: 'own', missing: 'a refusing case' }],
    coverage: [
      { rule: 'inherited', declaredBy: 'base', approving: 0, refusing: 0 },
      { rule: 'own', declaredBy: 'tested', approving: 12, refusing: 0 },
    ],
  },
}

describe('the report for build servers', () => {
  it('has a case for what is given, for every case and for every rule that lacks one, each in its place', () => {
    expect(writeJunit({ tested: [TESTED], faults: [] }).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites>',
      '  <testsuite name="tested" tests="4" failures="2" errors="0">',
      '    <testcase classname="tested" name="given" file="policies/a &amp; b/cases.yaml" line="2"/>',
      '    <testcase classname="tested" name="approve[0] plain (create)" file="policies/a &amp; b/cases.yaml" line="33"/>',
      '    <testcase classname="tested" name="reject[1] odd &lt;\\u{0}&quot;\uFFFD&gt; (update)" file="policies/a &amp; b/cases.yaml" line="33">',
      '      <failure message="wanted &quot;a&quot; &amp; found &lt;b&gt;"/>',
      '    </testcase>',
      '    <testcase classname="tested" name="rule own has a refusing case" file="policies/a &amp; b/cases.yaml" line="0">',
      '      <failure message="rule own has not a refusing case"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ])
  })

  it('fails for a file that was not tested', () => {
    const fault = { file: 'p.yaml', line: 3, column: 1, path: 'rules[0].id', wanted: 'a name', found: 'none' }
    const xml = writeJunit({ tested: [], faults: [fault] })
    expect(xml).toContain('<testsuite name="files" tests="1" failures="1" errors="0">')
    expect(xml).toContain('name="p.yaml:3 rules[0].id"')
    expect(xml).toContain('<failure message="wanted a name, found none"/>')
  })

  it('fails for what is given where that is refused itself', () => {
    const report = { given: 'wanted approval; found own', results: [], uncovered: [], coverage: [] }
    expect(writeJunit({ tested: [{ ...TESTED, report }], faults: [] })).toContain('tests="1" failures="1"')
  })
})

describe('the table of coverage', () => {
  it('has every rule with its numbers, and says whose the inherited ones are', () => {
    expect(writeCoverage(TESTED).split('\n')).toEqual([
      '  rule       approving  refusing',
      '  inherited          0         0  (of base)',
      '  own               12         0',
      '',
    ])
  })
})
