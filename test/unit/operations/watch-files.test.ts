import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchFiles, type FileWatch } from '../../../src/operations/watch-files.ts'

let folder: string
let watch: FileWatch | null = null
let changes = 0

const POLL_INTERVAL_MS = 20

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
  changes = 0
})

afterEach(async () => {
  watch?.stop()
  await rm(folder, { recursive: true })
})

const at = (...parts: string[]): string => join(folder, ...parts)

async function start(...paths: string[]): Promise<void> {
  watch = await watchFiles({
    paths: paths.map((path) => at(path)),
    pollIntervalMs: POLL_INTERVAL_MS,
    onChange: () => {
      changes += 1
      return Promise.resolve()
    },
  })
}

async function sees(count: number): Promise<void> {
  await expect.poll(() => changes, { timeout: 5000, interval: 5 }).toBe(count)
}

async function pause(polls: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, polls * POLL_INTERVAL_MS))
}

describe('a watch', () => {
  it('sees a file written, one added deep in a folder, and one removed, each once', async () => {
    await mkdir(at('trust/roots'), { recursive: true })
    await writeFile(at('server.pem'), 'one')
    await start('server.pem', 'trust')
    await writeFile(at('server.pem'), 'two and longer')
    await sees(1)
    await writeFile(at('trust/roots/root.pem'), 'root')
    await sees(2)
    await rm(at('trust/roots/root.pem'))
    await sees(3)
    await pause(5)
    expect(changes).toBe(3)
  })

  it('sees a symbolic link that is swapped, as Kubernetes renews a mount', async () => {
    for (const [version, text] of [
      ['v1', 'same size'],
      ['v2', 'size same'],
    ] as const) {
      await mkdir(at(version))
      await writeFile(at(version, 'root.pem'), text)
    }
    await symlink('v1', at('..data'))
    await symlink('..data/root.pem', at('root.pem'))
    await start('root.pem')
    await symlink('v2', at('..data_tmp'))
    await rename(at('..data_tmp'), at('..data'))
    await sees(1)
  })

  it('waits until a change has come to rest', async () => {
    await writeFile(at('big.pem'), '')
    await start('big.pem')
    for (let size = 1; size <= 10; size += 1) {
      await writeFile(at('big.pem'), 'x'.repeat(size))
      await pause(0.5)
    }
    await sees(1)
    await pause(5)
    expect(changes).toBe(1)
  })

  it('is quiet while nothing changes, and once it is stopped', async () => {
    await writeFile(at('a.pem'), 'one')
    await start('a.pem', 'missing.pem')
    await pause(5)
    watch?.stop()
    await writeFile(at('a.pem'), 'two and longer')
    await pause(5)
    expect(changes).toBe(0)
  })
})
