import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCasesReport } from '../../src/commands/write-cases-report.ts'
import { writeFaults } from '../../src/document/write-faults.ts'
import { checkCases } from '../../src/policy/cases/check-cases.ts'
import { loadCases } from '../../src/policy/cases/load-cases.ts'
import { runCases } from '../../src/policy/cases/run-cases.ts'
import { loadPolicies } from '../../src/policy/load-policies.ts'
import { ROOT } from '../architecture/source-files.ts'

const readme = await readFile(join(ROOT, 'policies/README.md'), 'utf8')
const examples = [...readme.matchAll(/<!-- example: (\S+) -->\n```yaml\n([\s\S]*?)```/g)]

/** A change to policy.yaml of the example: what is replaced by what. */
type Change = readonly [from: string, to: string]

describe('the example of policies/README.md', () => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'harbour-'))
    await cp(join(ROOT, 'policies/rfc7591'), join(folder, 'policies/rfc7591'), { recursive: true })
    for (const [, name = '', text = ''] of examples) {
      await mkdir(dirname(join(folder, 'policies', name)), { recursive: true })
      await writeFile(join(folder, 'policies', name), text)
    }
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** What `test policies` prints of the example, with its policy.yaml changed so. */
  async function print(changes: readonly Change[]): Promise<string> {
    const file = join(folder, 'policies/harbour/policy.yaml')
    const sound = await readFile(file, 'utf8')
    const changed = changes.reduce((text, [from, to]) => {
      expect(text).toContain(from)
      return text.replace(from, to)
    }, sound)
    await writeFile(file, changed)
    const { policies, faults } = await loadPolicies(join(folder, 'policies'))
    const { loaded, faults: caseFaults } = await loadCases(join(folder, 'policies/harbour'))
    await writeFile(file, sound)
    const policy = policies.get('harbour')
    expect(caseFaults).toEqual([])
    if (loaded === null || policy === undefined) return relative(writeFaults(faults, 'not tested'))
    expect(checkCases(policy, loaded)).toEqual([])
    return relative(writeCasesReport(policy, loaded, runCases(policy, loaded.cases)))
  }

  const relative = (text: string): string => text.replaceAll(`${folder}/`, '')

  it.each<[string, readonly Change[]]>([
    ['passes its cases', []],
    ['lets good URIs in with bad ones', [['sets.contains(variables', 'sets.intersects(variables']]],
    [
      'has keys that are wrong',
      [
        ['maxAgeSeconds: 600', 'maxAgeSeconds: ten minutes'],
        ['message: every', 'mesage: every'],
        ['error: invalid_redirect_uri', 'error: Invalid Redirect URI'],
      ],
    ],
    [
      'has expressions that are wrong',
      [
        ['grantedBy: statement.?berths.orValue([])', 'grantedBy: statement.?berths'],
        ['statement.member_id)', 'statement.memberid)'],
        ['requested.?redirect_uris.orValue([]))', 'requested.?redirect_uri.orValue([]))'],
      ],
    ],
    [
      'has words that are none',
      [
        ['chandler: [orders]', 'chandelier: [order]'],
        [
          'default:\n      berth: statement.?berths.orValue([])[?0]',
          'default:\n      berth: \'statement.?berths.orValue(["pilots"])[?0]\'',
        ],
      ],
    ],
  ])('%s, and prints what the README shows', async (_, changes) => {
    const printed = await print(changes)
    expect(readme).toContain(printed.replaceAll(/^(?=.)/gm, '    ').trimEnd())
  })
})
