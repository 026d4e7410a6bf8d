import { describe, expect, it } from 'vitest'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { loadSound, loadTexts, policyOf, present, type PolicyTexts } from '../policy-fixture.ts'

const rule = (id: string, extra = ''): string =>
  `  - { id: ${id}, title: t, require: size(translations) == 0, message: from ${extra === '' ? 'base' : 'heir'}${extra} }\n`
const BASE = `rules:\n${rule('first')}${rule('second')}${rule('third')}`

async function rulesOf(name: string, bodies: PolicyTexts): Promise<readonly string[]> {
  return policyOf(await loadSound(bodies), name).rules.map(({ id, declaredBy }) => `${id} of ${declaredBy}`)
}

describe('rules', () => {
  it('of extended policies come first, in the order of extends', async () => {
    const bodies = {
      one: `rules:\n${rule('a')}`,
      two: `rules:\n${rule('b')}`,
      heir: `extends: [two, one]\nrules:\n${rule('c')}`,
    }
    expect(await rulesOf('heir', bodies)).toEqual(['b of two', 'a of one', 'c of heir'])
  })

  it('of the same id are replaced in their place where override says so', async () => {
    const heir = `extends: [base]\nrules:\n${rule('new', ', at: x')}${rule('second', ', override: true')}`
    const policies = await loadSound({ base: BASE, heir })
    expect(policyOf(policies, 'heir').rules.map(({ id, message }) => `${id} ${message}`)).toEqual([
      'first from base',
      'second from heir',
      'third from base',
      'new from heir',
    ])
    expect(policyOf(policies, 'base').rules.map(({ message }) => message)).toEqual(Array(3).fill('from base'))
  })

  it('are left out where off says so, and for those who extend that policy as well', async () => {
    const bodies = { base: BASE, heir: 'extends: [base]\noff: [second, first]', late: 'extends: [heir]' }
    expect(await rulesOf('heir', bodies)).toEqual(['third of base'])
    expect(await rulesOf('late', bodies)).toEqual(['third of base'])
    expect(await rulesOf('base', bodies)).toHaveLength(3)
  })

  it('may come again under an id that was switched off', async () => {
    const bodies = { base: BASE, heir: `extends: [base]\noff: [first]\nrules:\n${rule('first')}` }
    expect(await rulesOf('heir', bodies)).toEqual(['second of base', 'third of base', 'first of heir'])
  })

  it('of a policy that is extended twice (a diamond) come once', async () => {
    const bodies = {
      base: `rules:\n${rule('root')}`,
      left: `extends: [base]\nrules:\n${rule('left')}`,
      right: `extends: [base]\nrules:\n${rule('right')}`,
      heir: 'extends: [left, right]',
    }
    expect(await rulesOf('heir', bodies)).toEqual(['root of base', 'left of left', 'right of right'])
  })
})

describe('other parts', () => {
  const base = `
parameters:
  mode: { type: string, default: base, meaning: m }
  level: { type: int, default: 1, meaning: m }
clientCertificate: { required: false }
softwareStatement:
  create: required
  algorithms: [PS256]
  maxAgeSeconds: 300
  directories:
    live: { issuers: [base], jwksUri: https://base.example/jwks }
    test: { issuers: [base test], jwksUri: https://base.example/test }
  claims: { org_id: string, org_name: string }
members: { client_name: string, scope: string, software_version: string }
unknownMembers: refuse
variables:
  organisation: statement.org_id
  mode: parameters.mode
effects: [{ set: { client_name: '"base"' } }]
scopes: { id: scopes-of-base, grantedBy: '["any"]', roles: { any: [openid] } }
headers: { X-Org: variables.organisation, X-Mode: variables.mode }
client: { key: statement.org_id, owner: 'certificate.subject.O[?0]' }
reasons:
  statement-required: { status: 401, clause: base }
  statement-expired: { clause: base }
`
  const heir = `
extends: [base]
parameters:
  mode: { type: string, default: heir, meaning: m }
softwareStatement:
  update: optional
  algorithms: [ES256]
  clockSkewSeconds: 5
  directories:
    test: { issuers: [heir test], jwksUri: https://heir.example/test }
  claims: { org_name: list(string), software_id: string }
members: { software_version: dyn, logo_uri: string }
variables:
  organisation: statement.software_id
effects: [{ set: { client_name: metadata.client_name + " and heir" } }]
headers: { X-Software: statement.software_id }
client: { single: false, owner: 'certificate.subject.CN[?0]', registered: registered.?logo_uri }
reasons:
  statement-required: { clause: heir }
`

  it('are merged entry by entry, the heir winning', async () => {
    const policies = await loadSound({ base, heir })
    const policy = policyOf(policies, 'heir')
    expect(Object.fromEntries([...policy.parameters].map(([name, { default: value }]) => [name, value]))).toEqual({
      mode: 'heir',
      level: 1,
    })
    expect(policy.certificate).toEqual({ required: false, policies: null, revocation: null })
    expect(policy.statement).toEqual({
      mode: { create: 'required', update: 'optional', read: 'forbidden', delete: 'forbidden' },
      algorithms: ['ES256'],
      maxAgeSeconds: 300,
      clockSkewSeconds: 5,
    })
    expect(policy.directories).toEqual([
      {
        ...{ name: 'live', issuers: ['base'], claims: {} },
        keys: { kind: 'address', uri: 'https://base.example/jwks', ca: null },
      },
      {
        ...{ name: 'test', issuers: ['heir test'], claims: {} },
        keys: { kind: 'address', uri: 'https://heir.example/test', ca: null },
      },
    ])
    expect(Object.fromEntries(policy.claims)).toEqual({
      org_id: { kind: 'string' },
      org_name: { kind: 'list', of: { kind: 'string' } },
      software_id: { kind: 'string' },
    })
    expect(Object.fromEntries(policy.members)).toEqual({
      client_name: { kind: 'string' },
      scope: { kind: 'string' },
      software_version: { kind: 'dyn' },
      logo_uri: { kind: 'string' },
    })
    expect(policy.refusesUnknownMembers).toBe(true)
    expect(policy.scopes?.declaredBy).toBe('base')
    expect(policy.client).toMatchObject({
      single: false,
      declaredBy: { key: 'base', single: 'heir', owner: 'heir', registered: 'heir' },
    })
    expect(policy.reasons).toEqual({
      'statement-required': { clause: 'heir' },
      'statement-expired': { clause: 'base' },
    })
    expect(policyOf(policies, 'base').reasons).toMatchObject({ 'statement-required': { clause: 'base' } })
  })

  it('judge as one policy', async () => {
    const policy = policyOf(await loadSound({ base, heir }), 'heir')
    const claims = { org_id: 'o', software_id: 's' }
    expect(judge(policy, present({ claims, parameters: { mode: 'm', level: 1 } }))).toMatchObject({
      findings: [],
      metadata: { client_name: 'base and heir', scope: 'openid' },
      headers: { 'X-Org': 's', 'X-Mode': 'm', 'X-Software': 's' },
      clientKey: 'o',
    })
  })

  it('have safe defaults where nobody sets them', async () => {
    const policy = policyOf(await loadSound({ tested: '' }), 'tested')
    expect(policy).toMatchObject({
      name: 'tested',
      version: '1',
      title: 'Title of tested',
      certificate: { required: true, policies: null, revocation: null },
      statement: {
        mode: { create: 'forbidden', update: 'forbidden', read: 'forbidden', delete: 'forbidden' },
        algorithms: [],
        maxAgeSeconds: null,
        clockSkewSeconds: 60,
      },
      directories: [],
      reasons: {},
      refusesUnknownMembers: false,
      scopes: null,
      client: { key: null, single: true, owner: null, registered: null, declaredBy: {} },
    })
  })

  it('of the last policy of the chain win as a whole where they are one thing', async () => {
    const scopes = (id: string): string => `scopes: { id: ${id}, grantedBy: '["any"]', roles: { any: [${id}] } }\n`
    const policy = policyOf(
      await loadSound({
        base: `members: { scope: string }\nunknownMembers: refuse\n${scopes('base')}`,
        heir: `extends: [base]\nunknownMembers: strip\n${scopes('heir')}`,
      }),
      'heir',
    )
    expect(judge(policy, present({ sent: { unknown: 1 } }))).toMatchObject({
      findings: [],
      metadata: { scope: 'heir' },
    })
    expect(policy.scopes?.id).toBe('heir')
  })
})

describe('sha256', () => {
  const hashOf = async (bodies: PolicyTexts): Promise<string> => policyOf(await loadSound(bodies), 'heir').sha256
  const bodies = { base: BASE, heir: 'extends: [base]', other: '' }

  it('is that of the texts, and changes with the policy and with every policy it extends', async () => {
    const hash = await hashOf(bodies)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(await hashOf(bodies)).toBe(hash)
    expect(await hashOf({ ...bodies, base: `${BASE}# a word\n` })).not.toBe(hash)
    expect(await hashOf({ ...bodies, heir: 'extends: [base]\n' })).not.toBe(hash)
    expect(await hashOf({ ...bodies, other: '# a word' })).toBe(hash)
  })
})

describe('faults of a base', () => {
  it('leave those who extend it unusable, though their own files have none', async () => {
    const { policies, faults } = await loadTexts({
      base: 'title: twice',
      heir: 'extends: [base]',
      late: 'extends: [heir]',
    })
    expect([...policies.keys()]).toEqual([])
    expect(faults.map(({ file }) => file)).toEqual(['base/policy.yaml'])
  })

  it('that only inheritance shows leave them unusable as well', async () => {
    const { policies, faults } = await loadTexts({ base: 'off: [nothing]', heir: 'extends: [base]' })
    expect([...policies.keys()]).toEqual([])
    expect(faults).toHaveLength(1)
  })

  it('do not keep expressions of the same file from being checked', async () => {
    const body = 'off: [nothing]\nrules: [{ id: r, title: t, require: nobody, message: m }]'
    expect((await loadTexts({ tested: body })).faults.map(({ path }) => path)).toEqual(['off[0]', 'rules[0].require'])
  })
})
