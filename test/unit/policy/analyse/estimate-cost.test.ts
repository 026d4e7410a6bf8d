import { describe, expect, it } from 'vitest'
import { estimateCost } from '../../../../src/policy/analyse/estimate-cost.ts'
import { loadTexts } from '../policy-fixture.ts'
import { compiled } from '../expression/expression-fixture.ts'

function stepsOf(text: string): number {
  return estimateCost(compiled(text).ast, new Map()).steps
}

describe('estimateCost', () => {
  it('multiplies loops within loops, and adds those that follow each other', () => {
    const once = stepsOf('metadata.redirect_uris.all(a, a == "x")')
    const chained = stepsOf('metadata.redirect_uris.filter(a, a == "x").all(a, a == "x")')
    const nested = stepsOf('metadata.redirect_uris.all(a, metadata.redirect_uris.all(b, b == "x"))')
    expect(chained).toBeLessThan(3 * once)
    expect(nested).toBeGreaterThan(50 * once)
  })

  it('counts lists of the file by their length', () => {
    expect(stepsOf('["a", "b"].all(a, a == "x")')).toBeLessThan(50)
  })

  it('counts the characters of a text, more of them where a pattern looks at each', () => {
    const compared = stepsOf('metadata.client_name.startsWith("x")')
    const matched = stepsOf('metadata.client_name.matches("x")')
    expect(compared).toBeGreaterThan(1000)
    expect(matched).toBeGreaterThan(10 * compared)
  })

  it('takes a short text for short', () => {
    expect(stepsOf('"abc".matches("x")')).toBeLessThan(100)
  })

  it('knows that a text has as many words as it has spaces', () => {
    expect(stepsOf('scopes(metadata.client_name).all(s, s == "x")')).toBeGreaterThan(100_000)
  })

  it('knows that one element may hold all the characters of a list', () => {
    const square = 'metadata.redirect_uris.all(u, u.split("/").all(p, p in u.split("/")))'
    expect(stepsOf(square)).toBeGreaterThan(100_000_000)
  })

  it('counts a look-up by the variable of the loop once an element', () => {
    const [by, whole] = [
      stepsOf('translations.all(name, translations[name].matches("x"))'),
      stepsOf('translations.all(name, translations["a"].matches("x"))'),
    ]
    expect(by).toBeLessThan(1_000_000)
    expect(whole).toBeGreaterThan(100_000_000)
  })

  it('tells which loop costs', () => {
    const text = '["a"].all(x, x == "") && metadata.redirect_uris.all(a, a.matches("x"))'
    expect(estimateCost(compiled(text).ast, new Map()).loop).toMatchObject({
      offset: text.indexOf('metadata'),
      rounds: 100,
    })
  })
})

describe('the limit of cost', () => {
  const faultsOf = async (require: string, more = ''): Promise<readonly string[]> => {
    const members = 'members: { redirect_uris: list(string), contacts: list(string), scope: string }\n'
    const rules = `rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(require)} }]`
    return (await loadTexts({ tested: members + more + rules })).faults.map(
      ({ wanted, found }) => `${wanted}: ${found}`,
    )
  }

  it.each([
    'metadata.redirect_uris.all(a, metadata.contacts.all(b, a != b && a.lowerAscii() != b.lowerAscii()))',
    'scopes(metadata.scope).all(s, s in ["openid", "accounts", "payments"])',
    'sets.contains(scopes(metadata.scope), metadata.contacts)',
    'metadata.redirect_uris.all(x, duration(metadata.scope) > duration("1s"))',
    'dn.values(metadata.scope, "OU").all(x, x.lowerAscii() == metadata.scope.lowerAscii())',
    'metadata.redirect_uris.all(x, metadata.contacts.size() > 0)',
    'metadata.redirect_uris.all(u, isURL(u) && !u.matches("^x+$") && url(u).getHostname().endsWith(".example"))',
  ])('lets through what rules need: %s', async (expression) => {
    expect(await faultsOf(expression)).toEqual([])
  })

  it.each([
    'scopes(metadata.scope).all(s, s in scopes(metadata.scope))',
    'metadata.redirect_uris.all(a, metadata.contacts.all(b, metadata.contacts.all(c, a + b != c)))',
    'metadata.redirect_uris.map(a, metadata.contacts.map(b, a + b)).size() > 0 && metadata.redirect_uris.all(a, metadata.contacts.all(b, (a + b).matches("x")))',
    'metadata.redirect_uris.all(x, metadata.scope.indexOf(x, 5) < 0)',
    'metadata.redirect_uris.all(x, metadata.scope.lastIndexOf(x, 5) < 0)',
    'metadata.redirect_uris.all(x, metadata.scope.substring(3) != x)',
    'metadata.redirect_uris.all(x, metadata.scope.split(x).size() > 3)',
    'metadata.redirect_uris.all(x, dn.isValid(metadata.scope))',
    'metadata.redirect_uris.all(x, metadata.redirect_uris.join(metadata.scope) != x)',
    'metadata.redirect_uris.all(x, metadata.contacts.all(y, now.getHours(x) < now.getHours(y)))',
    'metadata.redirect_uris.all(x, {"a": metadata.scope}["a"].matches(".b"))',
  ])('refuses what would halt the gateway: %s', async (expression) => {
    expect(await faultsOf(expression)).toEqual([
      expect.stringMatching(
        /^at most 2 million steps for the largest request: about [\d.]+ million, most of them in a loop/,
      ),
    ])
  })

  it('knows how large a variable may be', async () => {
    const variables = 'variables: { words: scopes(metadata.scope) }\n'
    expect(await faultsOf('variables.words.all(s, s in variables.words)', variables)).toHaveLength(1)
  })
})
