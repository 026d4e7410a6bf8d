import { describe, expect, it } from 'vitest'
import { POLICY_FUNCTIONS } from '../../../../src/policy/expression/functions.ts'
import { evaluate } from './expression-fixture.ts'

const examples = POLICY_FUNCTIONS.map(({ signature, meaning, example }) => ({ signature, meaning, example }))

describe('functions of policy expressions', () => {
  it.each(examples)('$signature: $meaning', ({ example: [expression, result] }) => {
    expect(evaluate(expression)).toEqual(result)
  })

  it('has an example of its own for every function', () => {
    const expressions = POLICY_FUNCTIONS.map(({ example: [expression] }) => expression)
    expect(new Set(expressions).size).toBe(POLICY_FUNCTIONS.length)
    expect(POLICY_FUNCTIONS.map(({ meaning }) => meaning.length > 10)).toEqual(POLICY_FUNCTIONS.map(() => true))
  })

  it.each([
    ['sets.contains(["a", "b"], ["b", "c"])', false],
    ['sets.contains(["a"], [""])', false],
    ['sets.contains([""].filter(s, false), [""].filter(s, false))', true],
    ['sets.equivalent(["a", "b"], ["a"])', false],
    ['sets.equivalent(["a"], ["a", "b"])', false],
    ['sets.intersects(["a", "b"], ["c", "b"])', true],
    ['sets.difference(["a", "b", "a"], ["b"])', ['a', 'a']],
    ['scopes("")', []],
    ['scopes("  openid   accounts ")', ['openid', 'accounts']],
    ['scopes("openid\\taccounts")', ['openid\taccounts']],
    ['dn.equal("CN=a,O=b", "O=b,CN=a")', false],
    ['dn.isValid("CN=a,O=b")', true],
    ['dn.usesOnlyRfc4514Names("CN=a,OU=b")', true],
    ['dn.values("CN=a", "O")', []],
    ['"AZaz-09".lowerAscii()', 'azaz-09'],
    ['"AZaz-09".upperAscii()', 'AZAZ-09'],
  ])('%s gives %j', (expression, result) => {
    expect(evaluate(expression)).toEqual(result)
  })

  it('fails for a distinguished name that is malformed, so that it equals nothing', () => {
    expect(() => evaluate('dn.equal("CN", "CN")')).toThrow()
    expect(() => evaluate('dn.values("CN", "CN")')).toThrow()
  })

  it('does not fold KELVIN SIGN (U+212A) or LONG S (U+017F) into ASCII letters', () => {
    expect(evaluate('"\u212Aey".lowerAscii() == "key"')).toBe(false)
    expect(evaluate('"\u017Fet".upperAscii() == "SET"')).toBe(false)
    expect(evaluate('"\u0130".lowerAscii()')).toBe('\u0130')
  })
})
