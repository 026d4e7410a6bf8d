import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { readDocument } from '../../src/document/read-document.ts'
import { writeFaults } from '../../src/document/write-faults.ts'
import type { Fault } from '../../src/model/fault.ts'
import { BundleSyntaxError, parseBundle, writeBundle } from '../../src/policy/bundle/policy-bundle.ts'
import { casesFileSchema } from '../../src/policy/cases/cases-file-schema.ts'
import { checkCases } from '../../src/policy/cases/check-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import { compilePolicies } from '../../src/policy/load-policies.ts'
import type { PolicyText } from '../../src/policy/policy-text.ts'
import { judgeFacts, readPolicySets, readPublishedFacts } from './fuzz/judge-published-facts.ts'
import { mutateText } from './fuzz/mutate-text.ts'
import { randomCondition } from './fuzz/random-condition.ts'
import { randomExpression } from './fuzz/random-expression.ts'
import { SeededRandom } from './fuzz/seeded-random.ts'

/** FUZZ_SEED makes a failed run again, FUZZ_SECONDS makes it longer. */
// The usual run tries the same ones each time, so that nobody's change is blamed for what it did not bring; others by test:fuzz.
const SEED = Number(
  process.env['FUZZ_SEED'] ?? (process.env['FUZZ_SECONDS'] === undefined ? 1 : Date.now() % 1_000_000),
)
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 20)
const SHARE = 1 / 6
/** Should one input take for ever, this ends it. */
const TIMEOUT_MS = SECONDS * 1000 + 60_000
/** At least so many inputs are tried of each kind, however slow the machine is. */
const FEWEST = 10
/** A line of a report; what it found is quoted and shortened, whatever the file holds. */
const LONGEST_LINE = 4000

const { published, small } = await readPolicySets()
const facts = await readPublishedFacts()

/** Tries inputs of one kind after another; what fails says with which seed it comes again. */
async function fuzz(kind: string, share: number, attempt: (random: SeededRandom) => unknown): Promise<void> {
  const end = performance.now() + SECONDS * 1000 * share
  for (let seed = SEED; seed < SEED + FEWEST || performance.now() < end; seed++) {
    try {
      await attempt(new SeededRandom(seed))
    } catch (failure) {
      throw new Error(`${kind}: again with FUZZ_SEED=${seed} FUZZ_SECONDS=0`, { cause: failure })
    }
  }
}

function checkReport(faults: readonly Fault[]): void {
  for (const line of writeFaults(faults).split('\n')) {
    expect(line.length).toBeLessThan(LONGEST_LINE)
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  }
}

/** Every outcome is faults, or policies that judge. */
async function load(texts: readonly PolicyText[]): Promise<readonly Fault[]> {
  const { policies, faults } = await compilePolicies(texts, [])
  if (policies.size < texts.length) expect(faults).not.toHaveLength(0)
  checkReport(faults)
  for (const policy of policies.values()) expect(judgeFacts(policy, facts)).toBeGreaterThanOrEqual(0)
  expect(Object.keys(Object.prototype)).toEqual([])
  return faults
}

const withText = (one: PolicyText, text: string): PolicyText => ({ ...one, text })

function policyOf(text: string): readonly PolicyText[] {
  const file = 'policies/bank/policy.yaml'
  return [{ name: 'bank', file, text, readBeside: () => Promise.reject(new Error('nothing beside')) }]
}

const HEAD = `apiVersion: dcr-gateway/v1
name: bank
version: "1"
title: t
source: s
softwareStatement: { create: optional, update: optional, algorithms: [PS256], claims: { org_id: string, roles: list(string) } }
members: { client_name: string, scope: string, redirect_uris: list(string) }
parameters: { strict: { type: bool, default: true, meaning: m } }
variables: { uris: 'metadata.?redirect_uris.orValue([])' }
`

function policyOfRule(require: string): string {
  return `${HEAD}rules: [{ id: r, title: t, message: m, found: variables.uris, require: ${JSON.stringify(require)} }]`
}

/** A policy with an expression of each kind, quoted as JSON so that YAML takes them as they are. */
function policyWith(random: SeededRandom): string {
  const quoted = (): string => JSON.stringify(randomExpression(random))
  const rules = Array.from(
    { length: 8 },
    (_, index) => `  - { id: r${index}, title: t, message: m, require: ${quoted()} }\n`,
  )
  return `${HEAD}effects: [{ when: ${quoted()}, default: { client_name: ${quoted()} } }]
response: { set: { x: ${quoted()} } }
once: [{ id: o, message: m, key: ${quoted()}, holdsSeconds: 60 }]
headers: { X-Org: ${quoted()} }
rules:\n${rules.join('')}`
}

describe('the loader of policies takes anything', () => {
  it('such as published policies in which something has changed', { timeout: TIMEOUT_MS }, async () => {
    await fuzz('published policies', SHARE * 1.5, async (random) => {
      const at = random.below(published.length)
      await load(
        published.map((one, index) => (index === at ? withText(one, mutateText(one.text ?? '', random)) : one)),
      )
    })
  })

  it('such as small policies in which something has changed', { timeout: TIMEOUT_MS }, async () => {
    await fuzz('small policies', SHARE, async (random) => {
      const set = small[random.below(small.length)] ?? []
      await load(set.map((one) => withText(one, mutateText(one.text ?? '', random))))
    })
  })

  it('such as expressions of any form', { timeout: TIMEOUT_MS }, async () => {
    await fuzz('expressions', SHARE * 1.5, (random) => load(policyOf(policyWith(random))))
  })

  it(
    'such as conditions that have their types right, which judge without throwing',
    { timeout: TIMEOUT_MS },
    async () => {
      let loaded = 0
      await fuzz('conditions', SHARE, async (random) => {
        const require = randomCondition(random)
        if ((await load(policyOf(policyOfRule(require)))).length === 0) loaded++
      })
      expect(loaded).toBeGreaterThan(0)
    },
  )

  it('such as cases files in which something has changed', { timeout: TIMEOUT_MS }, async () => {
    const { policies } = await compilePolicies(published, [])
    const files = await Promise.all(
      [...policies].map(async ([name, policy]) => {
        const file = join(ROOT, 'policies', name, 'cases.yaml')
        return { policy, file, text: await readFile(file, 'utf8') }
      }),
    )
    await fuzz('cases files', SHARE / 2, (random) => {
      const one = files[random.below(files.length)]
      if (one === undefined) throw new Error('no policy is published')
      const text = mutateText(one.text, random)
      const { value, faults, locate, locateInText } = readDocument(one.file, text, casesFileSchema)
      checkReport(faults)
      if (value === null) {
        expect(faults).not.toHaveLength(0)
        return
      }
      const misnamed = checkCases(one.policy, { file: one.file, text, cases: value, locate, locateInText })
      checkReport(misnamed)
      expect(runCases(one.policy, value).results).toBeInstanceOf(Array)
    })
  })

  it('such as bundles in which something has changed', { timeout: TIMEOUT_MS }, async () => {
    const bundles = small.map((set) =>
      writeBundle({ files: new Map(set.map(({ name, text }) => [`${name}/policy.yaml`, text ?? ''])) }).toString(
        'utf8',
      ),
    )
    await fuzz('bundles', SHARE / 2, async (random) => {
      const bytes = Buffer.from(mutateText(bundles[random.below(bundles.length)] ?? '', random))
      try {
        const { files } = parseBundle(bytes)
        await load(
          [...files].flatMap(([path, text]) =>
            policyOf(text).map((one) => ({ ...one, name: path.split('/')[0] ?? '' })),
          ),
        )
      } catch (failure) {
        if (!(failure instanceof BundleSyntaxError)) throw failure
      }
    })
  })
})

describe('a sound policy', () => {
  it('is what the inputs above began as', async () => {
    expect(await load(policyOf(policyOfRule('has(metadata.client_name)')))).toEqual([])
    expect(await load(published)).toEqual([])
  })
})

describe('a policy file that is made to exhaust the gateway', () => {
  const bomb = Array.from(
    { length: 30 },
    (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`,
  ).join('\n')

  it.each<[string, string]>([
    ['ten million bytes', `${HEAD}# ${'x'.repeat(10_000_000)}`],
    ['a list in a list, a hundred thousand deep', `${HEAD}rules: ${'['.repeat(100_000)}`],
    ['maps in blocks, five hundred deep', Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['aliases that double thirty times', `${HEAD}${bomb}`],
    ['an alias to what holds it', `${HEAD}rules: &a [*a]`],
    ['fifty thousand keys', `${HEAD}${Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`).join('\n')}`],
    ['one key twenty thousand times', `${HEAD}${'again: 1\n'.repeat(20_000)}`],
    ['fifty thousand documents', `${HEAD}${'---\na: 1\n'.repeat(50_000)}`],
    ['a number of a hundred thousand digits', `${HEAD}rules: ${'9'.repeat(100_000)}`],
    ['a text that does not end', `${HEAD}rules: "${'x'.repeat(900_000)}`],
    ['nothing but tabs', '\t'.repeat(100_000)],
    ['nothing', ''],
  ])('is a fault: %s', { timeout: 60_000 }, async (_, text) => {
    expect(await load(policyOf(text))).not.toHaveLength(0)
  })

  it.each<[string, string]>([
    ['of brackets', `${'('.repeat(50_000)}true`],
    ['of operators', `true${' && true'.repeat(20_000)}`],
    ['of negations', `${'!'.repeat(50_000)}true`],
    ['of calls', `metadata.client_name${'.lowerAscii()'.repeat(10_000)} == ""`],
    ['of loops in loops', `variables.uris.all(a, ${'variables.uris.all(b, '.repeat(30)}a == b${')'.repeat(31)}`],
    ['of choices', `${'true ? '.repeat(5000)}true${' : true'.repeat(5000)}`],
    ['of a pattern that grows', 'metadata.client_name.matches("((((a{100}){100}){100}){100})")'],
    ['of a pattern that goes back', 'metadata.client_name.matches("(a+)+\\\\1$")'],
    ['of a constructor', 'metadata.constructor.constructor("return process")().exit(1)'],
    ['of a prototype', 'metadata.__proto__.client_name == ""'],
  ])('is a fault: an expression %s', { timeout: 60_000 }, async (_, require) => {
    expect(await load(policyOf(policyOfRule(require)))).not.toHaveLength(0)
  })
})
