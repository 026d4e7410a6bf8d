import { describe, expect, it } from 'vitest'
import { policyJsonSchema } from '../../../src/policy/schema/policy-json-schema.ts'
import { loadTexts } from './policy-fixture.ts'

const rule = (more: string): string =>
  `rules: [{ id: r, title: t, require: size(translations) == 0, message: m, ${more} }]`

describe('policy.yaml', () => {
  it.each([
    ['name: x', ''],
    ['extends: base', 'extends'],
    ['off: [Not A Name]', 'off[0]'],
    ['unknownMembers: keep', 'unknownMembers'],
    ['clientCertificate: { required: perhaps }', 'clientCertificate.required'],
    ['softwareStatement: { create: sometimes }', 'softwareStatement.create'],
    ['softwareStatement: { create: required, algorithms: [none] }', 'softwareStatement.algorithms[0]'],
    ['softwareStatement: { create: required, algorithms: [HS256] }', 'softwareStatement.algorithms[0]'],
    ['softwareStatement: { create: required, algorithms: [] }', 'softwareStatement.algorithms'],
    ['softwareStatement: { maxAgeSeconds: 0 }', 'softwareStatement.maxAgeSeconds'],
    ['softwareStatement: { maxAgeSeconds: 31536001 }', 'softwareStatement.maxAgeSeconds'],
    ['softwareStatement: { clockSkewSeconds: 301 }', 'softwareStatement.clockSkewSeconds'],
    ['softwareStatement: { clockSkewSeconds: -1 }', 'softwareStatement.clockSkewSeconds'],
    [
      'softwareStatement: { directories: { d: { issuers: [i], jwksUri: "http://a.example" } } }',
      'softwareStatement.directories.d.jwksUri',
    ],
    [
      'softwareStatement: { directories: { d: { issuers: [], jwksUri: "https://a.example" } } }',
      'softwareStatement.directories.d.issuers',
    ],
    ['softwareStatement: { claims: { "a b": string } }', 'softwareStatement.claims["a b"]'],
    ['softwareStatement: { claims: { a: text } }', 'softwareStatement.claims.a'],
    ['members: { a.b: string }', 'members["a.b"]'],
    ['parameters: { a: { type: double, default: 1, meaning: m } }', 'parameters.a.type'],
    ['parameters: { a: { type: string, default: x } }', 'parameters.a.meaning'],
    ['variables: { a: "" }', 'variables.a'],
    ['effects: [{ remove: [] }]', 'effects[0].remove'],
    ['effects: [{ sets: { a: b } }]', 'effects[0].sets'],
    ['scopes: { id: s, roles: {} }', 'scopes.grantedBy'],
    ['headers: { "X Y": "a" }', 'headers["X Y"]'],
    ['headers: { "X:Y": "a" }', 'headers["X:Y"]'],
    ['headers: { Client-Cert: "a" }', 'headers.Client-Cert'],
    ['headers: { x-FORWARDED-client-cert: "a" }', 'headers.x-FORWARDED-client-cert'],
    ['headers: { Content-Length: "a" }', 'headers.Content-Length'],
    ['reasons: { no-such-reason: {} }', 'reasons.no-such-reason'],
    ['reasons: { statement-expired: { status: 200 } }', 'reasons.statement-expired.status'],
    [rule('on: []'), 'rules[0].on'],
    [rule('on: [patch]'), 'rules[0].on[0]'],
    [rule('status: 399'), 'rules[0].status'],
    [rule('status: 500'), 'rules[0].status'],
    [rule('error: "Not A Code"'), 'rules[0].error'],
    [rule('mode: off'), 'rules[0].mode'],
    [rule('from: 2026-02-30'), 'rules[0].from'],
    [rule('until: soon'), 'rules[0].until'],
    [rule('from: 2027-01-02, until: 2027-01-01'), 'rules[0].until'],
    ['rules: [{ id: r, title: t, message: m }]', 'rules[0].require'],
    ['rules: [{ id: "R 1", title: t, require: size(translations) == 0, message: m }]', 'rules[0].id'],
    [`rules: [{ id: r, title: t, message: m, require: '${'x'.repeat(4001)}' }]`, 'rules[0].require'],
  ])('with %s has a fault there', async (body, path) => {
    const { policies, faults } = await loadTexts({ tested: body })
    expect(faults.map((fault) => fault.path)).toEqual([path])
    expect(policies.size).toBe(0)
  })

  it.each([
    [rule('status: 400')],
    [rule('status: 499')],
    [rule('from: 2026-01-01')],
    [rule('from: 2026-01-01, until: 2026-01-01')],
    ['softwareStatement: { create: required, algorithms: [PS256, ES256], maxAgeSeconds: 31536000 }'],
    ['members: { tls_client_certificate_bound_access_tokens: bool, n: int }\neffects: [{ set: { n: 5 } }]'],
  ])('may have %s', async (body) => {
    expect((await loadTexts({ tested: body })).faults).toEqual([])
  })
})

describe('policyJsonSchema', () => {
  it('describes policy.yaml for editors', () => {
    expect(policyJsonSchema()).toMatchObject({
      title: 'policy.yaml of dcr-gateway',
      type: 'object',
      additionalProperties: false,
      required: ['apiVersion', 'name', 'version', 'title', 'source'],
      properties: {
        rules: { items: { properties: { require: { description: 'must hold, or the rule is broken' } } } },
      },
    })
  })
})
