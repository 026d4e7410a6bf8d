import { describe, expect, it } from 'vitest'
import { casesFileSchema, type CasesFile } from '../../../../src/policy/cases/cases-file-schema.ts'
import { runCases, type CasesReport } from '../../../../src/policy/cases/run-cases.ts'
import { loadPolicy, loadSound, policyOf } from '../policy-fixture.ts'

const policy = await loadPolicy(`
softwareStatement: { create: optional, update: optional, algorithms: [PS256], claims: { org_id: string, roles: list(string) } }
members: { client_name: string, scope: string, jwks: 'map(string, dyn)' }
parameters: { prefix: { type: string, default: '', meaning: m } }
effects: [{ default: { jwks: '{"a": dyn({"x": dyn(1), "y": dyn([2])}), "b": dyn({})}' } }]
scopes: { id: scopes-by-role, always: [openid], grantedBy: 'statement.?roles.orValue([])', roles: { DATA: [accounts] } }
rules:
  - id: named
    title: t
    message: m
    require: metadata.?client_name.orValue("").startsWith(parameters.prefix + "n")
    found: metadata.?client_name.orValue("nothing")
  - { id: organised, title: t, message: m, error: access_denied, status: 403, require: statement.org_id == "o" }
  - { id: watched, title: t, message: m, mode: report, require: 'metadata.?client_name.orValue("") != "noisy"' }
  - { id: reading, title: t, message: m, on: [read, delete], require: request.clientId == "client-1" }
headers: { X-Org: statement.?org_id }
once: [{ id: used-once, message: m, key: statement.?org_id, holdsSeconds: 60 }]
response:
  flattenStatement: true
  set: { named: metadata.?client_name }
  headers: { x-interaction: 'request.headers[?"x-interaction"]' }
  success: { create: { status: 200 }, delete: { status: 200, body: '{"gone": request.clientId}' } }
`)

/** That of a rule that says nothing of it. */
const answer = '400 invalid_client_metadata'

const GIVEN = { statement: { org_id: 'o', roles: ['DATA'] }, metadata: { client_name: 'n' } }

function run({ given = GIVEN, approve = [], reject = [] }: Partial<CasesFile>): CasesReport {
  return runCases(policy, casesFileSchema.parse({ given, approve, reject }))
}

const problemsOf = (cases: Partial<CasesFile>): readonly (string | null)[] =>
  run(cases).results.map(({ problem }) => problem)

describe('an approve case', () => {
  it('passes where no rule is broken', () => {
    expect(run({ approve: [{ name: 'plain' }] }).results).toEqual([
      { path: ['approve', 0], name: 'plain', operation: 'create', problem: null },
    ])
  })

  it('fails where a rule is broken, and says which and why', () => {
    expect(problemsOf({ approve: [{ name: 'x', metadata: { client_name: 'x' } }] })).toEqual([
      'wanted approval; found named found x',
    ])
    expect(problemsOf({ approve: [{ name: 'x', statement: null }] })).toEqual([
      'wanted approval; found organised (the expression failed: No such key: org_id)',
    ])
  })

  it('fails where a rule is broken that is only reported', () => {
    expect(problemsOf({ approve: [{ name: 'x', metadata: { client_name: 'noisy' } }] })).toEqual([
      'wanted approval; found watched',
    ])
  })

  it('holds its expectations against what would be registered, whatever the order of members', () => {
    const expect_ = {
      metadata: { scope: 'openid accounts', jwks: { b: {}, a: { y: [2], x: 1 } } },
      headers: { 'X-Org': 'o' },
    }
    expect(problemsOf({ approve: [{ name: 'x', expect: expect_ }] })).toEqual([null])
  })

  it.each([
    [{ metadata: { scope: 'openid' } }, 'metadata.scope: wanted "openid", found "openid accounts"'],
    [{ metadata: { logo_uri: 'x' } }, 'metadata.logo_uri: wanted "x", found null'],
    [{ metadata: { client_name: null } }, 'metadata.client_name: wanted null, found "n"'],
    [{ metadata: { jwks: { a: { x: 1, y: [3] }, b: {} } } }, /^metadata\.jwks: wanted/],
    [{ headers: { 'X-Org': 'p' } }, 'headers.X-Org: wanted "p", found "o"'],
    [{ headers: { 'X-Other': 'p' } }, 'headers.X-Other: wanted "p", found null'],
  ])('fails where %j is not met', (expectation, problem) => {
    const [found] = problemsOf({ approve: [{ name: 'x', expect: expectation }] })
    expect(found).toMatch(problem)
  })

  it('holds its expectations against what is used up and what the policy adds to the answer', () => {
    const created = {
      once: { 'used-once': 'o' },
      response: { status: 200, members: { named: 'n', org_id: 'o', other: null }, headers: { 'x-interaction': 'b' } },
    }
    const headers = { 'x-interaction': 'b' }
    expect(problemsOf({ approve: [{ name: 'x', headers, expect: created }] })).toEqual([null])
    const gone = { once: { 'used-once': null }, response: { members: { gone: 'client-1' } } }
    expect(problemsOf({ approve: [{ name: 'x', on: ['delete'], expect: gone }] })).toEqual([null])
  })

  it.each([
    [{ once: { 'used-once': 'p' } }, 'once.used-once: wanted "p", found "o"'],
    [{ once: { 'used-once': null } }, 'once.used-once: wanted null, found "o"'],
    [{ response: { status: 201 } }, 'response.status: wanted 201, found 200'],
    [{ response: { members: { named: 'm' } } }, 'response.members.named: wanted "m", found "n"'],
    [{ response: { headers: { 'x-interaction': 'b' } } }, 'response.headers.x-interaction: wanted "b", found null'],
  ])('fails where %j is not what the registrant gets', (expectation, problem) => {
    expect(problemsOf({ approve: [{ name: 'x', expect: expectation }] })).toEqual([problem])
  })

  it('may expect a member to be absent', () => {
    expect(problemsOf({ approve: [{ name: 'x', expect: { metadata: { logo_uri: null } } }] })).toEqual([null])
  })
})

describe('a reject case', () => {
  const noisy = { name: 'c', metadata: { client_name: 'noisy' }, rules: ['watched'] }
  const change = { name: 'x', metadata: { client_name: 'x' }, statement: { org_id: 'p' }, answer }

  it('passes where exactly its rules are broken, in any order', () => {
    expect(problemsOf({ reject: [{ ...change, rules: ['organised', 'named'] }] })).toEqual([null])
  })

  it('fails where a rule more, or less, or another is broken', () => {
    const found = 'found named found x; organised'
    expect(problemsOf({ reject: [{ ...change, rules: ['named'] }] })).toEqual([`wanted named; ${found}`])
    expect(problemsOf({ reject: [{ ...change, rules: ['named', 'organised', 'other'] }] })).toEqual([
      `wanted named, organised, other; ${found}`,
    ])
    expect(problemsOf({ reject: [{ ...change, rules: ['other', 'named'] }] })).toEqual([
      `wanted named, other; ${found}`,
    ])
  })

  it('fails where nothing is broken', () => {
    expect(problemsOf({ reject: [{ name: 'x', rules: ['named'] }] })).toEqual(['wanted named; found approval'])
  })

  it('names checks that are built in by their reason, scopes and reported rules by their id', () => {
    const ofOtherType = { name: 'a', metadata: { client_name: 5 }, rules: ['metadata-member-invalid'], answer }
    const scopes = { name: 'b', metadata: { scope: 'payments' }, rules: ['scopes-by-role'], answer }
    expect(problemsOf({ reject: [ofOtherType, scopes, noisy] })).toEqual([null, null, null])
  })

  it('fails where the status or the error of the answer is another, or it does not say what they are', () => {
    const forbidden = { name: 'x', statement: { org_id: 'p' }, rules: ['organised'] }
    expect(problemsOf({ reject: [{ ...forbidden, answer: '403 access_denied' }] })).toEqual([null])
    const found = 'found 403 access_denied'
    for (const wanted of ['403 invalid_client_metadata', '400 access_denied', '400 invalid_client_metadata'])
      expect(problemsOf({ reject: [{ ...forbidden, answer: wanted }] })).toEqual([
        `wanted the answer ${wanted}, ${found}`,
      ])
    const unsaid = 'the case must say what the answer is, answer: 403 access_denied'
    expect(problemsOf({ reject: [forbidden] })).toEqual([unsaid])
  })

  it('fails where it says an answer and the rules refuse nobody', () => {
    expect(problemsOf({ reject: [{ ...noisy, answer }] })).toEqual([
      `wanted the answer ${answer}, found rules that are reported and refuse nobody`,
    ])
  })

  it('has the answer of the finding that decides, where several refuse', () => {
    const both = { ...change, rules: ['named', 'organised'] }
    expect(problemsOf({ reject: [both] })).toEqual([null])
    expect(problemsOf({ reject: [{ ...both, answer: '403 access_denied' }] })).toEqual([
      `wanted the answer 403 access_denied, found ${answer}`,
    ])
  })
})

describe('cases', () => {
  it('run for each operation they name, and for create when they name none', () => {
    const { results } = run({ approve: [{ name: 'x', on: ['create', 'update', 'read', 'delete'] }] })
    expect(results.map(({ operation, problem }) => [operation, problem])).toEqual([
      ['create', null],
      ['update', null],
      ['read', null],
      ['delete', null],
    ])
  })

  it('that are themselves wrong fail with the reason', () => {
    expect(problemsOf({ approve: [{ name: 'x', certificate: { subject: 'no name' } }] })[0]).toMatch(
      /^the case itself is wrong: /,
    )
    expect(problemsOf({ approve: [{ name: 'x', parameters: { prefix: 5 } }] })).toEqual([
      'the case itself is wrong: parameters.prefix: wanted string, found int',
    ])
  })

  it('may set parameters', () => {
    expect(problemsOf({ reject: [{ name: 'x', parameters: { prefix: 'm' }, rules: ['named'], answer }] })).toEqual([
      null,
    ])
  })
})

describe('what is given', () => {
  it('is tried first, and where it is refused nothing else is said', () => {
    const given = { ...GIVEN, metadata: { client_name: 'x' } }
    expect(run({ given, approve: [{ name: 'a' }], reject: [{ name: 'b', rules: ['organised'] }] })).toEqual({
      given: 'wanted approval; found named found x',
      results: [],
      uncovered: [],
      coverage: [],
    })
  })

  it('is not a case of its own', () => {
    expect(run({})).toMatchObject({ given: null, results: [] })
  })
})

describe('coverage', () => {
  const reject = [
    { name: 'named', metadata: { client_name: 'x' }, rules: ['named'], answer },
    { name: 'organised', statement: { org_id: 'p' }, rules: ['organised'], answer: '403 access_denied' },
    { name: 'watched', metadata: { client_name: 'noisy' }, rules: ['watched'] },
    { name: 'scopes', metadata: { scope: 'payments' }, rules: ['scopes-by-role'], answer },
    { name: 'reading', on: ['read' as const], clientId: 'x', rules: ['reading'], answer },
  ]
  const keyed = { name: 'keyed', expect: { once: { 'used-once': 'o' } } }
  const approve = [{ name: 'x', on: ['create' as const, 'read' as const] }, keyed]

  it('is complete where every rule has both kinds of case', () => {
    expect(run({ approve, reject })).toMatchObject({ uncovered: [] })
  })

  it('counts for every rule the cases that show it holding and those that show it broken', () => {
    const counts = run({ approve, reject }).coverage.map((one) => [one.rule, one.approving, one.refusing])
    expect(counts).toEqual([
      ['named', 2, 1],
      ['organised', 2, 1],
      ['watched', 2, 1],
      ['reading', 1, 1],
      ['scopes-by-role', 2, 1],
    ])
  })

  it('names the rules that no case approves, and those that none refuses', () => {
    expect(run({ approve: [keyed], reject: reject.slice(1) }).uncovered).toEqual([
      { rule: 'named', missing: 'a refusing case' },
      { rule: 'reading', missing: 'an approving case' },
    ])
    expect(run({}).uncovered).toHaveLength(11)
    expect(run({ approve, reject: reject.filter(({ name }) => name !== 'scopes') }).uncovered).toEqual([
      { rule: 'scopes-by-role', missing: 'a refusing case' },
    ])
  })

  it('wants a case that expects the key of what may happen only once', () => {
    const missing = [{ rule: 'used-once', missing: 'an approving case with its key under expect.once' }]
    expect(run({ approve: approve.slice(0, 1), reject }).uncovered).toEqual(missing)
    const none = { name: 'none', on: ['delete' as const], expect: { once: { 'used-once': null } } }
    expect(run({ approve: [...approve.slice(0, 1), none], reject }).uncovered).toEqual(missing)
  })

  it('does not ask again for what a failed case was there to show', () => {
    const wrong = reject.map((test) => (test.name === 'named' ? { ...test, rules: ['named', 'organised'] } : test))
    const { results, uncovered } = run({ approve, reject: wrong.filter(({ name }) => name !== 'organised') })
    expect(results.filter(({ problem }) => problem !== null).map(({ path }) => path)).toEqual([['reject', 0]])
    expect(uncovered).toEqual([])
    const refused = [{ name: 'x', on: ['create' as const, 'read' as const], metadata: { client_name: 'x' } }, keyed]
    expect(run({ approve: refused, reject })).toMatchObject({
      results: expect.arrayContaining([
        expect.objectContaining({ path: ['approve', 0], problem: 'wanted approval; found named found x' }),
      ]) as unknown,
      uncovered: [],
    })
  })

  it('is asked of the policy that declares a rule, not of those that extend it', async () => {
    const policies = await loadSound({
      base: `
members: { scope: string }
scopes: { id: scopes-of-base, grantedBy: '["a"]', roles: { a: [b] } }
rules:
  - { id: kept, title: t, message: m, require: size(translations) == 0 }
  - { id: replaced, title: t, message: m, require: size(translations) == 0 }
`,
      heir: 'extends: [base]\nrules: [{ id: replaced, title: t, message: m, require: size(translations) == 0, override: true }]',
    })
    const empty: CasesFile = { given: {}, approve: [], reject: [] }
    const uncovered = (name: string): readonly string[] =>
      runCases(policyOf(policies, name), empty).uncovered.map(({ rule }) => rule)
    expect(new Set(uncovered('base'))).toEqual(new Set(['kept', 'replaced', 'scopes-of-base']))
    expect(new Set(uncovered('heir'))).toEqual(new Set(['replaced']))
  })
})
