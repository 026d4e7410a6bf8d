import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import { checkClaims, checkMembers } from '../../../../src/policy/judge/check-members.ts'
import { memberType } from '../expression/expression-fixture.ts'

const TYPES = new Map(
  Object.entries({
    redirect_uris: 'list(string)',
    client_name: 'string',
    logo_uri: 'string',
    scope: 'string',
    jwks: 'map(string, list(map(string, dyn)))',
    constructor: 'string',
  }).map(([name, type]) => [name, memberType(type)]),
)

const check = (sent: JsonObject, refusesUnknown = false): ReturnType<typeof checkMembers> =>
  checkMembers(sent, TYPES, refusesUnknown)

describe('checkMembers', () => {
  it('takes members that are declared and have their type', () => {
    const sent = { client_name: 'a', redirect_uris: ['b'] }
    expect(check(sent)).toEqual({ members: sent, translations: {}, illTyped: new Set(), findings: [] })
  })

  it('counts null as left out (RFC 7592 2.2)', () => {
    const { members, findings } = check({ client_name: null, unknown: null, 'client_name#en': null }, true)
    expect({ members, findings }).toEqual({ members: {}, findings: [] })
  })

  it('refuses null within a list', () => {
    expect(check({ redirect_uris: ['a', null] }).findings).toMatchObject([{ at: 'redirect_uris[1]', found: 'null' }])
  })

  it('drops members that the policy does not declare', () => {
    expect(check({ client_name: 'a', is_admin: true, toString: 'x' })).toMatchObject({
      members: { client_name: 'a' },
      findings: [],
    })
  })

  it('shows the name of a member so that it cannot turn a line around or begin one', () => {
    const { findings } = check({ 'a\u202eb\n': 1, redirect_uris: { '\u202e': 1 } }, true)
    expect(findings.map(({ at }) => at)).toEqual(['a\\u{202e}b\\u{a}', expect.not.stringContaining('\u202e')])
    expect(JSON.stringify(findings)).not.toContain('\u202e')
  })

  it('refuses each undeclared member where the policy says so', () => {
    const { members, findings, illTyped } = check(
      { client_name: 'a', is_admin: true, [`x${'y'.repeat(500)}`]: 1 },
      true,
    )
    expect(members).toEqual({ client_name: 'a' })
    expect(illTyped.size).toBe(0)
    expect(findings).toEqual([
      {
        reason: 'metadata-member-invalid',
        at: 'is_admin',
        message: 'a member that this server does not register',
        wanted: 'members that the policy declares',
        found: 'is_admin',
      },
      expect.objectContaining({ at: `x${'y'.repeat(99)}`, found: `x${'y'.repeat(99)}` }),
    ])
  })

  it('refuses a member of another type, names the element, and keeps it from the rules', () => {
    const result = check({ redirect_uris: ['https://a.example', 5], client_name: ['a'], scope: 'x' })
    expect(result.members).toEqual({ scope: 'x' })
    expect(result.illTyped).toEqual(new Set(['redirect_uris', 'client_name']))
    expect(result.findings).toEqual([
      {
        reason: 'metadata-member-invalid',
        at: 'redirect_uris[1]',
        message: 'redirect_uris does not have the type or size that this server takes',
        wanted: 'a JSON string',
        found: 'a whole number',
        error: 'invalid_redirect_uri',
      },
      {
        reason: 'metadata-member-invalid',
        at: 'client_name',
        message: 'client_name does not have the type or size that this server takes',
        wanted: 'a JSON string',
        found: 'an array',
      },
    ])
  })

  it('names no more than 200 characters of a path that the registrant chose', () => {
    const { findings } = check({ jwks: { [`k${'x'.repeat(1000)}`]: 'no list' } })
    expect(findings[0]?.at).toBe(`jwks.k${'x'.repeat(194)}`)
  })

  it('sorts out language-tagged forms of the members that people read (RFC 7591 2.2)', () => {
    const sent = { 'client_name#pt-BR': 'a', 'client_name#ja-Hani-JP': 'b', 'logo_uri#en': 'https://a.example/l' }
    expect(check(sent, true)).toEqual({ members: {}, translations: sent, illTyped: new Set(), findings: [] })
  })

  it.each(['client_name', 'client_uri', 'logo_uri', 'tos_uri', 'policy_uri'])(
    'takes language-tagged forms of %s (RFC 7591 2)',
    (name) => {
      const sent = { [`${name}#en`]: 'a' }
      expect(checkMembers(sent, new Map([[name, memberType('string')]]), true).translations).toEqual(sent)
    },
  )

  it.each([
    ['of a member nobody reads', 'scope#en', 'a'],
    ['of a member the policy does not declare', 'tos_uri#en', 'https://a.example'],
    ['with an empty tag', 'client_name#', 'a'],
    ['with a tag that is none', 'client_name#en_US', 'a'],
    ['with a subtag of nine letters', 'client_name#abcdefghi', 'a'],
    ['with six subtags', 'client_name#a-b-c-d-e-f', 'a'],
    ['with a second tag behind the first', 'client_name#en#<script>', 'a'],
    ['without a name', '#en', 'a'],
    ['that is no text', 'client_name#en', ['a']],
  ])('takes no language-tagged form %s', (_, name, value) => {
    expect(check({ [name]: value })).toMatchObject({ members: {}, translations: {}, findings: [] })
    expect(check({ [name]: value }, true).findings).toMatchObject([{ reason: 'metadata-member-invalid', at: name }])
  })

  it('keeps a member called __proto__ out', () => {
    const { members, translations } = check(JSON.parse('{"__proto__": {"client_name": "a"}}') as JsonObject)
    expect([members, translations].map((object) => Object.getPrototypeOf(object) as unknown)).toEqual([
      Object.prototype,
      Object.prototype,
    ])
    expect(members['client_name']).toBeUndefined()
  })
})

describe('checkClaims', () => {
  it('takes declared claims of their type; others stay invisible', () => {
    expect(checkClaims({ client_name: 'a', other: 'b' }, TYPES)).toEqual({
      members: { client_name: 'a' },
      illTyped: new Set(),
      findings: [],
    })
  })

  it('counts null as left out, and what every object inherits as well', () => {
    expect(checkClaims({ client_name: null }, TYPES)).toEqual({ members: {}, illTyped: new Set(), findings: [] })
  })

  it('refuses a claim of another type, names the element, and keeps it from the rules', () => {
    const { members, illTyped, findings } = checkClaims({ redirect_uris: ['a', {}], client_name: 'b' }, TYPES)
    expect(members).toEqual({ client_name: 'b' })
    expect(illTyped).toEqual(new Set(['redirect_uris']))
    expect(findings).toMatchObject([
      {
        reason: 'statement-claim-invalid',
        at: 'software_statement.redirect_uris[1]',
        wanted: 'a JSON string',
        found: 'an object',
      },
    ])
  })
})
