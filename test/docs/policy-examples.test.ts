import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadCases } from '../../src/policy/cases/load-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import { loadPolicies, type LoadedPolicies } from '../../src/policy/load-policies.ts'
import { ROOT } from '../architecture/source-files.ts'

const readme = await readFile(join(ROOT, 'policies/README.md'), 'utf8')
const examples = [...readme.matchAll(/<!-- example: (\S+) -->\n```yaml\n([\s\S]*?)```/g)].map(
  ([, path = '', text = '']) => ({ path, text }),
)
/** What later sections show of policies: each is one of its own, over the first example or the policy that it names. */
const parts = [...readme.matchAll(/<!-- part of a policy(?: over (\S+))? -->\n```yaml\n([\s\S]*?)```/g)].map(
  ([, base = 'harbour', text = ''], index) => ({
    name: `part-${index}`,
    base,
    content: parse(text) as Readonly<Record<string, unknown>>,
  }),
)
/** What the sections take for declared. */
const DECLARED = {
  softwareStatement: {
    claims: {
      ...{ jti: 'string', exp: 'timestamp', software_id: 'string' },
      ...{ software_jwks_uri: 'string', software_jwks_endpoint: 'string' },
    },
  },
  parameters: {
    audiences: { type: 'list(string)', default: [], meaning: 'names of the bank' },
    softwareClients: { type: 'string', default: 'one', oneOf: ['one', 'many'], meaning: 'how many there may be' },
    legacyCertificates: { type: 'string', default: 'deny', oneOf: ['deny', 'allow'], meaning: 'whether they count' },
  },
}
const names = [...new Set(examples.map(({ path }) => dirname(path)))]

let folder = ''
let loaded: LoadedPolicies

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'))
  await cp(join(ROOT, 'policies/rfc7591'), join(folder, 'rfc7591'), { recursive: true })
  for (const { path, text } of examples) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const { name, base, content } of parts) {
    const head = { apiVersion: 'dcr-gateway/v1', name, version: '1', title: name, source: 'policies/README.md' }
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'policy.yaml'), stringify({ ...head, extends: [base], ...DECLARED, ...content }))
  }
  loaded = await loadPolicies(folder)
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('the policies that policies/README.md shows', () => {
  it('are two, each with its cases', () => {
    expect(examples.map(({ path }) => path)).toEqual([
      'harbour/policy.yaml',
      'harbour/cases.yaml',
      'payment-services/policy.yaml',
      'payment-services/cases.yaml',
    ])
  })

  it('have no fault', () => {
    expect(loaded.faults).toEqual([])
    expect([...loaded.policies.keys()]).toEqual(expect.arrayContaining(names))
  })

  it('have parts in later sections, which stand over them without fault', () => {
    const keys = parts.flatMap(({ content }) => Object.keys(content))
    expect(keys).toEqual([
      ...['vocabularies', 'types', 'softwareStatement', 'members', 'parameters'],
      ...['certificateClasses', 'rules', 'signedRequest', 'lookups', 'rules', 'once', 'client', 'response'],
      ...['errorAnswer'],
    ])
    expect(parts.filter(({ name }) => !loaded.policies.has(name))).toEqual([])
  })

  it.each(names)('decide the cases of %s as these say, and every rule has both kinds', async (name) => {
    const policy = loaded.policies.get(name)
    const { loaded: cases, faults } = await loadCases(join(folder, name))
    expect(faults).toEqual([])
    if (policy === undefined || cases === null) throw new Error(`${name} was not loaded`)
    const { results, uncovered } = runCases(policy, cases.cases)
    expect(results.filter(({ problem }) => problem !== null)).toEqual([])
    expect(results.length).toBeGreaterThan(5)
    expect(uncovered).toEqual([])
  })
})
