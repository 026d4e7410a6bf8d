import { describe, expect, it } from 'vitest'
import { LazyFields } from '../../../../../src/policy/expression/evaluate/typed-values.ts'
import { judge } from '../../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../../policy-fixture.ts'

describe('a variable that fails', () => {
  it('is evaluated once, whoever asks for it, and fails alike each time', () => {
    let evaluations = 0
    const failure = new RangeError('no')
    const variables = new LazyFields(() => {
      evaluations += 1
      throw failure
    })
    for (let asked = 0; asked < 3; asked += 1) expect(() => variables.read('v')).toThrow(failure)
    expect(evaluations).toBe(1)
  })

  it('costs no more for every loop that goes on after it, so that no request can hold the gateway up', async () => {
    const policy = await loadPolicy(`
members: { redirect_uris: list(string) }
variables:
  allWeb: metadata.redirect_uris.all(u, url(u).getScheme() == "https")
  b: metadata.redirect_uris.all(u, variables.allWeb)
  c: metadata.redirect_uris.all(u, variables.b)
  e: metadata.redirect_uris.all(u, variables.c)
rules: [{ id: looped, title: t, message: m, require: 'metadata.redirect_uris.all(u, variables.e)' }]
`)
    // A hundred to the fifth power, were each evaluated for every element of the one before: the test would never end.
    const redirectUris = Array.from({ length: 100 }, (_, index) => `no url ${index}`)
    const { findings } = judge(policy, present({ sent: { redirect_uris: redirectUris } }))
    expect(findings).toMatchObject([{ reason: 'rule-failed', rule: 'looped', detail: expect.any(String) as string }])
  })
})
