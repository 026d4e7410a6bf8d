import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface WatchOptions {
  /** Files and folders, with everything below them. */
  readonly paths: readonly string[]
  readonly pollIntervalMs: number
  /** Called once a change has come to rest: two looks in a row that are alike, and unlike what was there before. */
  readonly onChange: () => Promise<void>
}

export interface FileWatch {
  readonly stop: () => void
}

const ENTRY_LIMIT = 10_000
const DEPTH_LIMIT = 8

/**
 * Looks at files again and again instead of asking the kernel to be told: that sees symbolic links that are swapped (how Kubernetes renews
 * mounts), files replaced by a rename, and network file systems alike.
 */
export async function watchFiles({ paths, pollIntervalMs, onChange }: WatchOptions): Promise<FileWatch> {
  let settled = await describeFiles(paths)
  let last = settled
  let looking = false
  const look = async (): Promise<void> => {
    const seen = await describeFiles(paths)
    const atRest = seen === last
    last = seen
    if (!atRest || seen === settled) return
    settled = seen
    await onChange()
  }
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => (looking = false))
  }, pollIntervalMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** One text that changes when anything in the files may have changed; links are followed, so their targets count. */
async function describeFiles(paths: readonly string[]): Promise<string> {
  const budget = { entries: ENTRY_LIMIT }
  const lines: string[] = []
  for (const path of paths) lines.push(...(await describeEntry(path, DEPTH_LIMIT, budget)))
  return lines.join('\n')
}

async function describeEntry(path: string, depth: number, budget: { entries: number }): Promise<readonly string[]> {
  budget.entries -= 1
  const found = await stat(path, { bigint: true }).catch(() => null)
  if (found === null) return [`${path} missing`]
  const line = `${path} ${found.dev}:${found.ino} ${found.size} ${found.mtimeNs}`
  if (!found.isDirectory() || depth === 0 || budget.entries <= 0) return [line]
  const names = await readdir(path).catch(() => [])
  const lines = [line]
  for (const name of names.sort()) lines.push(...(await describeEntry(join(path, name), depth - 1, budget)))
  return lines
}
