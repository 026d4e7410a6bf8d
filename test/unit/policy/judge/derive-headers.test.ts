import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/model/json.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const policy = await loadPolicy(`
softwareStatement: { create: optional, algorithms: [PS256], claims: { org_name: string, anything: dyn } }
headers:
  X-Organisation: statement.?org_name
  X-Anything: statement.anything
`)

const derive = (orgName: Json, anything: Json = 'x'): Verdict =>
  judge(policy, present({ claims: { org_name: orgName, anything } }))

describe('headers', () => {
  it.each(['a', 'Bank of Example, Inc.', '!~', 'x'.repeat(1024)])('carry %j', (value) => {
    expect(derive(value)).toMatchObject({ findings: [], headers: { 'X-Organisation': value, 'X-Anything': 'x' } })
  })

  it('are not set for an optional without value', () => {
    expect(derive(null)).toMatchObject({ findings: [], headers: { 'X-Anything': 'x' } })
    expect(derive(null).headers).not.toHaveProperty('X-Organisation')
  })

  it.each([
    ['a line break and another header', 'a\r\nX-Admin: true'],
    ['a line feed', 'a\nb'],
    ['a line feed at the end', 'a\n'],
    ['a carriage return', 'a\rb'],
    ['a NUL', 'a\0b'],
    ['a tab', 'a\tb'],
    ['letters beyond ASCII', 'Banco Itaú'],
    ['a line separator', 'a\u2028b'],
    ['a blank at the beginning', ' a'],
    ['a blank at the end', 'a '],
    ['nothing', ''],
    ['more than 1024 characters', 'x'.repeat(1025)],
  ])('are refused, and with them the request, for a value with %s', (_, value) => {
    const { findings, headers } = derive(value)
    expect(findings).toEqual([
      {
        reason: 'rule-failed',
        at: 'software_statement',
        message: 'a fact the identity server needs is missing or unusable',
        detail: 'X-Organisation: not a header field value',
      },
    ])
    expect(headers).toEqual({ 'X-Anything': 'x' })
  })

  it.each([5, true, ['a'], { a: 'b' }])('are refused for a value that is no text: %j', (value) => {
    expect(derive('a', value).findings).toMatchObject([
      { reason: 'rule-failed', detail: 'X-Anything: not a header field value' },
    ])
  })

  it('tell the operator no more than 400 characters of what failed, which may be quoted from the statement', async () => {
    const quoting = await loadPolicy(`
softwareStatement: { create: optional, algorithms: [PS256], claims: { org_name: string, map: 'map(string, string)' } }
headers: { X-Mapped: 'statement.map[statement.org_name]' }
`)
    const claims = { org_name: 'x'.repeat(5000), map: {} }
    const [finding] = judge(quoting, present({ claims })).findings
    expect(finding?.detail).toMatch(/^X-Mapped: No such key: x+$/)
    expect(finding?.detail).toHaveLength(400 + 'X-Mapped: '.length)
  })

  it('are refused where the fact behind them is missing', () => {
    expect(derive('a', null).findings).toMatchObject([
      { reason: 'rule-failed', detail: 'X-Anything: No such key: anything' },
    ])
  })
})
