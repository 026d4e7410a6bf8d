import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineFile } from '../../../src/audit/line-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dcr-lines-'))
})
afterAll(() => rm(folder, { recursive: true }))

function errno(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A file of which each write goes as the next of the given steps says: so many bytes, or an error; afterwards as it should. */
function fileWith(name: string, steps: (number | Error)[]): { lines: LineFile; path: string; attempts: () => number } {
  const path = join(folder, name)
  let attempts = 0
  const lines = new LineFile(path, (descriptor, bytes) => {
    attempts += 1
    const step = steps.shift() ?? bytes.length
    if (step instanceof Error) throw step
    return writeSync(descriptor, bytes, 0, Math.min(step, bytes.length))
  })
  return { lines, path, attempts: () => attempts }
}

describe('a file of lines', () => {
  it('can be read by the user of the gateway alone', async () => {
    const { lines, path } = fileWith('mode', [])
    lines.write('a\n')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    lines.close()
  })

  it('keeps what was there before', async () => {
    const path = join(folder, 'before')
    await writeFile(path, 'old\n')
    const lines = new LineFile(path)
    lines.write('new\n')
    expect(await readFile(path, 'utf8')).toBe('old\nnew\n')
    lines.close()
  })

  it('has the whole line, in however small pieces the system takes it', async () => {
    const { lines, path } = fileWith('pieces', [1, 2, 3])
    lines.write('{"é":"ü"}\n')
    expect(await readFile(path, 'utf8')).toBe('{"é":"ü"}\n')
  })

  it('begins a new line after one that broke off, so that the next can be read', async () => {
    const { lines, path } = fileWith('broken', [4, errno('ENOSPC')])
    expect(() => lines.write('{"first":1}\n')).toThrow('ENOSPC')
    lines.write('{"second":2}\n')
    lines.write('{"third":3}\n')
    expect(await readFile(path, 'utf8')).toBe('{"fi\n{"second":2}\n{"third":3}\n')
  })

  it('adds no line after one of which nothing was written', async () => {
    const { lines, path } = fileWith('nothing', [errno('ENOSPC')])
    expect(() => lines.write('first\n')).toThrow('ENOSPC')
    lines.write('second\n')
    expect(await readFile(path, 'utf8')).toBe('second\n')
  })

  it('still begins a new line when the one after the broken one fails as well', async () => {
    const { lines, path } = fileWith('twice', [2, errno('ENOSPC'), errno('ENOSPC')])
    for (const text of ['first\n', 'second\n']) expect(() => lines.write(text)).toThrow('ENOSPC')
    lines.write('third\n')
    expect(await readFile(path, 'utf8')).toBe('fi\nthird\n')
  })

  it('waits for a reader that is slow for a moment', async () => {
    const { lines, path, attempts } = fileWith('slow', [errno('EAGAIN'), 3, errno('EAGAIN'), errno('EAGAIN')])
    lines.write('first\n')
    expect(await readFile(path, 'utf8')).toBe('first\n')
    expect(attempts()).toBe(5)
  })

  it('gives up on a reader that stays away, since every registrant waits meanwhile', () => {
    const { lines, attempts } = fileWith('away', Array<Error>(1000).fill(errno('EAGAIN')))
    expect(() => lines.write('first\n')).toThrow('EAGAIN')
    expect(attempts()).toBe(100)
  })

  it('does not wait after any other failure', () => {
    const { lines, attempts } = fileWith('other', [errno('EIO')])
    expect(() => lines.write('first\n')).toThrow('EIO')
    expect(attempts()).toBe(1)
  })

  it('closes its file, and never the standard output', () => {
    const { lines } = fileWith('closed', [])
    lines.close()
    expect(() => lines.write('late\n')).toThrow('EBADF')
    new LineFile('stdout').close()
    expect(writeSync(1, '')).toBe(0)
  })
})
