import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'

describe('the demo of a gateway that grants what it must refuse', () => {
  it('says which step came out otherwise, and ends with 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dcr-lax-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await cp(join(ROOT, 'policies'), folder, { recursive: true })
    const file = join(folder, 'open-finance-brasil/policy.yaml')
    const policy = await readFile(file, 'utf8')
    const lax = policy.replace('  - id: redirect-uris-within-statement\n', (line) => `${line}    mode: report\n`)
    expect(lax).not.toBe(policy)
    await writeFile(file, lax)
    const words = ['--import', 'tsx', 'test/demo/run-demo.ts', '--policies', folder]
    const outcome = await promisify(execFile)(process.execPath, words, { cwd: ROOT, timeout: 60_000 }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (failure: unknown) => failure as { code: number; stdout: string },
    )
    expect(outcome.stdout).toMatch(/\n✖ 7\. .*201/)
    expect(outcome.stdout).toContain('✖ the demo failed')
    expect(outcome.code).toBe(1)
  })
})
