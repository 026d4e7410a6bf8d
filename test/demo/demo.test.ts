import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'

/** Ports and client ids differ from run to run; nothing else may. */
const mask = (text: string): string =>
  text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replace(/(?<=register\/|client_id: ")[\w-]{43}/g, '…')
    .trim()

describe('the demo', () => {
  it('plays all its steps and prints what the README shows', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/demo/run-demo.ts'], {
      cwd: ROOT,
      timeout: 60_000,
    })
    expect(stdout).toContain('✔ all 10 answers are as they should be')
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const blocks = /<!-- demo -->([\s\S]*?)<!-- \/demo -->/.exec(readme)?.[1] ?? ''
    const [excerpt = '', whole = ''] = [...blocks.matchAll(/```\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')
    expect(mask(stdout)).toBe(mask(whole))
    const steps = mask(excerpt).split(/\n\n(?=\d+\. )/)
    expect(steps).toHaveLength(2)
    for (const step of steps) expect(mask(stdout)).toContain(step)
  })
})
