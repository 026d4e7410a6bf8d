import {
  getConformanceSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js'
import { describe, expect, it } from 'vitest'
import { LEFT_OUT, type LeftOut } from './cel-left-out.ts'
import { runCelTest } from './run-cel-test.ts'

interface Located {
  readonly path: string
  readonly test: IncrementalTest['original']
}

function locate({ tests, suites }: IncrementalTestSuite, above: readonly string[]): Located[] {
  const here = tests.map(({ name, original }) => ({ path: [...above, name].join('/'), test: original }))
  return [...here, ...suites.flatMap((suite) => locate(suite, [...above, suite.name]))]
}

function isBelow(path: string, tests: string): boolean {
  return path === tests || path.startsWith(`${tests}/`)
}

function covers({ tests = [], having }: LeftOut, { path, test }: Located): boolean {
  return having?.test(test.expr) === true || tests.some((one) => isBelow(path, one))
}

const all = locate(getConformanceSuite(), [])
const held = all.filter((one) => !LEFT_OUT.some((leftOut) => covers(leftOut, one)))
const sections = [...new Set(held.map(({ path }) => path.split('/').slice(0, 2).join('/')))]

describe('the conformance tests of CEL (cel-spec 0.25.1)', () => {
  it.each(sections)('hold: %s', (section) => {
    const outcomes = held
      .filter(({ path }) => isBelow(path, section))
      .map(({ path, test }) => [path, test.expr, runCelTest(test)])
    expect(outcomes.filter(([, , outcome]) => outcome !== 'as it should')).toEqual([])
  })

  it('are more than eight hundred that policies are held to', () => {
    expect(all.length).toBeGreaterThan(2300)
    expect(held.length).toBeGreaterThan(830)
  })
})

describe('what is left out of them', () => {
  const single = LEFT_OUT.flatMap(({ tests = [] }) => tests)

  it.each(single)('is not as CEL has it still: %s', (tests) => {
    const covered = all.filter(({ path }) => isBelow(path, tests))
    expect(covered.some(({ test }) => runCelTest(test) !== 'as it should')).toBe(true)
  })

  it.each(LEFT_OUT.filter(({ having }) => having !== undefined))(
    'is not as CEL has it still: $reason',
    ({ having }) => {
      const covered = all.filter(({ test }) => having?.test(test.expr))
      const wrong = covered.filter(({ test }) => runCelTest(test) !== 'as it should')
      // Most of the others want an error, whatever it is.
      expect(wrong.length).toBeGreaterThan(covered.length * 0.75)
    },
  )
})
