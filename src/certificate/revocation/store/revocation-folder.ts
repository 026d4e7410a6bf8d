import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { answerFileName, HEADER_LIMIT_BYTES, writeAnswerFile } from './answer-file.ts'
import type { AnswerFolder, StoredAnswer } from './answer-folder.ts'
import { BoundedEntries } from '../../../egress/bounded-entries.ts'
import { errorCode, KEPT_NAME, printableName, readKeptFile } from './read-kept-file.ts'
import type { FileProblem, FolderAction, RevocationEvent } from './revocation-event.ts'
import type { RevocationSource } from '../revocation-status.ts'
import { TEMPORARY_NAME, writeFileAtomically } from './write-file-atomically.ts'

export interface FolderLimits {
  readonly maxFiles: number
  /** Of all files together. */
  readonly maxBytes: number
  /** Of the signed bytes of one. */
  readonly sizeLimitBytes: number
}

export const DEFAULT_FOLDER_LIMITS: FolderLimits = {
  maxFiles: 10_000,
  maxBytes: 134_217_728,
  sizeLimitBytes: 16_777_216,
}

const FOLDER_MODE = 0o700
/** Another process may be writing it right now; after so long nobody is. */
const ABANDONED_AFTER_MS = 3_600_000

interface Candidate {
  readonly name: string
  readonly bytes: number
  readonly modifiedMs: number
}

/** Answers on disk, one file each, bounded in number and size, the oldest removed first. */
export class RevocationFolder implements AnswerFolder {
  readonly #folder: string
  readonly #limits: FolderLimits
  readonly #onEvent: (event: RevocationEvent) => void
  /** Bytes by name, the oldest first. */
  readonly #files = new Map<string, number>()
  #totalBytes = 0
  /** The latest by name; bounded, for a disk may hang. */
  readonly #unsaved: BoundedEntries<StoredAnswer>
  #work: Promise<unknown> = Promise.resolve()

  constructor(folder: string, limits: FolderLimits, onEvent: (event: RevocationEvent) => void) {
    this.#folder = folder
    this.#limits = limits
    this.#onEvent = onEvent
    this.#unsaved = new BoundedEntries({ maxEntries: limits.maxFiles, maxBytes: limits.maxBytes })
  }

  async load(now: Date): Promise<readonly StoredAnswer[]> {
    const names = await this.#list()
    const candidates: Candidate[] = []
    for (const name of names) {
      const candidate = await this.#inspect(name, now)
      if (candidate !== null) candidates.push(candidate)
    }
    for (const { name, bytes } of candidates.sort((one, other) => one.modifiedMs - other.modifiedMs))
      this.#count(name, bytes)
    await this.#makeRoom()
    const answers: StoredAnswer[] = []
    for (const name of [...this.#files.keys()]) {
      const answer = await this.#read(name)
      if (answer !== null) answers.push(answer)
    }
    return answers
  }

  save(answer: StoredAnswer): void {
    const name = answerFileName(answer.source, answer.key)
    this.#unsaved.set(name, answer, answer.der.length)
    this.#enqueue(() => this.#saveLatest(name))
  }

  remove(source: RevocationSource, key: string, problem: FileProblem): void {
    this.#enqueue(() => this.#discard(answerFileName(source, key), problem))
  }

  async close(): Promise<void> {
    await this.#work
  }

  async #list(): Promise<readonly string[]> {
    const made = await this.#attempt('open', () => mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE }))
    if (made === null) return []
    return (await this.#attempt('read', () => readdir(this.#folder))) ?? []
  }

  /** Null for what is not read. */
  async #inspect(name: string, now: Date): Promise<Candidate | null> {
    const isTemporary = TEMPORARY_NAME.test(name)
    if (!isTemporary && !KEPT_NAME.test(name)) return this.#ignore(name, 'foreign')
    const facts = await this.#attempt('read', () => lstat(join(this.#folder, name)))
    if (facts === null) return null
    if (!facts.isFile()) return this.#ignore(name, 'not-a-file')
    if (isTemporary) {
      if (now.getTime() - facts.mtimeMs > ABANDONED_AFTER_MS) await this.#delete(name)
      return null
    }
    if (facts.size > HEADER_LIMIT_BYTES + this.#limits.sizeLimitBytes) return this.#discard(name, 'too-large')
    return { name, bytes: facts.size, modifiedMs: facts.mtimeMs }
  }

  async #read(name: string): Promise<StoredAnswer | null> {
    const answer = await this.#attempt('read', () => readKeptFile(this.#folder, name, this.#files.get(name) ?? 0))
    return typeof answer === 'string' ? this.#discard(name, answer) : answer
  }

  /** One thing after the other: a file is never written and removed at once. */
  #enqueue(task: () => Promise<unknown>): void {
    this.#work = this.#work.then(task)
  }

  async #saveLatest(name: string): Promise<void> {
    const answer = this.#unsaved.peek(name)
    // Written already, together with one that came earlier.
    if (answer === undefined) return
    this.#unsaved.delete(name)
    const content = writeAnswerFile(answer)
    if (content.length > this.#limits.maxBytes || answer.der.length > this.#limits.sizeLimitBytes) return
    const write = (): Promise<true> => writeFileAtomically(this.#folder, name, content).then(() => true)
    if ((await this.#attempt('write', write)) === null) return
    this.#count(name, content.length)
    await this.#makeRoom()
  }

  async #makeRoom(): Promise<void> {
    for (const oldest of [...this.#files.keys()]) {
      if (this.#files.size <= this.#limits.maxFiles && this.#totalBytes <= this.#limits.maxBytes) return
      await this.#delete(oldest)
    }
  }

  async #discard(name: string, problem: FileProblem): Promise<null> {
    await this.#delete(name)
    return this.#ignore(name, problem)
  }

  async #delete(name: string): Promise<void> {
    this.#uncount(name)
    await this.#attempt('remove', () => rm(join(this.#folder, name), { force: true }))
  }

  #ignore(name: string, problem: FileProblem): null {
    this.#onEvent({ kind: 'revocation-file-ignored', file: printableName(name), problem })
    return null
  }

  #count(name: string, bytes: number): void {
    this.#uncount(name)
    this.#files.set(name, bytes)
    this.#totalBytes += bytes
  }

  #uncount(name: string): void {
    this.#totalBytes -= this.#files.get(name) ?? 0
    this.#files.delete(name)
  }

  /** Null when it failed: a disk that is full or read-only costs the next start its memory, and nothing now. */
  async #attempt<Result>(action: FolderAction, task: () => Promise<Result>): Promise<Result | null> {
    try {
      return await task()
    } catch (error) {
      this.#onEvent({ kind: 'revocation-folder-failed', action, code: errorCode(error) })
      return null
    }
  }
}
