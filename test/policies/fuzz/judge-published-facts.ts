import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../architecture/source-files.ts'
import { buildCaseFacts } from '../../../src/policy/cases/build-case-facts.ts'
import type { CaseFacts } from '../../../src/policy/cases/cases-file-schema.ts'
import { judgeCase } from '../../../src/policy/cases/judge-case.ts'
import { loadCases } from '../../../src/policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.ts'
import { OPERATIONS } from '../../../src/model/operation.ts'
import type { PolicyText } from '../../../src/policy/policy-text.ts'

const PUBLISHED = join(ROOT, 'policies')
const SMALL = join(ROOT, 'test/unit/policy/broken')

async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** Every policy.yaml one folder below. */
async function readTexts(folder: string): Promise<readonly PolicyText[]> {
  const names = await foldersOf(folder)
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name, 'policy.yaml')
      const text = await readFile(file, 'utf8').catch(() => null)
      return { name, file, text, readBeside: () => Promise.reject(new Error('nothing beside')) }
    }),
  )
}

/** The published policies, and those small ones that have a fault of their own: hundreds of them load in a second. */
export async function readPolicySets(): Promise<{
  readonly published: readonly PolicyText[]
  readonly small: readonly (readonly PolicyText[])[]
}> {
  const small = await Promise.all((await foldersOf(SMALL)).map((name) => readTexts(join(SMALL, name, 'policies'))))
  return { published: await readTexts(PUBLISHED), small }
}

/** What the cases of every published policy start from. */
export async function readPublishedFacts(): Promise<readonly CaseFacts[]> {
  const names = await foldersOf(PUBLISHED)
  const read = await Promise.all(names.map((name) => loadCases(join(PUBLISHED, name))))
  return read.flatMap(({ loaded }) => (loaded === null ? [] : [{ ...loaded.cases.given, parameters: {} }]))
}

/** How many findings all operations have: judging must never throw, whatever the policy. */
export function judgeFacts(policy: CompiledPolicy, facts: readonly CaseFacts[]): number {
  const verdicts = facts.flatMap((given) =>
    OPERATIONS.map((operation) => judgeCase(policy, buildCaseFacts(policy, given, {}, operation))),
  )
  return verdicts.reduce((sum, { findings, reported }) => sum + findings.length + reported.length, 0)
}
