import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import { explainJudgement, type JudgementExplanation } from '../../../../src/policy/explain/explain-judgement.ts'
import type { ExplainedRule } from '../../../../src/policy/explain/explain-rule.ts'
import type { PresentedFacts } from '../../../../src/policy/judge/judge.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { loadTexts, present } from '../policy-fixture.ts'

const { policies, resolved, faults } = await loadTexts({
  base: `
members:
  client_name: string
  client_secret: string
  scope: string
  redirect_uris: list(string)
  subject_type: string
  contacts: list(string)
effects:
  - default: { subject_type: '"public"' }
  - when: has(metadata.contacts)
    remove: [contacts]
rules:
  - { id: named, title: It has a name, clause: '1', message: m, require: has(metadata.client_name) }
`,
  tested: `
extends: [base]
softwareStatement:
  create: optional
  algorithms: [PS256]
  claims: { roles: list(string), org: string, uris: list(string) }
parameters: { strict: { type: bool, default: true, meaning: m } }
variables:
  uris: statement.?uris.orValue([])
  broken: statement.org
effects:
  - set: { client_name: 'metadata.client_name + "!"' }
scopes:
  id: granted
  clause: '2'
  always: [openid]
  grantedBy: statement.?roles.orValue([])
  roles: { pilot: [tides] }
rules:
  - id: uris
    title: URIs are approved
    message: every URI must be approved
    require: sets.contains(variables.uris, requested.redirect_uris)
    found: requested.redirect_uris
  - { id: fails, title: t, message: m, require: variables.broken == "o" }
  - { id: off, title: t, message: m, when: '!parameters.strict && now > timestamp("2020-01-01T00:00:00Z")', require: "metadata.client_name == ''" }
  - { id: reading, title: t, message: m, on: [read], require: request.clientId != "" }
  - { id: later, title: t, message: m, from: 2027-01-01, require: metadata.client_name == "" }
  - { id: before, title: t, message: m, until: 2020-01-01, require: metadata.client_name == "" }
  - { id: told, title: t, message: m, mode: report, require: metadata.client_name == "" }
  - { id: secret, title: t, message: m, require: '!has(metadata.client_secret) || metadata.client_secret != "" && certificate.subject.oid["2.5.4.3"] == ["a"]' }
`,
})
const policy = policies.get('tested')
const source = resolved.get('tested')

function explain(facts: Partial<PresentedFacts>): JudgementExplanation {
  if (policy === undefined || source === undefined) throw new Error(JSON.stringify(faults))
  return explainJudgement(policy, source, present({ parameters: { strict: true }, ...facts }))
}

function rule(id: string, facts: Partial<PresentedFacts> = {}): ExplainedRule {
  const found = explain({ sent: SENT, claims: CLAIMS, ...facts }).rules.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no rule ${id}`)
  return found
}

const SENT: JsonObject = { client_name: 'n', redirect_uris: ['https://a.example'] }
const CLAIMS: JsonObject = { roles: ['pilot'], org: 'o', uris: ['https://a.example'] }

describe('what is told of a judgement', () => {
  it('has every rule in its order, the scopes before them', () => {
    expect(explain({}).rules.map(({ id }) => id)).toEqual([
      ...['granted', 'named', 'uris', 'fails', 'off', 'reading', 'later', 'before', 'told', 'secret'],
    ])
  })

  it('shows of a rule that held the values it saw, each once', () => {
    expect(rule('uris')).toMatchObject({ verdict: 'held', because: null, finding: null, declaredBy: 'tested' })
    expect(rule('uris').values).toEqual([
      { name: 'variables.uris', value: '["https://a.example"]' },
      { name: 'requested.redirect_uris', value: '["https://a.example"]' },
    ])
    expect(rule('granted').values).toEqual([{ name: 'statement.roles', value: '["pilot"]' }])
  })

  it('shows of a broken rule its finding as well, and the values of metadata after the effects', () => {
    const broken = rule('uris', { sent: { ...SENT, redirect_uris: ['https://b.example'] } })
    expect(broken).toMatchObject({ verdict: 'broken', finding: { rule: 'uris', found: '["https://b.example"]' } })
    expect(rule('told')).toMatchObject({
      verdict: 'reported',
      mode: 'report',
      finding: { rule: 'told' },
      values: [{ name: 'metadata.client_name', value: 'n!' }],
    })
  })

  it('says which value was absent and which variable failed', () => {
    expect(rule('named', { sent: {} }).values).toEqual([{ name: 'metadata.client_name', value: null }])
    const failed = rule('fails', { claims: {} })
    expect(failed).toMatchObject({ verdict: 'broken', finding: { reason: 'rule-failed' } })
    expect(failed.values).toEqual([{ name: 'variables.broken', value: expect.stringMatching(/^failed: /) as unknown }])
  })

  it.each([
    ['off', 'this does not hold: !parameters.strict && now > timestamp("2020-01-01T00:00:00Z")'],
    ['reading', 'it is for read only'],
    ['later', 'it is in force from 2027-01-01 on'],
    ['before', 'it was in force until 2020-01-01'],
  ])('says why rule %s did not apply', (id, because) => {
    expect(rule(id)).toMatchObject({ verdict: 'not-applicable', because, finding: null })
  })

  it('shows what a condition that did not hold saw', () => {
    expect(rule('off').values).toEqual([
      { name: 'parameters.strict', value: 'true' },
      { name: 'now', value: '2026-01-01T12:00:00Z' },
    ])
  })

  it('says of rules and scopes that they were not judged where a member or claim has another type', () => {
    const sent = { ...SENT, redirect_uris: 'https://a.example' }
    expect(rule('uris', { sent })).toMatchObject({
      verdict: 'not-judged',
      because: 'it looks at what does not have its declared type: redirect_uris',
    })
    expect(rule('granted', { claims: { ...CLAIMS, roles: 'pilot' } })).toMatchObject({
      verdict: 'not-judged',
      because: 'it looks at what does not have its declared type: statement.roles',
    })
    expect(explain({ sent, claims: CLAIMS }).verdict.findings).toMatchObject([{ reason: 'metadata-member-invalid' }])
  })

  it('never shows a secret, and reads what a certificate has below a name of its own', () => {
    const certificate = buildCaseFacts(policyOrThrow(), {}, { certificate: { subject: 'CN=a' } }, 'create').certificate
    expect(rule('secret', { sent: { ...SENT, client_secret: 'hush' }, certificate }).values).toEqual([
      { name: 'metadata.client_secret', value: '(not shown)' },
      { name: 'certificate.subject.oid["2.5.4.3"]', value: '["a"]' },
    ])
    expect(rule('secret').values).toContainEqual({ name: 'certificate.subject.oid["2.5.4.3"]', value: null })
  })

  it('traces every change of the metadata to what made it', () => {
    const { changes, scopes, verdict } = explain({ sent: { ...SENT, contacts: ['c'], odd: 1 }, claims: CLAIMS })
    expect(changes).toEqual([
      { member: 'odd', change: 'dropped', by: 'tested members', before: 1, after: undefined },
      { member: 'subject_type', change: 'default', by: 'base effects[0]', before: undefined, after: 'public' },
      { member: 'contacts', change: 'remove', by: 'base effects[1]', before: ['c'], after: undefined },
      { member: 'client_name', change: 'set', by: 'tested effects[0]', before: 'n', after: 'n!' },
      { member: 'scope', change: 'granted', by: 'tested granted', before: undefined, after: 'openid tides' },
    ])
    expect(scopes).toEqual({ requested: null, granted: 'openid tides' })
    expect(verdict.metadata).toMatchObject({ client_name: 'n!', subject_type: 'public' })
  })

  it('has neither changes nor scopes for a read', () => {
    expect(explain({ operation: 'read', clientId: 'c' })).toMatchObject({ changes: [], scopes: null })
    expect(rule('granted', { operation: 'read' })).toMatchObject({ verdict: 'not-applicable' })
  })
})

describe('what earlier stages would have said', () => {
  it('names a certificate that is demanded and missing', () => {
    expect(explain({}).earlier.map(({ reason }) => reason)).toEqual(['client-certificate-required'])
  })

  it('names a statement where none may be', () => {
    const { earlier } = explain({ operation: 'read', claims: {} })
    expect(earlier.map(({ reason }) => reason)).toEqual(['client-certificate-required', 'statement-forbidden'])
  })
})

function policyOrThrow() {
  if (policy === undefined) throw new Error(JSON.stringify(faults))
  return policy
}
