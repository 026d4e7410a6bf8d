import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeMissing } from '../../../src/document/describe-missing.ts'

const HERE = import.meta.dirname

describe('describeMissing', () => {
  it.each<[string, string, (path: string) => Promise<unknown>, string]>([
    ['what is not there', join(HERE, 'nobody.yaml'), readFile, 'nothing at'],
    [
      'a file that was wanted as a folder',
      import.meta.filename,
      readdir,
      'a file where a folder should be, at or above',
    ],
    ['a folder that was wanted as a file', HERE, readFile, 'a folder at'],
  ])('names %s in words', async (_, path, read, words) => {
    const failure: unknown = await read(path).catch((error: unknown) => error)
    expect(describeMissing(failure, path)).toBe(`${words} ${path}`)
  })

  it('names a missing permission, and anything else by the code it has', () => {
    expect(describeMissing({ code: 'EACCES' }, 'x')).toBe('no permission to read x')
    expect(describeMissing({ code: 'EMFILE' }, 'x')).toBe('EMFILE at x')
    expect(describeMissing(new Error('boom'), 'x')).toBe('an error at x')
  })
})
