import { describe, expect, it } from 'vitest'
import { loadPolicy, loadSound, loadTexts, policyOf } from '../policy-fixture.ts'

const MEMBERS = 'members: { client_name: string, jwks_uri: string, contacts: list(string) }\n'

/** Path, what was wanted and found, and the hint. */
async function faultsOf(body: string): Promise<readonly string[]> {
  const { faults } = await loadTexts({ tested: MEMBERS + body })
  return faults.map(({ path, wanted, found, hint }) => [path, wanted, found, hint].filter(Boolean).join(' | '))
}

/** Hints are the business of other tests. */
function startingWith(text: string): unknown {
  return expect.stringMatching(new RegExp(`^${text.replace(/[|\\{}()[\]^$+*?.]/g, '\\$&')}`))
}

const ENTRY = '{ id: used, message: m, key: request.clientId, holdsSeconds: 60 }'
const OVERRIDE = '{ id: used, message: other, key: request.clientId, holdsSeconds: 60, override: true }'

describe('rename', () => {
  it.each([
    [
      '{ cilent_name: jwks_uri }',
      'effects[0].rename.cilent_name | a member declared under members | cilent_name | did you mean client_name?',
    ],
    [
      '{ jwks_uri: cilent_name }',
      'effects[0].rename.jwks_uri | a member declared under members | cilent_name | did you mean client_name?',
    ],
    [
      '{ contacts: jwks_uri }',
      'effects[0].rename.contacts | a member of the same type, list(string) | jwks_uri, which is string',
    ],
    ['{ jwks_uri: jwks_uri }', 'effects[0].rename.jwks_uri | a name that is not renamed itself | jwks_uri'],
  ])('%s is a fault at its place', async (rename, fault) => {
    expect(await faultsOf(`effects: [{ rename: ${rename} }]\n`)).toEqual([fault])
  })

  it('gives one name to one member only, and none that is renamed in turn', async () => {
    const more =
      'members: { a: string, b: string, c: string }\neffects: [{ rename: { a: c, b: c } }, { rename: { a: b, b: c } }]\n'
    const { faults } = await loadTexts({ tested: more })
    expect(faults.map(({ path, wanted }) => `${path}: ${wanted}`)).toEqual([
      'effects[0].rename.b: a new name for one member only',
      'effects[1].rename.a: a name that is not renamed itself',
    ])
  })
})

describe('once', () => {
  it('needs an end', async () => {
    expect(await faultsOf('once: [{ id: used, message: m, key: request.clientId }]\n')).toEqual([
      'once[0] | until or holdsSeconds, or both | neither',
    ])
  })

  it.each([
    [
      'key: now, holdsSeconds: 60',
      'once[0].key | an expression that gives string or optional<string> | one that gives google.protobuf.Timestamp',
    ],
    [
      'key: request.clientId, until: request.clientId',
      'once[0].until | an expression that gives google.protobuf.Timestamp or optional<google.protobuf.Timestamp> | one that gives string',
    ],
    [
      'key: request.cilentId, holdsSeconds: 60',
      'once[0].key | a declared name | No such key: cilentId at "cilentId" | did you mean clientId?',
    ],
    [
      'key: request.clientId, holdsSeconds: 2678401',
      'once[0].holdsSeconds | a whole number from 1 to 2678400 | 2678401',
    ],
  ])('with %s is a fault at its place', async (entry, fault) => {
    expect(await faultsOf(`once: [{ id: used, message: m, ${entry} }]\n`)).toEqual([startingWith(fault)])
  })

  it('of reads and deletions alone rests on what these have', async () => {
    const entry = '{ id: used, message: m, on: [read], key: metadata.?client_name, holdsSeconds: 60 }'
    expect(await faultsOf(`once: [${entry}]\n`)).toEqual([
      'once[0].key | facts that a read or a delete has (certificate, request, parameters, now) | the member client_name',
    ])
  })

  it('shares its ids with rules, so that a finding, a case and off mean one of them', async () => {
    expect(
      await faultsOf(`rules: [{ id: used, title: t, message: m, require: now == now }]\nonce: [${ENTRY}]\n`),
    ).toEqual(['once[0].id | an id of its own, or override: true over an extended policy | used'])
    const rule = 'rules: [{ id: used, title: t, message: m, require: now == now, override: true }]\n'
    const { faults } = await loadTexts({ base: `once: [${ENTRY}]\n`, tested: `extends: [base]\n${rule}` })
    expect(faults.map(({ path }) => path)).toEqual(['rules[0].id'])
  })

  it('is inherited, replaced by override and switched off by off', async () => {
    const policies = await loadSound({
      base: `once: [${ENTRY}]\n`,
      inherits: 'extends: [base]\n',
      replaces: `extends: [base]\nonce: [${OVERRIDE}]\n`,
      without: 'extends: [base]\noff: [used]\n',
    })
    const messagesOf = (name: string): readonly string[] => policyOf(policies, name).once.map(({ message }) => message)
    expect(['inherits', 'replaces', 'without'].map(messagesOf)).toEqual([['m'], ['other'], []])
  })
})

describe('response', () => {
  it.each([
    [
      'set: { client_secret: 5 }',
      'response.set.client_secret | a member that the identity server does not give itself | client_secret',
    ],
    [
      'set: { registration_access_token: 5 }',
      'response.set.registration_access_token | a member that the identity server does not give itself | registration_access_token',
    ],
    [
      'set: { software_statement: 5 }',
      'response.set.software_statement | a member other than software_statement, which echoStatement gives | software_statement',
    ],
    ['remove: [client_id]', 'response.remove[0] | a member other than client_id | "client_id"'],
    [
      'headers: { x-a: now }',
      'response.headers.x-a | an expression that gives string or optional<string> | one that gives google.protobuf.Timestamp',
    ],
    [
      'success: { delete: { status: 204, body: "{}" } }',
      'response.success.delete.body | no body, since 204 has none (RFC 9110 section 15.3.5) | "{}"',
    ],
    [
      'success: { delete: { status: 200, body: "[1]" } }',
      'response.success.delete.body | an expression that gives a map of strings to values | one that gives list<int>',
    ],
    ['success: { create: { status: 302 } }', 'response.success.create.status | one of 200, 201, 202, 204 | 302'],
  ])('with %s is a fault at its place', async (response, fault) => {
    expect(await faultsOf(`response: { ${response} }\n`)).toEqual([startingWith(fault)])
  })

  it.each([
    'set-cookie',
    'Cache-Control',
    'content-type',
    'Content-Length',
    'transfer-encoding',
    'location',
    'www-authenticate',
    'strict-transport-security',
    'content-security-policy',
    'access-control-allow-origin',
    'x-frame-options',
    'X-Content-Type-Options',
    'x-accel-redirect',
    'x-forwarded-for',
    'decision-id',
  ])('leaves %s to the gateway', async (header) => {
    expect(await faultsOf(`response: { headers: { ${header}: request.clientId } }\n`)).toEqual([
      `response.headers.${header} | a header that a policy may set: x-..., content-language, deprecation, link or sunset | ${header}`,
    ])
  })

  it('is inherited entry by entry, what is kept back altogether', async () => {
    const policies = await loadSound({
      base: `response: { echoStatement: true, remove: [a], set: { x: 1, y: 1 }, success: { create: { status: 200 } } }\n`,
      tested: `extends: [base]\nresponse: { flattenStatement: true, remove: [b, a], set: { y: 2 }, success: { update: { status: 204 } } }\n`,
    })
    const { response } = policyOf(policies, 'tested')
    expect(response).toMatchObject({ echoesStatement: true, flattensStatement: true, removes: ['a', 'b'] })
    expect([...response.sets].map(([name, { text }]) => [name, text])).toEqual([
      ['x', '1'],
      ['y', '2'],
    ])
    expect([...response.statuses]).toEqual([
      ['create', 200],
      ['update', 204],
    ])
  })
})

describe('errorAnswer', () => {
  it.each([
    [
      'body: "[error.code]"',
      'errorAnswer.body | an expression that gives a map of strings to values | one that gives list<string>',
    ],
    [
      `body: '{"a": error.cod}'`,
      'errorAnswer.body | a declared name | No such key: cod at "cod}" | did you mean code?',
    ],
    [
      `body: '{"a": metadata.client_name}'`,
      'errorAnswer.body | a declared name | Unknown variable: metadata at "metadata.client_name}"',
    ],
    [
      `body: '{}', contentType: text/html`,
      'errorAnswer.contentType | application/json or application/...+json | "text/html"',
    ],
  ])('with %s is a fault at its place', async (answer, fault) => {
    expect(await faultsOf(`errorAnswer: { ${answer} }\n`)).toEqual([startingWith(fault)])
  })

  it('is that of the last policy that has one', async () => {
    const policies = await loadSound({
      base: `errorAnswer: { body: '{"a": 1}' }\n`,
      tested: `extends: [base]\nerrorAnswer: { contentType: application/problem+json, body: '{"b": 1}' }\n`,
    })
    expect(policyOf(policies, 'tested').errorAnswer).toMatchObject({ contentType: 'application/problem+json' })
    expect(policyOf(policies, 'base').errorAnswer).toMatchObject({ contentType: 'application/json' })
    expect((await loadPolicy('')).errorAnswer).toBeNull()
  })
})
