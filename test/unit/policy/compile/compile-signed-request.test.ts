import { describe, expect, it } from 'vitest'
import { prove } from '../../../../src/model/proof.ts'
import type { VerifiedStatement } from '../../../../src/model/statement.ts'
import { bindPolicy } from '../../../../src/policy/bind-policy.ts'
import { judge } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, loadSound, loadTexts, policyOf, present } from '../policy-fixture.ts'

const STATEMENTS = `
parameters:
  audiences: { type: list(string), default: [bank], meaning: m }
  keyHosts: { type: list(string), default: [a.example], meaning: m }
  mode: { type: string, default: x, meaning: m }
softwareStatement:
  create: required
  update: optional
  algorithms: [PS256]
  directories: { obie: { issuers: [i], jwksUri: https://directory.example/jwks } }
  claims: { software_id: string, jwks_endpoint: string }
members: { client_name: string }
`
const SIGNED = (body = ''): string => `
signedRequest:
  create: required
  contentTypes: [application/jose]
  algorithms: [PS256]
  keys: { uri: statement.?jwks_endpoint, hosts: parameters.keyHosts }
  audience: parameters.audiences
  claims: { jti: string, exp: timestamp }
${body}`
const NOW = new Date('2026-01-01T12:00:00Z')
const statementOf = (claims: object): VerifiedStatement => prove('statement', { directory: 'obie', claims } as never)

async function faultsOf(body: string): Promise<readonly string[]> {
  const { faults } = await loadTexts({ tested: body })
  return faults.map(
    ({ path, wanted, found, hint }) => `${path}: ${wanted} / ${found}${hint === undefined ? '' : ` / ${hint}`}`,
  )
}

describe('what a policy demands of signed requests', () => {
  it('is strict where it says nothing', async () => {
    const policy = await loadPolicy(STATEMENTS + SIGNED())
    expect(bindPolicy(policy, {}).signedRequest).toMatchObject({
      mode: { create: 'required', update: 'forbidden', read: 'forbidden', delete: 'forbidden' },
      ...{ contentTypes: ['application/jose'], algorithms: ['PS256'], types: null, keyIdRequired: true },
      ...{ forbiddenHeaders: ['jwk', 'jku', 'x5u', 'x5c'], expiryRequired: true, clockSkewSeconds: 60 },
      ...{ maxAgeSeconds: null, maxLifetimeSeconds: null, claims: ['jti', 'exp'] },
    })
  })

  it('is nothing where no policy speaks of them', async () => {
    expect(bindPolicy(await loadPolicy(STATEMENTS), {}).signedRequest).toBeNull()
  })

  it('is inherited key by key, claims entry by entry', async () => {
    const heir = 'extends: [base]\nsignedRequest: { update: optional, maxAgeSeconds: 60, claims: { nonce: string } }'
    const policies = await loadSound({ base: STATEMENTS + SIGNED(), heir })
    expect(bindPolicy(policyOf(policies, 'heir'), {}).signedRequest).toMatchObject({
      ...{ mode: { create: 'required', update: 'optional' }, maxAgeSeconds: 60, claims: ['jti', 'exp', 'nonce'] },
    })
  })

  it('has hosts, audience and keys by the parameters of the endpoint and the verified statement', async () => {
    const policy = await loadPolicy(STATEMENTS + SIGNED())
    const parameters = { audiences: ['b1', 'b2'], keyHosts: ['*.keys.example'], mode: 'x' }
    const demand = bindPolicy(policy, parameters).signedRequest
    expect(demand?.audience?.(null, NOW)).toEqual(['b1', 'b2'])
    if (demand?.keys.kind !== 'address') throw new Error('no address')
    expect(demand.keys.hosts).toEqual(['*.keys.example'])
    expect(demand.keys.locate(statementOf({ jwks_endpoint: 'https://k' }), NOW)).toBe('https://k')
    // Absent, empty or of another type: nobody's keys are there.
    for (const claims of [{}, { jwks_endpoint: '' }, { jwks_endpoint: 7 }])
      expect(demand.keys.locate(statementOf(claims), NOW)).toBeNull()
  })

  it('lets a chain be brought where it is to be verified', async () => {
    const policy = await loadPolicy(
      'signedRequest: { create: required, contentTypes: [application/jwt], algorithms: [ES256], keys: { x5c: { trustedIssuers: seals } } }',
    )
    expect(bindPolicy(policy, {}).signedRequest).toMatchObject({
      ...{ keyIdRequired: false, forbiddenHeaders: ['jwk', 'jku', 'x5u'], keys: { kind: 'chain', trust: 'seals' } },
    })
  })
})

describe('a section on signed requests has a fault', () => {
  it.each<[string, string, string | RegExp]>([
    [
      'without what signing needs',
      `${STATEMENTS}signedRequest: { create: optional }`,
      /^signedRequest(\.contentTypes)?: contentTypes, where a request may be signed \/ none/,
    ],
    [
      'with keys that the request itself may choose',
      STATEMENTS + SIGNED().replace('statement.?jwks_endpoint', 'metadata.client_name'),
      /keys\.uri: an expression over statement, statementIssuer, parameters, now alone \/ metadata$/,
    ],
    [
      'with keys that a variable chooses',
      `${STATEMENTS + SIGNED().replace('statement.?jwks_endpoint', 'variables.v')}variables: { v: metadata.client_name }`,
      /keys\.uri: an expression over .* \/ variables$/,
    ],
    [
      'with hosts of a parameter that is no list',
      STATEMENTS + SIGNED().replace('parameters.keyHosts', 'parameters.mode'),
      /keys\.hosts: a parameter of type list\(string\) \/ parameters\.mode, a string$/,
    ],
    [
      'with hosts of a misspelt parameter',
      STATEMENTS + SIGNED().replace('parameters.keyHosts', 'parameters.keyHost'),
      /keys\.hosts: .* which is not declared \/ did you mean keyHosts\?$/,
    ],
    [
      'where no statement can name its keys',
      (STATEMENTS + SIGNED('  update: optional\n')).replace(
        'update: optional\n  algorithms',
        'update: forbidden\n  algorithms',
      ),
      /^signedRequest\.update: forbidden, since no statement may say where the keys of the request are \/ optional$/,
    ],
    [
      'with a claim that is a member, too',
      STATEMENTS + SIGNED().replace('jti: string', 'client_name: string'),
      /claims\.client_name: a name that is no member/,
    ],
    [
      'with an audience that is no list',
      STATEMENTS + SIGNED().replace('parameters.audiences', `'"bank"'`),
      /audience: .*list<string>/,
    ],
    [
      'without hosts beside an address',
      STATEMENTS + SIGNED().replace(', hosts: parameters.keyHosts', ''),
      /keys\.hosts: the hosts that keys may come from/,
    ],
    [
      'with an algorithm that anybody could use',
      STATEMENTS + SIGNED().replace('[PS256]\n  keys', '[none]\n  keys'),
      /algorithms/,
    ],
  ])('%s', async (_, body, fault) => {
    const faults = await faultsOf(body)
    expect(
      faults.some((text) => text.match(fault) !== null),
      faults.join('\n'),
    ).toBe(true)
  })
})

describe('a directory has a fault', () => {
  const directory = (text: string): string =>
    `softwareStatement: { claims: { org_id: string }, directories: { d: ${text} } }`
  it.each<[string, string, RegExp]>([
    [
      'without a source of keys',
      '{ issuers: [i] }',
      /directories\.d: one source of keys: jwksUri, jwksFile, x5c \/ none/,
    ],
    [
      'with two sources',
      '{ issuers: [i], jwksUri: "https://a.example", x5c: { trustedIssuers: t } }',
      /directories\.d: one source of keys: .* \/ jwksUri and x5c/,
    ],
    ['without issuers', '{ jwksUri: "https://a.example" }', /issuers: values of iss/],
    ['with a file that is not there', '{ issuers: [i], jwksFile: keys/a.jwks }', /jwksFile: a JWKS file/],
    ['with a file elsewhere', '{ issuers: [i], jwksFile: ../a.jwks }', /jwksFile: a file beside this one or below/],
    [
      'with a name for a claim that nobody declared',
      '{ issuers: [i], jwksUri: "https://a.example", claims: { orgid: organisation.id } }',
      /claims\.orgid: a claim declared under softwareStatement\.claims \/ orgid \/ did you mean org_id\?/,
    ],
  ])('%s', async (_, text, fault) => {
    const faults = await faultsOf(directory(text))
    expect(
      faults.some((one) => one.match(fault) !== null),
      faults.join('\n'),
    ).toBe(true)
  })
})

describe('expressions about a signed request', () => {
  const rule = (text: string): string =>
    `${STATEMENTS + SIGNED()}rules: [{ id: r, title: t, message: m, require: ${JSON.stringify(text)} }]`
  const signature = { algorithm: 'PS256', keyId: 'k', type: null, certificate: null }

  it.each([
    'request.isSigned && request.contentType == "application/jose"',
    'request.header.alg == "PS256" && request.header.kid == "k" && !has(request.header.typ)',
    'request.claims.jti == "j" && request.claims.exp == timestamp("2026-01-01T12:05:00Z")',
    'statementIssuer == "obie"',
    '!has(request.certificate)',
  ])('see it: %s', async (text) => {
    const claims = { jti: 'j', exp: NOW.getTime() / 1000 + 300, undeclared: 1 }
    const facts = { contentType: 'application/jose', signature: { ...signature, claims }, statementIssuer: 'obie' }
    expect(judge(await loadPolicy(rule(text)), present({ ...facts, claims: {} })).held).toContain('r')
  })

  it.each(['!request.isSigned && statementIssuer == ""', '!has(request.claims.jti) && !has(request.header.kid)'])(
    'see that there is none: %s',
    async (text) => {
      expect(judge(await loadPolicy(rule(text)), present({})).held).toContain('r')
    },
  )

  it('are not asked about a claim of another type, which is a finding of its own', async () => {
    const policy = await loadPolicy(rule('request.claims.jti == "j"'))
    const { findings } = judge(policy, present({ signature: { ...signature, claims: { jti: 7 } } }))
    expect(findings).toMatchObject([{ reason: 'request-claim-invalid', at: 'request.jti' }])
  })
})
