import type { Optional } from '@marcbachmann/cel-js'
import { Environment, Optional as LibraryOptional } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression } from '../../../../src/policy/expression/compile-expression.ts'
import { newMaker } from '../../../../src/policy/typed-object.ts'

/** Values whose members have names that every object of JavaScript has as well. */
const NAMES = ['a', 'b', 'constructor', 'toString', '__proto__', 'hasOwnProperty', 'length', 'valueOf'] as const
/** The library takes a map that has it for an object of another class, and fails. */
const KEYS = NAMES.filter((name) => name !== 'constructor')
const OPTIONALS = 'list<optional<string>>'
const VARIABLES = {
  s: 'string',
  t: 'string',
  i: 'int',
  j: 'int',
  d: 'double',
  p: 'bool',
  q: 'bool',
  l: 'list<string>',
  m: 'map<string, string>',
  x: 'dyn',
  o: 'optional<string>',
  k: OPTIONALS,
  n: 'map<string, optional<string>>',
} as const

const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: false })
for (const [name, type] of Object.entries(VARIABLES)) environment.registerVariable(name, type)
/** As `variables` of a policy: fields of declared types, some of which are optionals. */
const named = newMaker('Named')
environment.registerType('Named', { ctor: named.ctor, fields: { s: 'string', o: 'optional<string>', k: OPTIONALS } })
environment.registerVariable('v', 'Named')

const text = fc.constantFrom('', 'a', 'b', 'ab', 'A b', ...NAMES)
const int = fc.constantFrom(0n, 1n, -1n, 2n, 7n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n)
const double = fc.constantFrom(0, 1, -1.5, 2, Number.NaN, Number.POSITIVE_INFINITY)
const list = fc.array(text, { maxLength: 4 })
const map = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), text), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries))
const maybe = fc.option(text, { nil: undefined }).map((inside) => LibraryOptional.of(inside))
const maybes = fc.array(maybe, { maxLength: 3 })
const mapOfMaybes = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), maybe), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries))
const fields = fc.record({ s: text, o: maybe, k: maybes }, { requiredKeys: ['o'] }).map((values) => named.make(values))
const dynamic = fc.oneof(text, int, fc.boolean(), list, map)
const activation = fc.record({
  s: text,
  t: text,
  i: int,
  j: int,
  d: double,
  p: fc.boolean(),
  q: fc.boolean(),
  l: list,
  m: map,
  x: dynamic,
  o: maybe,
  k: maybes,
  n: mapOfMaybes,
  v: fields,
})

type Texts = fc.Arbitrary<string>
/** Never -1: the least int divided by it is one more than the greatest, which the library gives nevertheless. */
const DIVISOR = fc.constantFrom('0', '1', '2', '-2')

/** Expressions of each type, built of smaller ones. */
const { bool, ofText, ofInt } = fc.letrec<{
  bool: string
  ofText: string
  ofInt: string
  ofDouble: string
  ofList: string
  optional: string
  ofOptionals: string
}>((tie) => {
  const form = (parts: readonly Texts[], write: (...texts: string[]) => string): Texts =>
    fc.tuple(...parts).map((texts) => write(...texts))
  const [bool, ofText, ofInt, ofDouble, ofList, optional, ofOptionals] = [
    tie('bool'),
    tie('ofText'),
    tie('ofInt'),
    tie('ofDouble'),
    tie('ofList'),
    tie('optional'),
    tie('ofOptionals'),
  ]
  const name = fc.constantFrom(...NAMES)
  // In a map that is written out, the library loses what stands under __proto__ too.
  const key = fc.constantFrom(...KEYS.filter((one) => one !== '__proto__'))
  const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
  return {
    bool: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('p', 'q', 'true', 'false'),
      form([bool, fc.constantFrom('&&', '||', '==', '!='), bool], (a, op, b) => `(${a} ${op} ${b})`),
      form([bool], (a) => `!${a}`),
      form([ofText, comparison, ofText], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofInt, comparison, ofInt], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofDouble, comparison, ofDouble], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofList, fc.constantFrom('==', '!='), ofList], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofText, ofList], (a, b) => `(${a} in ${b})`),
      form([ofText], (a) => `(${a} in m)`),
      form([ofText, fc.constantFrom('startsWith', 'endsWith', 'contains'), ofText], (a, f, b) => `${a}.${f}(${b})`),
      form([ofList, fc.constantFrom('all', 'exists', 'exists_one'), bool], (a, f, b) => `${a}.${f}(s, ${b})`),
      form([name], (a) => `has(m.${a})`),
      form([optional], (a) => `${a}.hasValue()`),
      form([ofOptionals, fc.constantFrom('all', 'exists'), bool], (a, f, b) => `${a}.${f}(o, ${b})`),
      fc.constantFrom('has(v.s)', 'has(v.o)', 'has(v.k)'),
      form([ofText], (a) => `(x == ${a})`),
      form([name, ofText], (a, b) => `(x.${a} == ${b})`),
      form([bool, bool, bool], (a, b, c) => `(${a} ? ${b} : ${c})`),
    ),
    ofText: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('s', 't'),
      text.map((value) => JSON.stringify(value)),
      form([ofText, ofText], (a, b) => `(${a} + ${b})`),
      form([ofList, ofInt], (a, b) => `${a}[${b}]`),
      form([name], (a) => `m.${a}`),
      form([ofText], (a) => `m[${a}]`),
      form([optional, ofText], (a, b) => `${a}.orValue(${b})`),
      form([optional], (a) => `${a}.value()`),
      fc.constantFrom('v.s'),
      form([ofInt], (a) => `string(${a})`),
      form([ofList], (a) => `${a}.join("-")`),
      form([bool, ofText, ofText], (a, b, c) => `(${a} ? ${b} : ${c})`),
      form([ofText, ofText], (a, b) => `cel.bind(t, ${a}, ${b})`),
    ),
    ofInt: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('i', 'j', '0', '1', '2', '-1'),
      form([ofInt, fc.constantFrom('+', '-', '*', '%'), ofInt], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofInt, DIVISOR], (a, b) => `(${a} / ${b})`),
      form([fc.oneof(ofText, ofList)], (a) => `size(${a})`),
      fc.constantFrom('int("7")', 'int("a")', 'int(d)'),
      form([ofText, ofText], (a, b) => `${a}.indexOf(${b})`),
    ),
    ofDouble: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('d', '0.0', '1.5'),
      form([ofDouble, fc.constantFrom('+', '-', '*', '/'), ofDouble], (a, op, b) => `(${a} ${op} ${b})`),
      form([ofInt], (a) => `double(${a})`),
    ),
    ofList: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('l', '["a", "b"]', '["constructor"]'),
      form([ofText, ofText], (a, b) => `[${a}, ${b}]`),
      form([ofList, ofList], (a, b) => `(${a} + ${b})`),
      form([ofList, bool], (a, b) => `${a}.filter(s, ${b})`),
      form([ofList, ofText], (a, b) => `${a}.map(s, ${b})`),
      form([ofList, bool, ofText], (a, b, c) => `${a}.map(s, ${b}, ${c})`),
      form([ofText], (a) => `${a}.split("b")`),
    ),
    optional: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      form([name], (a) => `m.?${a}`),
      form([ofText], (a) => `m[?${a}]`),
      form([ofList, ofInt], (a, b) => `${a}[?${b}]`),
      form([ofText], (a) => `optional.of(${a})`),
      form([optional, optional], (a, b) => `${a}.or(${b})`),
      fc.constantFrom('o', 'v.o', 'v.?s', 'v.?o.value()'),
      form([ofOptionals, ofInt], (a, b) => `${a}[${b}]`),
      form([name], (a) => `n.${a}`),
      form([ofText], (a) => `n[${a}]`),
      form([key, optional], (a, b) => `{"${a}": ${b}}.${a}`),
      form([key, optional, ofText], (a, b, c) => `{"${a}": ${b}}[${c}]`),
      form([ofOptionals, ofInt], (a, b) => `${a}[?${b}].value()`),
      form([optional, optional], (a, b) => `cel.bind(o, ${a}, ${b})`),
    ),
    ofOptionals: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('k', 'v.k'),
      form([optional, optional], (a, b) => `[${a}, ${b}]`),
      form([ofList, optional], (a, b) => `${a}.map(s, ${b})`),
      form([ofOptionals, bool], (a, b) => `${a}.filter(o, ${b})`),
    ),
  }
})

/** A value, or that there is none: how the two word a failure is their own affair. */
function outcomeOf(evaluate: () => unknown): unknown {
  try {
    const value = evaluate()
    return value instanceof LibraryOptional ? { optional: (value as Optional).orValue(undefined) } : { value }
  } catch {
    return 'fails'
  }
}

describe('expressions', () => {
  it.each([
    ['bool', bool],
    ['string', ofText],
    ['int', ofInt],
  ])('that give a %s give what the library gives, or fail where it fails', (_, expressions) => {
    let compared = 0
    fc.assert(
      fc.property(expressions, activation, (expression, values) => {
        const compilation = compileExpression(environment, expression, [])
        if ('problems' in compilation) return
        compared += 1
        const theirs = outcomeOf(() => environment.parse(expression)(values) as unknown)
        expect(outcomeOf(() => compilation.expression.evaluate(values))).toEqual(theirs)
      }),
      { numRuns: 1500 },
    )
    expect(compared).toBeGreaterThan(500)
  })
})
