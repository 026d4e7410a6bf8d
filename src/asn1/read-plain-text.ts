import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { readString } from './read-string.ts'

/** NUL and line ends have cut names short in other readers, formatting characters make one text look like another. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Text of any string type, not empty, of characters that can be seen. @throws DerSyntaxError */
export function readPlainText(node: DerNode | undefined, what: string, limitCharacters: number): string {
  if (node === undefined) throw new DerSyntaxError(`${what} is missing`)
  const text = readString(node)
  if (text === null) throw new DerSyntaxError(`${what} is no text`)
  if (text === '') throw new DerSyntaxError(`${what} is empty`)
  if (Array.from(text).length > limitCharacters)
    throw new DerSyntaxError(`${what} has more than ${limitCharacters} characters`)
  if (HIDDEN.test(text)) throw new DerSyntaxError(`${what} holds control or formatting characters`)
  return text
}
