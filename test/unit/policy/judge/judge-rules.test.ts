import { describe, expect, it } from 'vitest'
import { judge, type PresentedFacts, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { BREAKS, HOLDS, loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { org_id: string, anything: dyn }
members: { client_name: string, redirect_uris: list(string), default_max_age: int }
variables:
  names: metadata.?redirect_uris.orValue([])
  count: size(variables.names)
  organisation: statement.org_id
headers:
  X-Organisation: 'has(statement.org_id) ? optional.of(variables.organisation + string(variables.count)) : optional.none()'
rules:
`

function rule(id: string, require: string, more = ''): string {
  const lines = [
    `  - id: ${id}`,
    '    title: t',
    `    require: ${JSON.stringify(require)}`,
    `    message: ${id} is broken`,
  ]
  return [...lines, ...(more === '' ? [] : [`    ${more}`]), ''].join('\n')
}

async function judged(rules: string, facts: Partial<PresentedFacts> = {}): Promise<Verdict> {
  return judge(await loadPolicy(HEAD + rules), present(facts))
}

const ids = ({ findings }: Verdict): readonly (string | undefined)[] => findings.map((finding) => finding.rule)

describe('rules', () => {
  it('that are broken are all named in one answer, in the order of the file', async () => {
    const rules = rule('z', BREAKS) + rule('held', HOLDS) + rule('a', BREAKS) + rule('m', BREAKS)
    const verdict = await judged(rules)
    expect(ids(verdict)).toEqual(['z', 'a', 'm'])
    expect(verdict.held).toEqual(['held'])
  })

  it('say in the finding what the policy says of them, and no more', async () => {
    const more = `clause: 7.1 (6)
    at: redirect_uris
    error: invalid_redirect_uri
    status: 403
    wanted: '["https"]'
    found: metadata.redirect_uris`
    const facts = { sent: { redirect_uris: ['http://a.example'] } }
    expect((await judged(rule('https', BREAKS, more), facts)).findings).toEqual([
      {
        reason: 'rule-broken',
        rule: 'https',
        clause: '7.1 (6)',
        at: 'redirect_uris',
        message: 'https is broken',
        error: 'invalid_redirect_uri',
        status: 403,
        wanted: '["https"]',
        found: '["http://a.example"]',
      },
    ])
    expect((await judged(rule('bare', BREAKS))).findings).toEqual([
      { reason: 'rule-broken', rule: 'bare', at: 'request', message: 'bare is broken' },
    ])
  })

  it('do not apply where their condition does not hold, and then neither hold nor break', async () => {
    const rules = rule('a', BREAKS, 'when: has(metadata.client_name)')
    expect(await judged(rules)).toMatchObject({ findings: [], held: [] })
    expect(ids(await judged(rules, { sent: { client_name: 'x' } }))).toEqual(['a'])
  })

  it('apply where their condition gives anything but a plain false', async () => {
    const rules = rule('a', BREAKS, 'when: statement.anything')
    expect(ids(await judged(rules, { claims: { anything: 'false' } }))).toEqual(['a'])
    expect(ids(await judged(rules, { claims: { anything: false } }))).toEqual([])
  })

  it.each(['true', 1, null, [true], {}])('hold for nothing but a plain true, not for %j', async (value) => {
    const rules = rule('a', 'statement.anything.v')
    const facts = (v: boolean | typeof value): Partial<PresentedFacts> => ({ claims: { anything: { v } } })
    expect((await judged(rules, facts(value))).findings).toMatchObject([{ reason: 'rule-broken', rule: 'a' }])
    expect((await judged(rules, facts(true))).findings).toEqual([])
  })

  it.each([
    ['a missing member', 'metadata.client_name == "x"', 'the expression failed: No such key: client_name'],
    [
      'a missing certificate',
      'size(certificate.subject.CN) == 0',
      'the expression failed: Unknown variable: certificate',
    ],
    ['arithmetic', '1 / 0 == 1', 'the expression failed: division by zero'],
    [
      'a URL that is none',
      'url("x").hasFragment()',
      'the expression failed: url() wants an absolute URI; ask isURL() first',
    ],
  ])('that fail for %s refuse the request', async (_, require, detail) => {
    const facts = { sent: {}, claims: { anything: 1 } }
    expect((await judged(rule('a', require, 'found: metadata.client_name'), facts)).findings).toEqual([
      { reason: 'rule-failed', rule: 'a', at: 'request', message: 'a is broken', detail },
    ])
  })

  it('whose condition fails refuse the request', async () => {
    const rules = rule('a', HOLDS, 'when: metadata.client_name == "x"')
    expect((await judged(rules)).findings).toMatchObject([{ reason: 'rule-failed', rule: 'a' }])
  })

  it('that fail leave the others judged', async () => {
    const rules = rule('a', 'metadata.client_name == "x"') + rule('b', HOLDS) + rule('c', BREAKS)
    const verdict = await judged(rules)
    expect(ids(verdict)).toEqual(['a', 'c'])
    expect(verdict.held).toEqual(['b'])
  })

  it('in report mode are reported and do not refuse, failing ones included', async () => {
    const rules = rule('a', BREAKS, 'mode: report') + rule('b', 'metadata.client_name == ""', 'mode: report')
    const verdict = await judged(rules + rule('c', BREAKS, 'mode: enforce'))
    expect(verdict.reported).toMatchObject([
      { rule: 'a', reason: 'rule-broken' },
      { rule: 'b', reason: 'rule-failed' },
    ])
    expect(ids(verdict)).toEqual(['c'])
  })

  it.each(['create', 'read', 'update', 'delete'] as const)(
    'apply to the operations they name: %s',
    async (operation) => {
      const rules = rule('default', BREAKS) + rule('named', BREAKS, 'on: [read, delete]')
      const changing = operation === 'create' || operation === 'update'
      expect(ids(await judged(rules, { operation }))).toEqual(changing ? ['default'] : ['named'])
    },
  )

  it.each([
    ['2025-12-31T23:59:59.999Z', []],
    ['2026-01-01T00:00:00.000Z', ['a']],
    ['2026-01-31T23:59:59.999Z', ['a']],
    ['2026-02-01T00:00:00.000Z', []],
  ])('are in force from the first to the last moment of their days (UTC): %s', async (now, expected) => {
    const rules = rule('a', BREAKS, 'from: 2026-01-01\n    until: 2026-01-31')
    expect(ids(await judged(rules, { now: new Date(now) }))).toEqual(expected)
  })

  it('with one date only have no other bound', async () => {
    const rules = rule('from', BREAKS, 'from: 2026-01-01') + rule('until', BREAKS, 'until: 2026-01-01')
    expect(ids(await judged(rules, { now: new Date('1990-01-01') }))).toEqual(['until'])
    expect(ids(await judged(rules, { now: new Date('2090-01-01') }))).toEqual(['from'])
  })

  it('know the time of the request', async () => {
    const rules = rule('a', 'now == timestamp("2026-01-01T12:00:00Z")')
    expect((await judged(rules)).held).toEqual(['a'])
  })
})

describe('wanted and found', () => {
  it.each([
    ['metadata.client_name', 'Name'],
    ['metadata.redirect_uris', '["a","b"]'],
    ['metadata.default_max_age', '60'],
    ['metadata.?client_name', 'Name'],
    ['{"n": 1}', '{"n":1}'],
    ['now', '2026-01-01T12:00:00Z'],
    ['[now]', '["2026-01-01T12:00:00Z"]'],
    ['{"at": now + duration("0.5s")}', '{"at":"2026-01-01T12:00:00.500Z"}'],
  ])('of the expression %s read %s', async (expression, text) => {
    const sent = { client_name: 'Name', redirect_uris: ['a', 'b'], default_max_age: 60 }
    const facts = { sent }
    expect((await judged(rule('a', BREAKS, `found: '${expression}'`), facts)).findings[0]?.found).toBe(text)
    expect((await judged(rule('a', BREAKS, `wanted: '${expression}'`), facts)).findings[0]?.wanted).toBe(text)
  })

  it('have 200 characters at most', async () => {
    const facts = { sent: { client_name: 'x'.repeat(5000) } }
    const more = 'found: metadata.client_name\n    wanted: metadata.client_name'
    const [finding] = (await judged(rule('a', BREAKS, more), facts)).findings
    expect([finding?.found?.length, finding?.wanted?.length]).toEqual([200, 200])
  })

  it('that cannot be computed or shown do not hide the finding', async () => {
    for (const found of ['metadata.client_name', 'url("https://a.example")']) {
      const [finding] = (await judged(rule('a', BREAKS, `found: ${found}`))).findings
      expect(finding).toMatchObject({ reason: 'rule-broken', rule: 'a' })
      expect(finding).not.toHaveProperty('found')
    }
  })
})

describe('members and claims of another type than declared', () => {
  const ECHOES =
    rule('member', 'size(metadata.redirect_uris) > 0') +
    rule('condition', BREAKS, 'when: size(metadata.redirect_uris) > 0') +
    rule('requested', 'size(requested.redirect_uris) > 0') +
    rule('variable', 'size(variables.names) > 0') +
    rule('variable-of-variable', 'variables.count > 0')

  it('refuse with the finding of the type alone, and no echoes of rules that name them', async () => {
    const verdict = await judged(ECHOES + rule('other', BREAKS), { sent: { redirect_uris: 'no list' } })
    expect(verdict.findings.map(({ rule: id, reason }) => id ?? reason)).toEqual(['metadata-member-invalid', 'other'])
    expect(verdict.held).toEqual([])
  })

  it('do not silence rules about other members', async () => {
    const { findings } = await judged(ECHOES, { sent: { client_name: 5, redirect_uris: [] } })
    expect(findings.map(({ rule: id, reason }) => `${id ?? ''} ${reason}`)).toEqual([
      ' metadata-member-invalid',
      'member rule-broken',
      'requested rule-broken',
      'variable rule-broken',
      'variable-of-variable rule-broken',
    ])
  })

  it('refuse likewise for claims', async () => {
    const rules =
      rule('claim', 'statement.org_id != ""') +
      rule('variable', 'variables.organisation != ""') +
      rule('other', 'statement.anything == 2')
    const verdict = await judged(rules, { claims: { org_id: 5, anything: 1 } })
    expect(verdict.findings.map(({ rule: id, reason }) => id ?? reason)).toEqual(['statement-claim-invalid', 'other'])
  })

  it('tells a claim from a member of the same name', async () => {
    const policy = await loadPolicy(`
softwareStatement: { create: optional, algorithms: [PS256], claims: { client_name: string } }
members: { client_name: string }
rules:
${rule('member', 'metadata.client_name == ""')}${rule('claim', 'statement.client_name == ""')}`)
    const verdict = judge(policy, present({ sent: { client_name: 5 }, claims: { client_name: 'x' } }))
    expect(ids(verdict)).toEqual([undefined, 'claim'])
  })
})
