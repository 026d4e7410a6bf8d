import { describe, expect, it } from 'vitest'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { PLAIN_ANSWER } from '../../../support/plain-answer.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const BODY = `
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { org_id: string, roles: list(string), anything: dyn }
members: { client_name: string, scope: string, redirect_uris: list(string) }
unknownMembers: refuse
effects: [{ set: { redirect_uris: statement.anything } }]
scopes: { id: scopes-by-role, grantedBy: statement.roles, roles: { DATA: [accounts] } }
rules:
  - { id: named, title: t, require: has(metadata.client_name), message: m }
  - { id: reported, title: t, require: has(metadata.client_name), message: m, mode: report }
headers: { X-Org: statement.org_id }
`
const policy = await loadPolicy(`${BODY}client: { key: certificate.thumbprint }\n`)

describe('judge', () => {
  it('collects every finding in one order: claims, members, effects, scopes, rules, headers, client', () => {
    const sent = { unknown: 1, scope: 'payments' }
    const { findings, reported } = judge(policy, present({ sent, claims: { org_id: 5, anything: 'x', roles: [] } }))
    expect(findings.map(({ rule, reason, at }) => `${rule ?? reason} at ${at}`)).toEqual([
      'statement-claim-invalid at software_statement.org_id',
      'metadata-member-invalid at unknown',
      'rule-failed at redirect_uris',
      'scopes-by-role at scope',
      'named at request',
      'rule-failed at software_statement',
      'rule-failed at software_statement',
    ])
    expect(reported.map(({ rule }) => rule)).toEqual(['reported'])
  })

  it('finds nothing wrong with a request that keeps every rule, and says which rules held', async () => {
    const sound = await loadPolicy(`${BODY}client: { key: statement.org_id }\n`)
    const claims = { org_id: 'o', roles: ['DATA'], anything: ['https://a.example/cb'] }
    const sent = { client_name: 'n', 'client_name#en': 'name' }
    expect(judge(sound, present({ sent, claims }))).toEqual({
      findings: [],
      reported: [],
      held: ['scopes-by-role', 'named', 'reported'],
      metadata: {
        client_name: 'n',
        redirect_uris: ['https://a.example/cb'],
        scope: 'accounts',
        'client_name#en': 'name',
      },
      headers: { 'X-Org': 'o' },
      clientKey: 'o',
      owner: null,
      once: [],
      answer: PLAIN_ANSWER,
    })
  })

  it('tells rules about the request, the translations, the parameters and what is absent', async () => {
    const facts = await loadPolicy(`
members: { client_name: string }
parameters: { mode: { type: string, default: strict, meaning: m }, level: { type: int, default: 1, meaning: m } }
rules:
  - id: request
    on: [read]
    title: t
    require: request.operation == "read" && request.clientId == "c" && !request.hasStatement && !request.hasCertificate
    message: m
  - id: translations
    title: t
    require: translations["client_name#en"] == "x" && !("client_name#en" in dyn(translations) && has(metadata.client_name))
    message: m
  - { id: parameters, title: t, require: parameters.mode == "lax" && parameters.level + 1 == 3, message: m }
`)
    expect(judge(facts, present({ operation: 'read', clientId: 'c' })).held).toEqual(['request'])
    const sent = { 'client_name#en': 'x' }
    const parameters = { mode: 'lax', level: 2 }
    expect(judge(facts, present({ sent, parameters, operation: 'update', claims: {} })).held).toEqual([
      'translations',
      'parameters',
    ])
  })

  it('tells a request with an empty statement from one without', async () => {
    const facts = await loadPolicy(`
rules: [{ id: statement, title: t, require: request.hasStatement, message: m }]
`)
    expect(judge(facts, present({ claims: {} })).held).toEqual(['statement'])
    expect(judge(facts, present({ claims: null })).held).toEqual([])
  })
})
