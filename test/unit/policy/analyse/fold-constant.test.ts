import { describe, expect, it } from 'vitest'
import { foldConstant, NO_ASSUMPTIONS, type Assumptions } from '../../../../src/policy/analyse/fold-constant.ts'
import { compiled } from '../expression/expression-fixture.ts'

function constant(text: string, assumptions: Partial<Assumptions> = {}): unknown {
  const folded = foldConstant(compiled(text).ast, { ...NO_ASSUMPTIONS, ...assumptions })
  return folded.is === 'value' ? folded.value : folded.is
}

describe('foldConstant', () => {
  it.each([
    ['true', true],
    ['!true', false],
    ['1 == 1', true],
    ['1 != 1', false],
    ['"a" == "A"', false],
    ['1 < 2 && 2 <= 2 && 3 > 2 && 2 >= 2', true],
    ['2 < 1', false],
    ['true || request.hasStatement', true],
    ['request.hasStatement || true', true],
    ['request.hasStatement && false', false],
    ['metadata.client_name == "" && false', false],
    ['1 == 1 ? false : true', false],
    ['1 == 2 ? request.hasStatement : true', true],
    ['"a" in ["a", "b"]', true],
    ['"c" in ["a", "b"]', false],
    ['[] == []', true],
    ['["a"] != []', true],
    ['size(["a", "b"]) == 2', true],
    ['[].all(x, x == 1)', true],
    ['[].exists(x, x == 1)', false],
    ['[].filter(x, x == 1).map(x, x).exists_one(x, x == 1)', false],
  ])('knows that %s is %j', (text, outcome) => {
    expect(constant(text)).toBe(outcome)
  })

  it.each([
    'request.hasStatement',
    'metadata.client_name == metadata.client_name',
    'true && request.hasStatement',
    'request.hasStatement || false',
    'request.hasStatement ? true : true',
    'metadata.client_name in []',
    '[metadata.client_name] == []',
    'metadata.redirect_uris.all(u, true)',
    'size(metadata.redirect_uris) >= 0',
    '"a".startsWith("a")',
    'now > timestamp("1970-01-01T00:00:00Z")',
    'statement.?org_id.orValue("") == ""',
    'has(metadata.client_name)',
    '["a"] == ["a"]',
  ])('guesses nothing of %s', (text) => {
    expect(constant(text)).toBe('unknown')
  })

  const withoutFacts = { withoutFields: new Set(['statement', 'metadata', 'requested']) }
  it.each([
    ['has(statement.org_id)', false],
    ['statement.org_id == ""', 'failure'],
    ['!(statement.org_id == "")', 'failure'],
    ['[statement.org_id] == []', 'failure'],
    ['statement.org_id.startsWith("a")', 'failure'],
    ['statement.org_id == "" || true', true],
    ['statement.org_id == "" || false', 'failure'],
    ['statement.org_id == "" || request.hasStatement', 'unknown'],
    ['statement.?org_id.orValue("x") == "x"', true],
    ['statement.?org_id.hasValue()', false],
    ['statement.?org_id.value() == ""', 'failure'],
    ['statement[?"org_id"].orValue("") == ""', true],
    ['statement.?anything.?below.orValue("") == ""', true],
    ['metadata.?redirect_uris.orValue([]).all(u, u == "")', true],
    ['has(statement.org_id) ? false : request.hasCertificate', 'unknown'],
  ])('knows that without facts %s is %j', (text, outcome) => {
    expect(constant(text, withoutFacts)).toBe(outcome)
  })

  it('takes for certain what it is told', () => {
    const known = new Map<string, boolean | string>([
      ['request.operation', 'read'],
      ['parameters.mode', 'strict'],
      ['request.hasStatement', false],
    ])
    expect(constant('request.operation == "create"', { known })).toBe(false)
    expect(constant('parameters.mode == "strict" && !request.hasStatement', { known })).toBe(true)
    expect(constant('request.clientId == "read"', { known })).toBe('unknown')
  })
})
