import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { escapeControls } from '../../../../src/document/escape-controls.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: required
  algorithms: [PS256]
  claims: { roles: list(string), anything: dyn }
members: { scope: string, client_name: string }
scopes:
  id: scopes-by-role
  clause: '7.2'
`
const ROLES = `
  always: [openid]
  grantedBy: statement.roles
  roles:
    DATA: [accounts, consents, scope10]
    PAYMENT: [payments, consents]
    constructor: [forbidden]
`

async function grant(scope: Json, roles: Json = ['DATA'], extra = ''): Promise<Verdict> {
  const sent: JsonObject = { scope }
  return judge(await loadPolicy(HEAD + ROLES + extra), present({ sent, claims: { roles } }))
}

describe('scopes', () => {
  it('are registered as asked where the roles grant them all', async () => {
    const verdict = await grant('openid accounts')
    expect(verdict).toMatchObject({ findings: [], held: ['scopes-by-role'], metadata: { scope: 'openid accounts' } })
  })

  it('are all that is granted where none is asked for', async () => {
    expect((await grant(null)).metadata).toEqual({ scope: 'openid accounts consents scope10' })
    expect((await grant('', ['PAYMENT', 'DATA'])).metadata).toEqual({
      scope: 'openid payments consents accounts scope10',
    })
    expect((await grant('   ', [])).metadata).toEqual({ scope: 'openid' })
  })

  it('are refused where none is asked for and none granted, or the identity server would grant its own', async () => {
    const policy = await loadPolicy(`${HEAD}  grantedBy: statement.roles\n  roles: { DATA: [accounts] }\n`)
    expect(judge(policy, present({ claims: { roles: [] } })).findings).toMatchObject([
      { rule: expect.any(String) as unknown, message: 'the roles of this client grant no scope' },
    ])
  })

  it('beyond the roles refuse the request, which names them and what would do', async () => {
    expect((await grant('openid payments accounts admin')).findings).toEqual([
      {
        reason: 'rule-broken',
        rule: 'scopes-by-role',
        clause: '7.2',
        at: 'scope',
        message: 'a requested scope is not granted by the roles of this client',
        wanted: 'any of: openid accounts consents scope10',
        found: 'payments admin',
      },
    ])
    expect((await grant('payments')).held).toEqual([])
  })

  it('are compared as whole words', async () => {
    expect((await grant('scope1')).findings).toMatchObject([{ found: 'scope1' }])
    expect((await grant('scope100')).findings).toMatchObject([{ found: 'scope100' }])
    expect((await grant('cope10 scope10')).findings).toMatchObject([{ found: 'cope10' }])
    expect((await grant('Accounts')).findings).toMatchObject([{ found: 'Accounts' }])
    expect((await grant('scope10')).findings).toEqual([])
  })

  it.each(['\t', '\n', '\u00a0', '\u2003', ','])('are parted by spaces alone, not by %j', async (separator) => {
    const asked = `openid${separator}accounts`
    expect((await grant(asked)).findings).toMatchObject([{ found: escapeControls(asked) }])
  })

  it('come once, however often asked for', async () => {
    expect((await grant('openid  accounts openid ')).metadata).toEqual({ scope: 'openid accounts' })
  })

  it('are not granted by roles the policy does not list', async () => {
    expect((await grant(null, ['OTHER', 'toString', ''])).metadata).toEqual({ scope: 'openid' })
    expect((await grant(null, ['constructor'])).metadata).toEqual({ scope: 'openid forbidden' })
  })

  it('that carry an id are granted by the word before the first colon, where the policy says so', async () => {
    const prefixes = '  prefixes: metadata.?client_name.orValue("") == ""\n'
    expect(await grant('accounts:1 accounts:a:b openid', ['DATA'], prefixes)).toMatchObject({
      findings: [],
      metadata: { scope: 'accounts:1 accounts:a:b openid' },
    })
    expect((await grant('accounts:1')).findings).toMatchObject([{ rule: 'scopes-by-role', found: 'accounts:1' }])
    expect((await grant('accounts:1', ['DATA'], '  prefixes: "false"\n')).findings).toHaveLength(1)
  })

  it.each(['accounts:', ':accounts', 'payments:accounts', 'account:s', 'accountsx:1', 'ACCOUNTS:1', ':'])(
    'do not become another one by a colon: %s',
    async (scope) => {
      expect((await grant(scope, ['DATA'], '  prefixes: "true"\n')).findings).toMatchObject([{ found: scope }])
    },
  )

  it('beyond the roles are left out where the policy restricts', async () => {
    const restrict = '  restrict: metadata.?client_name.orValue("") == ""\n'
    expect(await grant('payments accounts openid accounts', ['DATA'], restrict)).toMatchObject({
      findings: [],
      metadata: { scope: 'accounts openid' },
    })
    expect((await grant('payments', ['DATA'], restrict)).findings).toMatchObject([
      { rule: 'scopes-by-role', found: 'payments' },
    ])
    expect((await grant('payments', ['DATA'], '  restrict: "false"\n')).findings).toHaveLength(1)
  })

  it('are refused where the roles cannot be told', async () => {
    const policy = await loadPolicy(HEAD + ROLES)
    expect(judge(policy, present({ sent: { scope: 'openid' }, claims: {} }))).toMatchObject({
      findings: [
        {
          reason: 'rule-failed',
          rule: 'scopes-by-role',
          clause: '7.2',
          at: 'scope',
          message: 'the roles of this client could not be determined',
          detail: 'No such key: roles',
        },
      ],
      metadata: {},
      held: [],
    })
  })

  it('are not guessed where the claim behind the roles has another type: that finding alone refuses', async () => {
    const policy = await loadPolicy(
      `${HEAD.replace('anything: dyn', 'anything: dyn, other: string')}  grantedBy: variables.roles
  roles: { DATA: [accounts] }
variables: { roles: statement.roles }
`,
    )
    const sent = { scope: 'payments' }
    const { findings, held, metadata } = judge(policy, present({ sent, claims: { roles: 'DATA' } }))
    expect(findings.map(({ reason, at }) => [reason, at])).toEqual([
      ['statement-claim-invalid', 'software_statement.roles'],
    ])
    expect({ held, metadata }).toEqual({ held: [], metadata: sent })
    const others = judge(policy, present({ sent, claims: { roles: ['DATA'], other: 5 } })).findings
    expect(others.map(({ rule, reason }) => rule ?? reason)).toEqual(['statement-claim-invalid', 'scopes-by-role'])
  })

  it('are refused where the roles are no list', async () => {
    const policy = await loadPolicy(`${HEAD}  grantedBy: statement.anything\n  roles: { DATA: [accounts] }\n`)
    expect(judge(policy, present({ claims: { anything: 'DATA' } })).findings).toMatchObject([{ reason: 'rule-failed' }])
    expect(judge(policy, present({ claims: { anything: ['DATA', 5] } })).metadata).toEqual({ scope: 'accounts' })
  })

  it('are judged as the effects left them, and the rules see what was granted', async () => {
    const policy = await loadPolicy(`${HEAD}${ROLES}
effects: [{ set: { scope: '"accounts"' } }]
rules: [{ id: granted, title: t, require: metadata.scope == "accounts" && requested.scope == "payments", message: m }]
`)
    const verdict = judge(policy, present({ sent: { scope: 'payments' }, claims: { roles: ['DATA'] } }))
    expect(verdict).toMatchObject({ findings: [], held: ['scopes-by-role', 'granted'] })
  })

  it('are shown to 200 characters', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `scope-${index}`)
    const policy = await loadPolicy(`${HEAD}  grantedBy: '["all"]'\n  roles: { all: [${many.join(', ')}] }\n`)
    const [finding] = judge(
      policy,
      present({ sent: { scope: many.map((scope) => `x${scope}`).join(' ') }, claims: {} }),
    ).findings
    expect([finding?.wanted?.length, finding?.found?.length]).toEqual([200, 200])
  })

  it('are no matter for a read or a delete', async () => {
    const policy = await loadPolicy(HEAD + ROLES)
    for (const operation of ['read', 'delete'] as const)
      expect(judge(policy, present({ operation }))).toMatchObject({ findings: [], metadata: null, held: [] })
  })

  it('without a clause have none in the finding', async () => {
    const policy = await loadPolicy(`
members: { scope: string }
scopes: { id: none, grantedBy: '["a"]', roles: { a: [b] } }
`)
    const [finding] = judge(policy, present({ sent: { scope: 'c' } })).findings
    expect(finding).toMatchObject({ rule: 'none' })
    expect(finding).not.toHaveProperty('clause')
  })
})
