import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCases } from '../../src/policy/cases/load-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import { loadPolicies, type LoadedPolicies } from '../../src/policy/load-policies.ts'
import { ROOT } from '../architecture/source-files.ts'

const readme = await readFile(join(ROOT, 'policies/README.md'), 'utf8')
const examples = [...readme.matchAll(/<!-- example: (\S+) -->\n```yaml\n([\s\S]*?)```/g)].map(
  ([, path = '', text = '']) => ({ path, text }),
)
/** What later sections show, as one policy over the first example. */
const parts = [...readme.matchAll(/<!-- part of a policy -->\n```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)
const PARTS = `apiVersion: dcr-gateway/v1
name: parts
version: "1"
title: What the sections show
source: policies/README.md
extends: [harbour]
softwareStatement: { claims: { jti: string, exp: timestamp, software_id: string } }
${parts.join('\n')}`
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
  await mkdir(join(folder, 'parts'))
  await writeFile(join(folder, 'parts/policy.yaml'), PARTS)
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

  it('have the sections on what happens once, on answers and on errors beside them, without fault', () => {
    const policy = loaded.policies.get('parts')
    expect(policy?.once.map(({ id }) => id)).toEqual(['statement-used-once'])
    expect(policy?.response).toMatchObject({ echoesStatement: true, flattensStatement: true })
    expect(policy?.errorAnswer).not.toBeNull()
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
