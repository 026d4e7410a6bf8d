import { describe, expect, it } from 'vitest'
import { judge } from '../../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../../policy-fixture.ts'

const HEAD = `
members: { a: string, list: list(string) }
variables: { x: 'metadata.?a' }
`

async function findingsOf(require: string, sent: Record<string, string | string[]>): Promise<readonly object[]> {
  const rules = `rules: [{ id: tried, title: t, message: m, found: variables.x, require: ${JSON.stringify(require)} }]\n`
  return judge(await loadPolicy(HEAD + rules), present({ sent })).findings
}

describe('what may be absent', () => {
  it.each([
    ['variables.x.orValue("q") == "q"'],
    ['metadata.list.map(k, metadata.?a)[0].orValue("q") == "q"'],
    ['[metadata.?a][0].orValue("q") == "q"'],
    ['{"k": metadata.?a}["k"].orValue("q") == "q"'],
    ['{"k": metadata.?a}.k.orValue("q") == "q"'],
    ['[metadata.?a][?0].value().orValue("q") == "q"'],
  ])('can be kept in a variable, a list or a map and asked for there: %s', async (require) => {
    expect(await findingsOf(require, { list: ['1'] })).toEqual([])
    expect(await findingsOf(require, { list: ['1'], a: 'q' })).toEqual([])
    expect(await findingsOf(require, { list: ['1'], a: 'other' })).toMatchObject([{ reason: 'rule-broken' }])
  })
})
