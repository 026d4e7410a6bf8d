import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCasesReport } from '../../src/commands/write-cases-report.ts'
import { writeFaults } from '../../src/document/write-faults.ts'
import { testPolicies } from '../../src/policy/cases/test-policies.ts'
import { ROOT } from '../architecture/source-files.ts'

const readme = await readFile(join(ROOT, 'policies/README.md'), 'utf8')
const examples = [...readme.matchAll(/<!-- example: (\S+) -->\n```yaml\n([\s\S]*?)```/g)]

/** A change to a file of the example, to policy.yaml where none is named: what is replaced by what. */
type Change = readonly [from: string, to: string, file?: 'cases.yaml']

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

  /** What `test policies` prints of the example, with its files changed so. */
  async function print(changes: readonly Change[]): Promise<string> {
    const [mendPolicy, mendCases] = [await change('policy.yaml', changes), await change('cases.yaml', changes)]
    const { tested, faults } = await testPolicies(join(folder, 'policies'), 'harbour')
    await mendPolicy()
    await mendCases()
    if (faults.length > 0) return relative(writeFaults(faults, 'not tested'))
    return relative(tested.map(({ policy, cases, report }) => writeCasesReport(policy, cases, report)).join(''))
  }

  /** Gives what undoes it. */
  async function change(name: 'policy.yaml' | 'cases.yaml', changes: readonly Change[]): Promise<() => Promise<void>> {
    const file = join(folder, 'policies/harbour', name)
    const sound = await readFile(file, 'utf8')
    const changed = changes
      .filter(([, , changedFile = 'policy.yaml']) => changedFile === name)
      .reduce((text, [from, to]) => {
        expect(text).toContain(from)
        return text.replace(from, to)
      }, sound)
    await writeFile(file, changed)
    return () => writeFile(file, sound)
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
    [
      'has cases that name what is not there',
      [
        ['berths: [pilot]\n  metadata', 'berth: [pilot]\n  metadata', 'cases.yaml'],
        [
          'CN=app.example,organizationIdentifier=HARBOUR-m-18,C=NL',
          'CN=app.example,organisation=HARBOUR-m-18',
          'cases.yaml',
        ],
        ['rules: [redirect-uris-approved]', 'rules: [redirect-uri-approved]', 'cases.yaml'],
      ],
    ],
  ])('%s, and prints what the README shows', async (_, changes) => {
    const printed = await print(changes)
    expect(readme).toContain(printed.replaceAll(/^(?=.)/gm, '    ').trimEnd())
  })
})
