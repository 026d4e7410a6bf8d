import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installTrustFolder } from '../../../../src/certificate/trusted-list/install-trust-folder.ts'
import type { ImportPlan } from '../../../../src/certificate/trusted-list/import-trusted-list.ts'
import { readImportSources } from '../../../../src/certificate/trusted-list/read-import-sources.ts'
import { loadTrustFolder } from '../../../../src/certificate/trust/load-trust-folder.ts'
import type { FolderState } from '../../../../src/certificate/trusted-list/check-folder.ts'
import { mintScene, NOW, planOf, type Scene } from './list-fixture.ts'

let scene: Scene
let plan: ImportPlan
let parent: string
let folder: string

beforeAll(async () => {
  scene = await mintScene()
  plan = planOf(scene.list, { pem: scene.operator.pem })
})

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'import-'))
  folder = join(parent, 'trust/eu-be')
})

afterEach(async () => {
  await rm(parent, { recursive: true })
})

async function stateOf(): Promise<FolderState | string> {
  await writeFile(join(parent, 'x'), '')
  const sources = await readImportSources(join(parent, 'x'), join(parent, 'x'), folder)
  return 'folder' in sources ? sources.folder.state : 'faults'
}

describe('installTrustFolder', () => {
  it('writes a folder that the gateway loads, readable for everybody and without a trace beside it', async () => {
    expect(await installTrustFolder(folder, plan)).toEqual([])
    const { trust, faults } = await loadTrustFolder('eu-be', folder, NOW)
    expect(faults).toEqual([])
    expect([...(trust?.held.values() ?? [])].map(({ der }) => der)).toEqual([scene.issuing.der])
    expect(await readdir(join(parent, 'trust'))).toEqual(['eu-be'])
    const [name = ''] = await readdir(join(folder, 'roots'))
    const modes = await Promise.all(['.', 'roots', `roots/${name}`].map((path) => stat(join(folder, path))))
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o755, 0o755, 0o644])
  })

  it('replaces the roots of an earlier import and keeps what else lies in the folder', async () => {
    await installTrustFolder(folder, { ...plan, files: [{ name: 'gone.pem', text: 'x' }] })
    await mkdir(join(folder, 'intermediates'))
    await writeFile(join(folder, 'intermediates/own.pem'), scene.issuing.pem)
    await symlink('somewhere', join(folder, 'trust.yaml'))
    await installTrustFolder(folder, plan)
    expect((await readdir(folder)).sort()).toEqual(['imported.json', 'intermediates', 'roots', 'trust.yaml'])
    expect(await readdir(join(folder, 'roots'))).toEqual(plan.files.map(({ name }) => name))
    expect(await readFile(join(folder, 'intermediates/own.pem'), 'utf8')).toBe(scene.issuing.pem)
    expect(await readFile(join(folder, 'imported.json'), 'utf8')).toBe(plan.record)
  })

  it('leaves the earlier folder as it was when something cannot be written', async () => {
    await installTrustFolder(folder, plan)
    const twice = [...plan.files, ...plan.files]
    expect(await installTrustFolder(folder, { ...plan, files: twice })).toEqual([
      { file: folder, line: 0, column: 0, path: '', wanted: 'a folder that can be written', found: 'EEXIST' },
    ])
    expect(await readdir(join(parent, 'trust'))).toEqual(['eu-be'])
    expect(await readdir(join(folder, 'roots'))).toHaveLength(1)
    await writeFile(join(parent, 'file'), '')
    expect(await installTrustFolder(join(parent, 'file/deep/eu'), plan)).toMatchObject([{ found: 'ENOTDIR' }])
  })
})

describe('readImportSources', () => {
  it('knows an imported folder again, with what was put into it since', async () => {
    await installTrustFolder(folder, plan)
    await writeFile(join(folder, 'roots/own.pem'), scene.issuing.pem)
    expect(await stateOf()).toMatchObject({
      kind: 'imported',
      record: { territory: 'BE', sequenceNumber: 7, files: plan.files.map(({ name }) => name) },
      files: expect.arrayContaining(['own.pem']) as unknown,
    })
    await rm(join(folder, 'roots'), { recursive: true })
    expect(await stateOf()).toMatchObject({ kind: 'imported', files: [] })
  })

  it('takes no other folder for one that may be replaced', async () => {
    expect(await stateOf()).toEqual({ kind: 'absent' })
    await mkdir(folder, { recursive: true })
    expect(await stateOf()).toEqual({ kind: 'absent' })
    await mkdir(join(folder, 'roots'))
    expect(await stateOf()).toEqual({ kind: 'foreign', found: 'one without imported.json' })
    await writeFile(join(folder, 'imported.json'), '{}')
    expect(await stateOf()).toEqual({ kind: 'foreign', found: 'one whose imported.json no import wrote' })
    await symlink(folder, join(parent, 'link'))
    folder = join(parent, 'link')
    expect(await stateOf()).toEqual({ kind: 'foreign', found: 'a symbolic link' })
    folder = join(parent, 'x')
    expect(await stateOf()).toEqual({ kind: 'foreign', found: 'ENOTDIR' })
  })

  it('tells of all files that cannot be read or are too large, without reading them', async () => {
    await writeFile(join(parent, 'list'), Buffer.alloc(10_485_761))
    expect(await readImportSources(join(parent, 'list'), join(parent, 'none.pem'), folder)).toMatchObject([
      { file: join(parent, 'list'), wanted: 'at most 10485760 bytes', found: '10485761 bytes' },
      { file: join(parent, 'none.pem'), wanted: 'a readable file', found: 'ENOENT' },
    ])
    expect(await readImportSources('/dev/zero', parent, folder)).toMatchObject([
      { file: '/dev/zero', wanted: 'a file', found: 'something else' },
      { file: parent, wanted: 'a file', found: 'something else' },
    ])
  })
})
