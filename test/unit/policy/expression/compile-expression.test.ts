import { describe, expect, it } from 'vitest'
import { EvaluationFailure } from '../../../../src/policy/expression/evaluate/evaluation-failure.ts'
import { compiled, evaluate, problemsOf } from './expression-fixture.ts'

describe('names', () => {
  it.each([
    ['metadta.client_name', 0, 'metadta'],
    ['metadata.client_nam', 9, 'client_nam'],
    ['metadata.redirect_uris == [] && statement.orgid == ""', 42, 'orgid'],
    ['metadata.?client_nam.orValue("")', 10, 'client_nam'],
    ['metadata[?"client_nam"].orValue("")', 10, 'client_nam'],
    ['has(metadata.client_nam)', 13, 'client_nam'],
    ['!has(statement.orgid) || true', 15, 'orgid'],
    ['has(certificate.subjekt.CN)', 16, 'subjekt'],
    ['has(certificate.subject.CNN)', 24, 'CNN'],
    ['certificate.?subject.?CNN', 22, 'CNN'],
    ['certificate.subject.?organizationIdentifer', 21, 'organizationIdentifer'],
    ['optional.of(metadata).client_nam', 22, 'client_nam'],
    ['cel.bind(m, metadata, m.?client_nam)', 25, 'client_nam'],
    ['[metadata].map(m, m.?client_nam)', 21, 'client_nam'],
    ['(true ? metadata : requested).?client_nam', 31, 'client_nam'],
    ['parameters.?mod', 12, 'mod'],
    ['nofunc(1)', 0, 'nofunc'],
    ['"a".startWith("b")', 0, 'startWith'],
    ['sets.contain(["a"], ["b"])', 0, 'contain'],
  ])('refuses %s at load and says which name is misspelt, and where', (text, offset, misspelt) => {
    expect(problemsOf(text)).toMatchObject([{ offset, misspelt }])
  })

  it('reports every misspelt optional field of an expression', () => {
    expect(problemsOf('has(metadata.a_a) || has(metadata.b_b)').map(({ misspelt }) => misspelt)).toEqual(['a_a', 'b_b'])
  })

  it('refuses a misspelt field in brackets', () => {
    expect(problemsOf('metadata["client_nam"] == ""')).toMatchObject([{ found: 'No such key: client_nam' }])
  })

  it.each([
    'has(metadata.client_name)',
    'metadata.?client_name.orValue("")',
    'metadata[?"client_name"].orValue("")',
    'has(certificate.subject.CN)',
    'has(certificate.subject.oid)',
    'certificate.?subject.?organizationIdentifier.orValue([])',
    'has(statement.anything.whatever)',
    'has(metadata.jwks.keys)',
    'statement.?anything.?whatever',
    'statement.?roles[?0].?role',
    'statement.roles.exists(r, has(r.status) && r.?role.orValue("") == "")',
  ])('lets %s be asked for', (text) => {
    expect(problemsOf(text)).toEqual([])
  })
})

describe('types', () => {
  it.each([
    ['metadata.client_name == 5', 'no such overload: string == int'],
    ['metadata.redirect_uris.all(u, u == 1)', 'no such overload: string == int'],
    ['size(metadata.default_max_age)', "no matching overload for 'size(int)'"],
    ['[1, "a"]', /must have the same type/],
    ['true ? 1 : "a"', /Ternary/],
    ['1 +', 'less than a whole one'],
    ['', 'less than a whole one'],
  ])('are checked at load: %s', (text, found) => {
    const [problem, ...more] = problemsOf(text)
    expect(more).toEqual([])
    expect(problem?.found).toMatch(found)
  })

  it('of the result must be one of those wanted', () => {
    expect(problemsOf('1', ['bool'])).toEqual([
      { offset: 0, wanted: 'an expression that gives bool', found: 'one that gives int' },
    ])
    expect(problemsOf('1', ['string', 'optional<string>'])[0]?.wanted).toBe(
      'an expression that gives string or optional<string>',
    )
    expect(problemsOf('true', ['bool'])).toEqual([])
    expect(problemsOf('metadata.?client_name', ['string', 'optional<string>'])).toEqual([])
    expect(problemsOf('1', [])).toEqual([])
  })

  it('that are known only when it runs are accepted at load', () => {
    expect(problemsOf('statement.anything', ['bool'])).toEqual([])
    expect(compiled('statement.anything').type).toBe('dyn')
  })

  it('of whole numbers and times are those of CEL', () => {
    expect(evaluate('metadata.default_max_age == 60', { metadata: { default_max_age: 60 } })).toBe(true)
    expect(evaluate('metadata.default_max_age + 1 > 60', { metadata: { default_max_age: 60 } })).toBe(true)
    expect(evaluate('statement.anything.n == 1', { statement: { anything: { n: 1 } } })).toBe(true)
    const statement = { updated_at: Date.parse('2026-01-01T11:58:00Z') / 1000 }
    expect(evaluate('statement.updated_at > now - duration("5m")', { statement })).toBe(true)
    expect(evaluate('statement.updated_at > now - duration("1m")', { statement })).toBe(false)
  })
})

describe('parts of CEL that policies do not have', () => {
  it.each([
    ['1u == 1u', 0, 'an int, such as 5', 'an unsigned number'],
    ['[b"a"] == []', 1, 'a text', 'bytes'],
    ['size(dyn(b"a")) > 0', 9, 'a text', 'bytes'],
    ['true || uint("1") == uint(1)', 8, 'a function that policies have', 'uint'],
    ['true || bytes("a").size() == 1', 8, 'a function that policies have', 'bytes'],
    ['[1].bind(x, 1, x)', 0, 'a macro that policies have', 'bind'],
    ['9223372036854775808 > 1', 0, 'an int of 64 bits', '9223372036854775808'],
  ])('are refused at load, at their place: %s', (text, offset, wanted, found) => {
    expect(problemsOf(text)).toEqual([{ offset, wanted, found }])
  })

  it('do not include the smallest int, which only its sign makes one', () => {
    expect(evaluate('-9223372036854775808')).toBe(-9_223_372_036_854_775_808n)
  })
})

describe('constants', () => {
  it.each([
    '"a" in string(int("a")).split("b")',
    '"a" in "ab".split("b", int("a"))',
    'true ? [int("a")][0] == 1 : false',
    '{"a": 1, "a": 2} == {"a": 1}',
  ])('that cannot be computed fail when the expression runs, not the load: %s', (text) => {
    expect(problemsOf(text)).toEqual([])
    expect(() => evaluate(text)).toThrow(EvaluationFailure)
  })

  it.each(['true || int("a") == 1', 'int("a") == 1 || true', '!(false && "a" in string(int("a")).split("b"))'])(
    'that cannot be computed are hidden by what decides without them: %s',
    (text) => {
      expect(evaluate(text)).toBe(true)
    },
  )
})

describe('limits', () => {
  it('refuses an expression of more nodes than the limit', () => {
    const sum = (terms: number): string => Array.from({ length: terms }, () => '1').join('+')
    expect(problemsOf(sum(100))).toEqual([])
    expect(problemsOf(sum(600))).toMatchObject([{ found: /^Exceeded maxAstNodes/ }])
  })

  it.each([
    ['depth', `${'('.repeat(60)}1${')'.repeat(60)}`, /^Exceeded maxDepth/],
    ['elements of a list', `[${'1,'.repeat(201)}]`, /^Exceeded maxListElements/],
    [
      'entries of a map',
      `{${Array.from({ length: 101 }, (_, index) => `"k${index}": 1`).join(',')}}`,
      /^Exceeded maxMapEntries/,
    ],
    ['arguments of a call', `size(${'1,'.repeat(9)}1)`, /^Exceeded maxCallArguments/],
  ])('refuses an expression beyond the limit of %s', (_, text, found) => {
    expect(problemsOf(text)).toMatchObject([{ found: expect.stringMatching(found) as string }])
  })
})

describe('members of JavaScript', () => {
  const values = {
    metadata: { client_name: 'x', redirect_uris: ['y'], jwks: { keys: [] } },
    statement: { anything: { name: 'z' }, roles: [{ role: 'r' }] },
    translations: { 'client_name#en': 'x' },
  }
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__', 'length']

  it.each(names)('%s is no field of a declared type', (name) => {
    for (const text of [`metadata.${name}`, `statement.${name}`, `certificate.${name}`, `request.${name}`])
      expect(problemsOf(text)).toMatchObject([{ misspelt: name }])
    for (const text of [`metadata.?${name}`, `has(statement.${name})`, `has(certificate.subject.${name})`])
      expect(problemsOf(text)).toMatchObject([{ misspelt: name }])
    for (const text of [`metadata["${name}"]`, `sets.${name}`, `url("https://a.example").${name}`])
      expect([text, problemsOf(text).length]).toEqual([text, 1])
  })

  it.each(names)('%s is no member of a text or a list', (name) => {
    expect(problemsOf(`metadata.client_name.${name}`)).toHaveLength(1)
    expect(problemsOf(`metadata.redirect_uris.${name}`)).toHaveLength(1)
    expect(() => evaluate(`statement.anything.name.${name}`, values)).toThrow()
  })

  it.each(names)('%s is absent from maps and from values without a declared type', (name) => {
    for (const owner of [
      'statement.anything',
      'metadata.jwks',
      'translations',
      'statement.roles[0]',
      'dyn(metadata)',
    ]) {
      expect(() => evaluate(`${owner}.${name}`, values)).toThrow(/No such key/)
      expect(() => evaluate(`${owner}["${name}"]`, values)).toThrow(/No such key/)
      expect(evaluate(`${owner}.?${name}.hasValue()`, values)).toBe(false)
    }
    expect(evaluate(`"${name}" in statement.anything`, values)).toBe(false)
    expect(evaluate(`"${name}" in translations`, values)).toBe(false)
  })
})
