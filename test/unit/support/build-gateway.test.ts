import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildGateway } from '../../support/build-gateway.ts'

/** A project whose files are as old as the given minutes; a missing age is a missing file. */
async function builds(ages: Readonly<Record<string, number>>): Promise<boolean> {
  const root = await mkdtemp(join(tmpdir(), 'build-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const ageAll = { 'package.json': 60, 'tsconfig.json': 60, ...ages }
  for (const folder of ['dist', 'src/stage']) await mkdir(join(root, folder), { recursive: true })
  for (const name of Object.keys(ageAll)) if (!name.endsWith('/')) await writeFile(join(root, name), '')
  for (const [name, minutes] of [['src/', 60], ['src/stage/', 60], ...Object.entries(ageAll)] as [string, number][]) {
    const time = Date.now() / 1000 - minutes * 60
    await utimes(join(root, name), time, time)
  }
  let built = false
  buildGateway(root, () => (built = true))
  return built
}

describe('the build before the tests', () => {
  it.each<[string, Readonly<Record<string, number>>, boolean]>([
    ['is left out when nothing changed since the last one', { 'src/stage/a.ts': 10, 'dist/main.js': 5 }, false],
    ['is made when a file is newer', { 'src/stage/a.ts': 4, 'dist/main.js': 5 }, true],
    ['is made when a file was removed', { 'src/stage/': 4, 'src/stage/a.ts': 10, 'dist/main.js': 5 }, true],
    ['is made when the compiler was told otherwise', { 'tsconfig.json': 4, 'dist/main.js': 5 }, true],
    ['is made when there is none', { 'src/stage/a.ts': 10 }, true],
  ])('%s', async (_, ages, expected) => {
    expect(await builds(ages)).toBe(expected)
  })
})
