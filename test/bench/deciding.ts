import { strict as assert } from 'node:assert'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadCases } from '../../src/policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../../src/policy/compiled-policy.ts'
import type { PresentedFacts } from '../../src/policy/judge/judge.ts'
import { BUILT } from './built-gateway.ts'
import type { Contender } from './compare.ts'

const { buildCaseFacts, judge, loadPolicies } = BUILT

const POLICY = 'open-finance-brasil'
const DECISIONS = 1000
const READINGS = 20_000
/** Registrants that take turns, so that nothing is decided from memory alone. */
const REGISTRANTS = 50

/** A folder with the policy and what it extends, and as many copies of it as make up the number. */
export async function manyPolicies(policies: string, count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-policies-'))
  await cp(policies, folder, { recursive: true })
  const text = await readFile(join(policies, POLICY, 'policy.yaml'), 'utf8')
  for (let number = 2; number < count; number += 1) {
    const name = `copy-${number}`
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'policy.yaml'), text.replace(/^name: .*$/m, `name: ${name}`))
  }
  return folder
}

/** One decision, against reading the JSON it is about; all rules of the policy, whatever else is loaded. */
export async function decisions(policies: string): Promise<readonly Contender[]> {
  const one = await load(policies)
  const folder = await manyPolicies(policies, 100)
  const many = await load(folder)
  await rm(folder, { recursive: true })
  const { loaded } = await loadCases(join(policies, POLICY))
  const given = loaded?.cases.given ?? {}
  const approved = Array.from({ length: REGISTRANTS }, (_, number) =>
    buildCaseFacts(one, given, { metadata: { client_description: `Client ${number}` } }, 'create'),
  )
  const foreign = { redirect_uris: ['https://evil.example/cb'], id_token_signed_response_alg: 'none', scope: 'admin' }
  const refused = Array.from({ length: REGISTRANTS }, (_, number) =>
    buildCaseFacts(one, given, { metadata: { ...foreign, client_description: `Client ${number}` } }, 'create'),
  )
  return [
    readingOfJson(JSON.stringify(approved[0]?.sent)),
    deciding('approved, by the one policy there is', one, approved, 0),
    deciding('refused, for four broken rules', one, refused, 4),
    deciding('approved, with 100 policies loaded', many, approved, 0),
  ]
}

async function load(folder: string): Promise<CompiledPolicy> {
  const { policies, faults } = await loadPolicies(folder)
  const policy = policies.get(POLICY)
  if (faults.length > 0 || policy === undefined) throw new Error('the policies cannot be loaded')
  return policy
}

function readingOfJson(body: string): Contender {
  return {
    name: `JSON.parse of its ${body.length} bytes`,
    times: READINGS,
    check: () => assert.ok(body.length > 500),
    run: (times) => {
      for (let count = 0; count < times; count += 1) JSON.parse(body)
    },
  }
}

function deciding(name: string, policy: CompiledPolicy, facts: readonly PresentedFacts[], broken: number): Contender {
  return {
    name,
    times: DECISIONS,
    check: () => {
      for (const one of facts) assert.equal(judge(policy, one).findings.length, broken)
    },
    run: (times) => {
      let count = 0
      while (count < times) for (const one of facts) if (count++ < times) judge(policy, one)
    },
  }
}

/** What a start or a reload costs, against reading the YAML alone. */
export async function loadings(policies: string, folder: string): Promise<readonly Contender[]> {
  const sizeOf = async (of: string): Promise<number> => (await loadPolicies(of)).policies.size
  const [shipped, many] = [await sizeOf(policies), await sizeOf(folder)]
  return [
    loading(`the ${shipped} policies that come with it`, policies, shipped),
    loading(`${many} policies, most as large as open-finance-brasil`, folder, many),
  ]
}

function loading(name: string, folder: string, size: number): Contender {
  const load = async (): Promise<number> => (await loadPolicies(folder)).policies.size
  return {
    name,
    times: 1,
    check: async () => assert.equal(await load(), size),
    run: async (times) => {
      for (let count = 0; count < times; count += 1) await load()
    },
  }
}
