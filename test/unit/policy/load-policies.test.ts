import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFaults } from '../../../src/document/write-faults.ts'
import { loadPolicies } from '../../../src/policy/load-policies.ts'
import { loadTexts, policyText } from './policy-fixture.ts'

const BROKEN = join(import.meta.dirname, 'broken')
const broken = await readdir(BROKEN)

/** In each folder of broken/, policies whose name begins so are there to be extended and have no fault. */
const SOUND = 'sound-'

describe('faults of policy files', () => {
  it.each(broken)('are reported as broken/%s/report.txt says', async (name) => {
    const folder = join(BROKEN, name)
    const { faults } = await loadPolicies(join(folder, 'policies'))
    const report = writeFaults(faults, 'nothing loaded').replaceAll(`${folder}/`, '')
    expect(report).toBe(await readFile(join(folder, 'report.txt'), 'utf8'))
  })

  it.each(broken)('leave no usable policy in broken/%s', async (name) => {
    const folder = join(BROKEN, name, 'policies')
    const { policies } = await loadPolicies(folder)
    expect([...policies.keys()]).toEqual((await readdir(folder)).filter((policy) => policy.startsWith(SOUND)))
  })

  it('of a base are reported once, however many extend it', async () => {
    const base = 'members: { a: string }\nrules: [{ id: r, title: t, require: metadata.b == "", message: m }]\n'
    const { policies, faults } = await loadTexts({ base, one: 'extends: [base]', two: 'extends: [base]' })
    expect(faults).toHaveLength(1)
    expect(policies.size).toBe(0)
  })

  it('stand where the mistake is, in blocks of several lines as well', async () => {
    const rule = (require: string): string =>
      `rules:\n  - id: r\n    title: t\n    require: ${require}\n    message: m\n`
    const columnOf = async (require: string): Promise<readonly [number, number] | undefined> => {
      const [fault] = (await loadTexts({ tested: rule(require) })).faults
      return fault === undefined ? undefined : [fault.line, fault.column]
    }
    expect(await columnOf('nobody')).toEqual([9, 14])
    expect(await columnOf('true && nobody')).toEqual([9, 22])
    expect(await columnOf('|-\n      true &&\n      nobody')).toEqual([11, 7])
    expect(await columnOf('>-\n      true &&\n      false ||\n      nobody')).toEqual([12, 7])
  })
})

describe('folders of policies', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policies-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'policy.yaml'), text)
  }

  it('may be links, as in mounted volumes, and hold files and hidden folders that are no policies', async () => {
    await write('..data/bank', policyText('bank', ''))
    await write('.git', 'no policy')
    await symlink(join(folder, '..data', 'bank'), join(folder, 'bank'))
    await writeFile(join(folder, 'README.md'), 'no policy')
    const { policies, faults } = await loadPolicies(folder)
    expect(faults).toEqual([])
    expect([...policies.keys()]).toEqual(['bank'])
  })

  it('must exist', async () => {
    const missing = join(folder, 'missing')
    expect(await loadPolicies(missing)).toEqual({
      policies: new Map(),
      resolved: new Map(),
      names: [],
      faults: [
        { file: missing, line: 0, column: 0, path: '', wanted: 'a folder of policies', found: `nothing at ${missing}` },
      ],
    })
  })

  it.each([
    ['is a policy itself', 'policy.yaml', 'policy.yaml', 'this is a policy itself; name the folder above it'],
    ['holds files only', 'notes.yaml', 'no folder in it', undefined],
    ['holds nothing that counts', '.hidden', 'no folder in it', undefined],
  ])('are refused, and never taken for sound, where the folder %s', async (_, name, found, hint) => {
    await writeFile(join(folder, name), policyText('bank', ''))
    const { policies, faults } = await loadPolicies(folder)
    expect(policies.size).toBe(0)
    expect(faults).toEqual([
      {
        ...{ file: folder, line: 0, column: 0, path: '', wanted: 'a folder with one folder a policy', found },
        ...(hint === undefined ? {} : { hint }),
      },
    ])
  })

  it('are told from files', async () => {
    const file = join(folder, 'policies.yaml')
    await writeFile(file, policyText('bank', ''))
    expect((await loadPolicies(file)).faults).toMatchObject([
      { found: `a file where a folder should be, at or above ${file}` },
    ])
  })

  it('hold no policy.yaml beyond the limit of size', async () => {
    await write('bank', policyText('bank', `# ${'x'.repeat(1_048_576)}\n`))
    const { policies, faults } = await loadPolicies(folder)
    expect(policies.size).toBe(0)
    expect(faults).toMatchObject([{ file: join(folder, 'bank', 'policy.yaml'), wanted: 'at most 1048576 bytes' }])
  })
})
