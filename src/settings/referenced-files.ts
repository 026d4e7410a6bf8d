import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { describeMissing } from '../document/describe-missing.ts'
import type { KeyPath } from '../document/key-path.ts'
import { Secret } from '../model/secret.ts'
import type { FaultList } from './fault-list.ts'
import type { SecretReference } from './schema/secret-reference.ts'

const FILE_LIMIT_BYTES = 1_048_576

export type Environment = Readonly<Record<string, string | undefined>>

/** Fetches what the settings refer to; whatever cannot be had is a fault at the key that refers to it, and null. */
export class ReferencedFiles {
  readonly #folder: string
  readonly #environment: Environment
  readonly #faults: FaultList
  /** Every file that was asked for, absolute; a change of one may change the settings. */
  readonly asked = new Set<string>()

  constructor(folder: string, environment: Environment, faults: FaultList) {
    this.#folder = folder
    this.#environment = environment
    this.#faults = faults
  }

  /** Relative paths start at the folder of the settings file, wherever the process was started. */
  absolute(path: string): string {
    return resolve(this.#folder, path)
  }

  async findFolder(at: KeyPath, path: string): Promise<string | null> {
    const folder = this.absolute(path)
    const found = await stat(folder).catch(asError)
    if (!(found instanceof Error) && found.isDirectory()) return folder
    return this.#missing(at, 'a folder', folder, found instanceof Error ? found : null)
  }

  /** A file to append to, which may have to be made first; nothing is made here. */
  async findAppendable(at: KeyPath, path: string): Promise<string | null> {
    const file = this.absolute(path)
    const folder = dirname(file)
    const parent = await stat(folder).catch(asError)
    if (parent instanceof Error || !parent.isDirectory())
      return this.#missing(at, 'a file in a folder that exists', folder, parent instanceof Error ? parent : null)
    const found = await stat(file).catch(asError)
    const exists = !(found instanceof Error)
    if (exists && found.isDirectory()) return this.#missing(at, 'a file', file, null)
    // Rights are asked of the file where there is one: a log may be handed to the gateway in a folder that is not its own.
    const denied = await access(
      exists ? file : folder,
      exists ? constants.W_OK : constants.W_OK | constants.X_OK,
    ).catch(asError)
    if (!(denied instanceof Error)) return file
    this.#faults.add(
      at,
      'a file that the gateway may write',
      `${denied.code ?? 'an error'} at ${exists ? file : folder}`,
    )
    return null
  }

  async readBytes(at: KeyPath, path: string, limitBytes = FILE_LIMIT_BYTES): Promise<Buffer | null> {
    const file = this.absolute(path)
    this.asked.add(file)
    try {
      const found = await stat(file)
      if (!found.isFile()) return this.#missing(at, 'a file', file, null)
      if (found.size <= limitBytes) return await readFile(file)
      this.#faults.add(at, `a file of at most ${limitBytes} bytes`, `${found.size} bytes in ${file}`)
      return null
    } catch (error) {
      return this.#missing(at, 'a file', file, asError(error))
    }
  }

  async readText(at: KeyPath, path: string): Promise<string | null> {
    const bytes = await this.readBytes(at, path)
    const text = bytes === null ? null : decodeUtf8(bytes)
    if (bytes !== null && text === null)
      this.#faults.add(at, 'a text file in UTF-8', `other bytes in ${this.absolute(path)}`)
    return text
  }

  /** One line of text: a secret goes into headers and passphrases, and a second line means that the wrong file was named. */
  async readSecret(at: KeyPath, { env, file }: SecretReference): Promise<Secret | null> {
    const key = [...at, env === undefined ? 'file' : 'env']
    const holder = env ?? this.absolute(file ?? '')
    const text = env === undefined ? await this.readText(key, file ?? '') : (this.#environment[env] ?? null)
    const value = text?.replace(/\r?\n$/, '') ?? ''
    if (value !== '' && !/\p{Cc}/u.test(value)) return new Secret(value)
    if (value !== '') this.#faults.add(key, 'one line of text', `several lines or control characters in ${holder}`)
    else if (text !== null) this.#faults.add(key, 'a value', `nothing in ${holder}`)
    else if (env !== undefined) this.#faults.add(key, 'a variable that is set', `${env}, which is not`)
    return null
  }

  #missing(at: KeyPath, wanted: string, path: string, error: NodeJS.ErrnoException | null): null {
    this.#faults.add(at, wanted, error === null ? `something else at ${path}` : describeMissing(error, path))
    return null
  }
}

export function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error))
}
