import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { bindParameters } from '../../../src/policy/bind-parameters.ts'
import { loadPolicy } from './policy-fixture.ts'

const policy = await loadPolicy(`
parameters:
  mode: { type: string, default: strict, oneOf: [strict, lenient], meaning: how strict }
  free: { type: string, default: '', meaning: any text }
  level: { type: int, default: 1, oneOf: [1, 2], meaning: how much }
  on: { type: bool, default: false, meaning: whether }
  names: { type: list(string), default: [a], meaning: which }
  chosen: { type: list(string), default: [], oneOf: [a, b], meaning: which of two }
`)
const DEFAULTS = { mode: 'strict', free: '', level: 1, on: false, names: ['a'], chosen: [] }

describe('bindParameters', () => {
  it('takes the defaults where nothing is given', () => {
    expect(bindParameters(policy, {})).toEqual({ values: DEFAULTS, problems: [] })
  })

  it.each<[string, Json]>([
    ['mode', 'lenient'],
    ['free', 'anything'],
    ['level', 2],
    ['on', true],
    ['names', []],
    ['names', ['x', 'y']],
    ['chosen', ['b', 'a', 'b']],
  ])('takes %s: %j', (name, value) => {
    expect(bindParameters(policy, { [name]: value })).toEqual({ values: { ...DEFAULTS, [name]: value }, problems: [] })
  })

  it.each<[string, Json, wanted: string, found: string]>([
    ['mode', 'lax', 'one of strict, lenient', '"lax"'],
    ['mode', 1, 'string', 'int'],
    ['mode', null, 'string', 'null'],
    ['free', ['x'], 'string', 'list'],
    ['level', 3, 'one of 1, 2', '3'],
    ['level', '1', 'int', 'string'],
    ['level', 1.5, 'int', 'double'],
    ['on', 'true', 'bool', 'string'],
    ['names', 'a', 'list(string)', 'string'],
    ['names', ['a', 1], 'string', 'int'],
    ['chosen', ['a', 'c'], 'one of a, b', '"c"'],
  ])('refuses %s: %j and keeps the default', (name, value, wanted, found) => {
    expect(bindParameters(policy, { [name]: value })).toEqual({
      values: DEFAULTS,
      problems: [{ parameter: name, wanted, found }],
    })
  })

  it('refuses a parameter that the policy does not have, with the nearest name', () => {
    const { values, problems } = bindParameters(policy, { mdoe: 'strict', whatever: 1 })
    expect(values).toEqual(DEFAULTS)
    const wanted = 'a parameter of tested: mode, free, level, on, names, chosen'
    expect(problems).toEqual([
      { parameter: 'mdoe', wanted, found: 'mdoe', hint: 'did you mean mode?' },
      { parameter: 'whatever', wanted, found: 'whatever' },
    ])
  })

  it('reports every problem at once', () => {
    const given: JsonObject = { mode: 'lax', on: 1, extra: true }
    expect(bindParameters(policy, given).problems.map(({ parameter }) => parameter)).toEqual(['mode', 'on', 'extra'])
  })

  it('says so where a policy has no parameters', async () => {
    expect(bindParameters(await loadPolicy(''), { x: 1 }).problems).toMatchObject([
      { wanted: 'a parameter of tested: it has none' },
    ])
  })
})
