import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { answerFileName, readAnswerFile } from './answer-file.ts'
import type { StoredAnswer } from './answer-folder.ts'

/** What files of answers are called; whatever bears another name is not ours. */
export const KEPT_NAME = /^[0-9a-f]{64}\.answer$/

/** The answer in one file, or what is wrong with that; `bytes` is its size when it was looked at. @throws ErrnoException */
export async function readKeptFile(
  folder: string,
  name: string,
  bytes: number,
): Promise<StoredAnswer | 'damaged' | 'misnamed'> {
  const answer = readAnswerFile(await readWhole(join(folder, name), bytes))
  if (answer === null) return 'damaged'
  return answerFileName(answer.source, answer.key) === name ? answer : 'misnamed'
}

/** The name may be anybody's, and nothing unescaped is to reach a log. */
export function printableName(name: string): string {
  return name.slice(0, 100).replace(/[^\w.-]/g, '?')
}

export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown'
}

/** Neither follows a link nor reads more than was there when it was looked at. @throws ErrnoException */
async function readWhole(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
