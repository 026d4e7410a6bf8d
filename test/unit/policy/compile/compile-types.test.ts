import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, loadTexts, present } from '../policy-fixture.ts'

const TYPES = `
vocabularies: { role: [AISP, PISP] }
types:
  Claims: { status: string, since: timestamp, authorisations: list(Authorisation), byCountry: 'map(string, Authorisation)' }
  Authorisation: { member_state: string, roles: list(role), count: int }
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { authority: Claims }
members: { authority: Claims, authorisations: list(Authorisation), anything: dyn }
`

async function judged(rules: string, facts: { claims?: JsonObject; sent?: JsonObject }, more = ''): Promise<Verdict> {
  return judge(await loadPolicy(TYPES + more + rules), present(facts))
}

const rule = (require: string, more = ''): string =>
  `rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(require)}${more} }]`

const AUTHORITY = {
  status: 'Active',
  since: 1_767_225_600,
  authorisations: [
    { member_state: 'GB', roles: ['AISP', 'pisp', 'XYZ'], count: 2, note: 'undeclared' },
    { member_state: 'IE', roles: null },
  ],
  byCountry: { FR: { member_state: 'FR', roles: ['PISP'] } },
  undeclared: { a: 1 },
}

describe('objects of declared types', () => {
  it.each([
    'statement.authority.status == "Active" && statement.authority.since == timestamp("2026-01-01T00:00:00Z")',
    'statement.authority.authorisations.exists(a, a.member_state == "GB" && "AISP" in a.roles && a.count == 2)',
    'statement.authority.byCountry.FR.roles == ["PISP"]',
    // Directories write null for what they have not.
    '!statement.authority.authorisations.exists(a, a.member_state == "IE" && has(a.roles)) && statement.authority.authorisations[1].?roles.orValue([]) == []',
    'statement.?authority.?authorisations.orValue([]).map(a, a.member_state) == ["GB", "IE"]',
    'statement.authority.authorisations[0] in statement.authority.authorisations',
    // Equal by their members, whatever else was sent with them.
    'metadata.authorisations == statement.authority.authorisations && metadata.authorisations[1] in statement.authority.authorisations',
    '!(statement.authority.byCountry.FR in metadata.authorisations) && statement.authority.byCountry != {"FR": metadata.authorisations[0]}',
    // Vocabularies bind authors: roles in other letters and unknown ones are no fault of the registrant, and match nothing.
    '!("PISP" in statement.authority.authorisations[0].roles) && size(statement.authority.authorisations[0].roles) == 3',
  ])('%s', async (require) => {
    const { authorisations } = AUTHORITY
    const sent = { authorisations: authorisations.map((authorisation) => ({ ...authorisation, note: 'another' })) }
    expect((await judged(rule(require), { claims: { authority: AUTHORITY }, sent })).findings).toEqual([])
  })

  it.each([
    ['statement.authority.state == ""', 'state', 'did you mean status?'],
    ['statement.authority.?state.orValue("") == ""', 'state', 'did you mean status?'],
    ['has(statement.authority.undeclared)', 'undeclared', undefined],
    ['statement.authority.authorisations.all(a, a.role == [])', 'role', 'did you mean roles?'],
    ['statement.authority.byCountry["FR"].country == ""', 'country', undefined],
  ])('have no other members, and a misspelt one is a fault: %s', async (require, name, hint) => {
    const { faults } = await loadTexts({ tested: TYPES + rule(require) })
    expect(faults).toMatchObject([{ found: expect.stringContaining(`No such key: ${name}`) as string }])
    expect(faults[0]?.hint?.split(' or ')[0]).toBe(hint)
  })

  it.each([
    [{ ...AUTHORITY, status: 5 }, 'software_statement.authority.status', 'a JSON string', 'a whole number'],
    [
      { authorisations: [{ roles: ['AISP'] }, { roles: ['AISP', 7] }] },
      'software_statement.authority.authorisations[1].roles[1]',
      'a JSON string',
      'a whole number',
    ],
    [{ byCountry: { FR: 'PISP' } }, 'software_statement.authority.byCountry.FR', 'a JSON object', 'a string'],
    ['Active', 'software_statement.authority', 'a JSON object', 'a string'],
    [[AUTHORITY], 'software_statement.authority', 'a JSON object', 'an array'],
  ])('are refused with the place of what has another type', async (authority, at, wanted, found) => {
    const verdict = await judged(rule('statement.authority.status == "Active"'), { claims: { authority } })
    expect(verdict.findings).toMatchObject([{ reason: 'statement-claim-invalid', at, wanted, found }])
  })

  it('reach the identity server without what nobody declared, and so nobody judged', async () => {
    const { metadata } = await judged('', { sent: { authority: AUTHORITY } })
    const { undeclared: _, ...authority } = AUTHORITY
    const authorisations = [{ member_state: 'GB', roles: ['AISP', 'pisp', 'XYZ'], count: 2 }, { member_state: 'IE' }]
    expect(metadata).toEqual({ authority: { ...authority, authorisations } })
  })

  it('are refused with such a member where the policy refuses unknown ones', async () => {
    const verdict = await judged('', { sent: { authorisations: [{}, { note: 1 }] } }, 'unknownMembers: refuse\n')
    expect(verdict.findings).toMatchObject([{ reason: 'metadata-member-invalid', at: 'authorisations[1].note' }])
  })

  it('are shown as JSON, and become members through effects', async () => {
    const effects =
      'effects: [{ set: { authorisations: statement.authority.authorisations, anything: statement.authority.byCountry.FR } }]\n'
    const more = ', found: statement.authority'
    const { metadata, findings } = await judged(effects + rule('statement.authority.status == "x"', more), {
      claims: { authority: AUTHORITY },
    })
    expect(metadata).toEqual({
      authorisations: [{ member_state: 'GB', roles: ['AISP', 'pisp', 'XYZ'], count: 2 }, { member_state: 'IE' }],
      anything: { member_state: 'FR', roles: ['PISP'] },
    })
    expect(findings[0]?.found).toMatch(/^\{"status":"Active","since":"2026-01-01T00:00:00Z","authorisations":\[\{/)
  })

  it('come from any policy of the chain, the last one winning', async () => {
    const heir = 'extends: [base]\ntypes: { Authorisation: { state: role } }\nmembers: { more: list(Claims) }\n'
    const { policies, faults } = await loadTexts({
      base: TYPES,
      heir: heir + rule('metadata.more.all(c, c.authorisations.all(a, a.state == "AISP"))'),
    })
    expect(faults).toEqual([])
    expect([...policies.keys()]).toEqual(['base', 'heir'])
  })
})

describe('parameters', () => {
  const faultsOf = async (parameter: string): Promise<unknown> =>
    (await loadTexts({ tested: `vocabularies: { role: [AISP, PISP] }\nparameters: { p: ${parameter} }\n` })).faults

  it.each([
    '{ type: role, default: AISP, meaning: m }',
    '{ type: list(role), default: [AISP, PISP], meaning: m }',
    '{ type: list(role), default: [], oneOf: [PISP], meaning: m }',
    '{ type: int, default: 1, oneOf: [1, 2], meaning: m }',
  ])('may be %s', async (parameter) => {
    expect(await faultsOf(parameter)).toEqual([])
  })

  it.each([
    [
      '{ type: role, default: PSIP, meaning: m }',
      'parameters.p.default',
      'words of role: AISP, PISP',
      'did you mean PISP?',
    ],
    [
      '{ type: list(role), default: [AISP, PSIP], meaning: m }',
      'parameters.p.default',
      'words of role: AISP, PISP',
      'did you mean PISP?',
    ],
    [
      '{ type: role, default: AISP, oneOf: [AISP, AIPS], meaning: m }',
      'parameters.p.oneOf[1]',
      'words of role: AISP, PISP',
      'did you mean AISP?',
    ],
    ['{ type: string, default: a, oneOf: [a, 5], meaning: m }', 'parameters.p.oneOf[1]', 'string', undefined],
    [
      '{ type: rol, default: AISP, meaning: m }',
      'parameters.p.type',
      'a type: string, bool, int, double, timestamp, dyn, or one that vocabularies or types declare',
      'did you mean role?',
    ],
  ])('may not be %s', async (parameter, path, wanted, hint) => {
    expect(await faultsOf(parameter)).toMatchObject([{ path, wanted, ...(hint === undefined ? {} : { hint }) }])
  })

  it.each(['dyn', 'map(string, role)', 'list(int)', 'list(list(role))', 'Claims', 'words(role)', 'timestamp'])(
    'may not be %s, which nobody writes on one line of gateway.yaml',
    async (type) => {
      expect(await faultsOf(`{ type: '${type}', default: x, meaning: m }`)).toMatchObject([
        { path: 'parameters.p.type' },
      ])
    },
  )
})

describe('names of vocabularies and types', () => {
  it.each([
    ['vocabularies: { string: [a] }', 'vocabularies.string'],
    ['vocabularies: { Role: [a] }', 'vocabularies.Role'],
    ['vocabularies: { role: [a b] }', 'vocabularies.role[0]'],
    ['vocabularies: { role: [] }', 'vocabularies.role'],
    ['types: { claims: { a: string } }', 'types.claims'],
    ['types: { C: { a: string } }', 'types.C'],
    ['types: { Metadata: { a: string } }', 'types.Metadata'],
    ['types: { Certificate: { a: string } }', 'types.Certificate'],
    ['types: { Self: { a: Self } }', 'types.Self.a'],
    ['types: { Self: { a: "map(string, list(Self))" } }', 'types.Self.a'],
    ['types: { Claims: { a: list(string } }', 'types.Claims.a'],
    ['members: { a: words(string) }', 'members.a'],
    ['members: { a: words(words(role)) }', 'members.a'],
    ['members: { a: constructor }', 'members.a'],
  ])('%s is a fault', async (text, path) => {
    expect((await loadTexts({ tested: text })).faults).toMatchObject([{ path }])
  })

  it('may nest without end in the text, and end the load all the same', async () => {
    const deep = `${'list('.repeat(100)}string${')'.repeat(100)}`
    expect((await loadTexts({ tested: `members: { a: '${deep}' }` })).faults).toMatchObject([{ path: 'members.a' }])
  })
})
