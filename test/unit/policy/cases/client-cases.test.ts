import { describe, expect, it } from 'vitest'
import { casesFileSchema, type CasesFile } from '../../../../src/policy/cases/cases-file-schema.ts'
import { runCases, type CasesReport } from '../../../../src/policy/cases/run-cases.ts'
import { loadSound, policyOf } from '../policy-fixture.ts'

const policies = await loadSound({
  base: `
softwareStatement: { create: optional, update: optional, algorithms: [PS256], claims: { org_id: string } }
members: { software_id: string }
parameters: { clients: { type: string, default: one, oneOf: [one, many], meaning: m } }
client:
  key: statement.?org_id
  single: parameters.clients == "one"
  owner: certificate.subject.O[?0]
  registered: registered.?software_id
`,
  heir: 'extends: [base]\nclient: { single: false }\n',
})

function run(approve: CasesFile['approve'], policy = 'base'): CasesReport {
  const given = { statement: { org_id: 'o' }, certificate: { subject: 'CN=a,O=Larkfield' } }
  return runCases(policyOf(policies, policy), casesFileSchema.parse({ given, approve, reject: [] }))
}

const problemsOf = (test: CasesFile['approve'][number]): readonly (string | null)[] =>
  run([test]).results.map(({ problem }) => problem)

const ALL = { key: 'o', single: true, owner: 'Larkfield', registered: 's' }
const complete = { name: 'complete', registered: { software_id: 's' }, expect: { client: ALL } }

describe('what a case expects of the client', () => {
  it('is held against the one that is named, and against the one that the identity server has', () => {
    expect(problemsOf({ ...complete, on: ['create', 'update'] })).toEqual([null, null])
    const nobody = { key: null, single: false, owner: null, registered: null }
    const facts = { certificate: null, parameters: { clients: 'many' } }
    expect(problemsOf({ name: 'x', on: ['read'], ...facts, expect: { client: nobody } })).toEqual([null])
  })

  it.each([
    [{ key: 'p' }, 'client.key: wanted "p", found "o"'],
    [{ key: null }, 'client.key: wanted null, found "o"'],
    [{ single: false }, 'client.single: wanted false, found true'],
    [{ owner: 'Other' }, 'client.owner: wanted "Other", found "Larkfield"'],
    [{ owner: null }, 'client.owner: wanted null, found "Larkfield"'],
    [{ registered: 's' }, 'client.registered: wanted "s", found null'],
  ])('fails the case where %j is not so', (client, problem) => {
    expect(problemsOf({ name: 'x', expect: { client } })).toEqual([problem])
  })
})

describe('coverage', () => {
  const part = (name: string): object => ({
    rule: `client.${name}`,
    missing: 'an approving case that names it under expect.client',
  })

  it('is complete where every part that the policy itself says of clients is expected somewhere', () => {
    expect(run([complete]).uncovered).toEqual([])
    expect(run([{ name: 'x', expect: { client: { single: false } } }], 'heir').uncovered).toEqual([])
  })

  it('lacks every part that no case expects, or that a case expects to be none', () => {
    expect(run([]).uncovered).toEqual(['key', 'single', 'owner', 'registered'].map(part))
    const half = { name: 'half', certificate: null, expect: { client: { key: 'o', single: true, owner: null } } }
    expect(run([half]).uncovered).toEqual(['owner', 'registered'].map(part))
    expect(run([], 'heir').uncovered).toEqual([part('single')])
  })
})
