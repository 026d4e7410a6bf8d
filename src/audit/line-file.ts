import { closeSync, openSync, writeSync } from 'node:fs'

const STDOUT = 1
/** Only the gateway's user may read who registered what. */
const MODE = 0o600
/** A pipe whose reader is slow is full for moments; a longer pause would hold up every registrant. */
const RETRY_LIMIT = 100
const RETRY_PAUSE_MS = 1

type WriteSync = (descriptor: number, bytes: Buffer) => number

/** A file that lines are appended to whole, or not at all as far as a reader of lines can tell. */
export class LineFile {
  readonly #descriptor: number
  readonly #writeSync: WriteSync
  /** A line that broke off must not run together with the next. */
  #broken = false

  /** Tests put something else in the place of writeSync, since no file fails on demand. */
  constructor(file: string, write: WriteSync = writeSync) {
    this.#writeSync = write
    this.#descriptor = file === 'stdout' ? STDOUT : openSync(file, 'a', MODE)
  }

  /** Returns when the operating system has all of the line; nothing of a failed line is kept for later. @throws ErrnoException */
  write(line: string): void {
    const bytes = Buffer.from(this.#broken ? `\n${line}` : line)
    let written = 0
    try {
      while (written < bytes.length) written += this.#writeSome(bytes.subarray(written))
      this.#broken = false
    } catch (error) {
      this.#broken ||= written > 0
      throw error
    }
  }

  close(): void {
    if (this.#descriptor !== STDOUT) closeSync(this.#descriptor)
  }

  #writeSome(bytes: Buffer): number {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return this.#writeSync(this.#descriptor, bytes)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || attempt === RETRY_LIMIT) throw error
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_PAUSE_MS)
      }
    }
  }
}
