import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { answerFileName, HEADER_LIMIT_BYTES } from './answer-file.ts'
import type { AnswerFolder, StoredAnswer } from './answer-folder.ts'
import { errorCode, KEPT_NAME, printableName, readKeptFile } from './read-kept-file.ts'
import type { FileProblem, RevocationEvent } from './revocation-event.ts'
import type { FolderLimits } from './revocation-folder.ts'

/**
 * The answers that a gateway keeps on disk, for another process to look at while that gateway runs: nothing is made, changed or removed,
 * whatever is found.
 */
export class ReadOnlyFolder implements AnswerFolder {
  readonly #folder: string
  readonly #limits: FolderLimits
  readonly #onEvent: (event: RevocationEvent) => void

  constructor(folder: string, limits: FolderLimits, onEvent: (event: RevocationEvent) => void) {
    this.#folder = folder
    this.#limits = limits
    this.#onEvent = onEvent
  }

  async load(): Promise<readonly StoredAnswer[]> {
    const names = (await this.#attempt(() => readdir(this.#folder))) ?? []
    const answers: StoredAnswer[] = []
    let bytesLeft = this.#limits.maxBytes
    for (const name of names.filter((one) => KEPT_NAME.test(one)).slice(0, this.#limits.maxFiles)) {
      const answer = await this.#read(name, bytesLeft)
      if (answer === null) continue
      bytesLeft -= answer.der.length
      answers.push(answer)
    }
    return answers.sort((one, other) => one.acceptedAt.getTime() - other.acceptedAt.getTime())
  }

  save(): void {
    // Whoever only looks keeps nothing.
  }

  remove(source: StoredAnswer['source'], key: string, problem: FileProblem): void {
    // What is of no use is told, and left for the gateway to remove.
    this.#ignore(answerFileName(source, key), problem)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async #read(name: string, bytesLeft: number): Promise<StoredAnswer | null> {
    const facts = await this.#attempt(() => lstat(join(this.#folder, name)))
    if (facts === null) return null
    if (!facts.isFile()) return this.#ignore(name, 'not-a-file')
    if (facts.size > HEADER_LIMIT_BYTES + Math.min(this.#limits.sizeLimitBytes, bytesLeft))
      return this.#ignore(name, 'too-large')
    const answer = await this.#attempt(() => readKeptFile(this.#folder, name, facts.size))
    return typeof answer === 'string' ? this.#ignore(name, answer) : answer
  }

  #ignore(name: string, problem: FileProblem): null {
    this.#onEvent({ kind: 'revocation-file-ignored', file: printableName(name), problem })
    return null
  }

  /** Null when it failed. What is not there was removed by the gateway in the meantime, or nothing was ever kept. */
  async #attempt<Result>(task: () => Promise<Result>): Promise<Result | null> {
    try {
      return await task()
    } catch (error) {
      const code = errorCode(error)
      if (code !== 'ENOENT') this.#onEvent({ kind: 'revocation-folder-failed', action: 'read', code })
      return null
    }
  }
}
