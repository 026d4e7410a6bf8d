import { describe, expect, it } from 'vitest'
import { evaluate, compiled, problemsOf } from './expression-fixture.ts'

describe('matches', () => {
  it.each([
    ['a', '(a+)+$'],
    ['a', '^(a|a)*$'],
    ['a', '(.*a){20}$'],
    ['x', '^(x+x+)+y'],
    ['a', '^(([a-z])+.)+[A-Z]([a-z])+$'],
  ])('ends on a long text of %s with the hostile pattern %s', (letter, pattern) => {
    const text = `${letter.repeat(20_000)}!`
    expect(
      evaluate(`metadata.client_name.matches(${JSON.stringify(pattern)})`, { metadata: { client_name: text } }),
    ).toBe(false)
  })

  it.each([
    ['"xaay".matches("a+")', true],
    ['"xaay".matches("^a+$")', false],
    ['"a\\n".matches("^a$")', false],
    ['"B".matches("^[a-z]$")', false],
    ['statement.anything.matches("^b$")', true],
  ])('%s gives %j', (expression, result) => {
    expect(evaluate(expression, { statement: { anything: 'b' } })).toBe(result)
  })

  it.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(a)\\\\1', '(', 'a{2000}'])(
    'refuses the pattern %s at load, at its place',
    (pattern) => {
      expect(problemsOf(`"a".matches("${pattern}")`)).toMatchObject([
        { offset: 12, wanted: 'a regular expression in RE2 syntax' },
      ])
    },
  )

  it.each([
    '"a".matches(metadata.client_name)',
    '"a".matches("b" + "c")',
    'metadata.redirect_uris.exists(u, "a".matches(u))',
    '"a".matches(1)',
    '"a".matches()',
    // The name behind the name would otherwise let a registrant fill the memory with patterns.
    '"a".linearMatches(metadata.client_name)',
  ])('refuses a pattern that is no literal: %s', (text) => {
    expect(problemsOf(text)).toMatchObject([
      { wanted: 'a literal pattern', found: 'a pattern computed from the request' },
    ])
  })

  it('reports every bad pattern of an expression', () => {
    expect(problemsOf('"a".matches("(") || "a".matches(metadata.client_name)')).toHaveLength(2)
  })

  it('looks for patterns wherever they may stand', () => {
    const bad = '"a".matches("(")'
    const places = [
      `!${bad}`,
      `[${bad}]`,
      `{"k": ${bad}}`,
      `dyn(${bad})`,
      `${bad} ? 1 : 2`,
      `true ? ${bad} : false`,
      `[true][${bad} ? 0 : 1]`,
      `[1].map(x, ${bad})`,
      `[${bad}].map(x, x)`,
      `optional.of(${bad}).orValue(false)`,
      `cel.bind(x, ${bad}, x)`,
      `-(${bad} ? 1 : 2) == 1`,
      `{"k": ${bad}}.k`,
      `{"k": ${bad}}.?k.orValue(true)`,
    ]
    for (const text of places) expect([text, problemsOf(text)]).toMatchObject([text, [{ wanted: /RE2/ }]])
  })

  it('tells of matches by the name that the author wrote', () => {
    expect(problemsOf('metadata.redirect_uris.matches("a")')).toMatchObject([
      { found: "no matching overload for 'list.matches(string)'" },
    ])
  })
})

describe('loops', () => {
  const within = (depth: number): string => (depth === 0 ? '1' : `[1].map(x${depth}, ${within(depth - 1)})`)

  it('may stand four deep', () => {
    expect(evaluate(within(4))).toEqual([[[[1n]]]])
  })

  it.each(['all', 'exists', 'exists_one', 'map', 'filter'])('may not stand five deep (%s)', (loop) => {
    const nested = (depth: number): string => (depth === 0 ? 'true' : `[true].${loop}(x${depth}, ${nested(depth - 1)})`)
    const text = nested(5)
    expect(problemsOf(text)).toEqual([
      { offset: text.lastIndexOf('[true]'), wanted: 'at most 4 nested loops over lists', found: '5' },
    ])
  })

  it('may follow each other in a chain, which costs no more than one after the other', () => {
    const text = 'metadata.redirect_uris.filter(a, a != "").map(b, b + "/").filter(c, true).exists(d, d == "x/")'
    expect(evaluate(text, { metadata: { redirect_uris: ['', 'x'] } })).toBe(true)
  })

  it('count where a chain stands within others', () => {
    expect(problemsOf(`[1].map(y, ${within(4)}.map(z, z))`)).toHaveLength(1)
    expect(evaluate('[1].map(a, [1].map(b, b).map(c, c)).map(d, d)')).toEqual([[1n]])
  })
})

describe('membersNamed', () => {
  it('knows the members and claims that an expression takes, in every notation', () => {
    const { metadataNamed, claimsNamed, variablesNamed } = compiled(
      'has(metadata.client_name) && metadata.redirect_uris.all(u, u == requested.?client_name.orValue(statement.org_id))',
    )
    expect([...metadataNamed].sort()).toEqual(['client_name', 'redirect_uris'])
    expect([...claimsNamed]).toEqual(['org_id'])
    expect([...variablesNamed]).toEqual([])
    const bracketed = compiled('metadata["client_name"] == statement[?"org_id"].orValue("")')
    expect([...bracketed.metadataNamed]).toEqual(['client_name'])
    expect([...bracketed.claimsNamed]).toEqual(['org_id'])
  })
})
