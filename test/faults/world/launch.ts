import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'

export interface Program {
  readonly command: string
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Everything it writes is appended there. */
  readonly logFile: string
  /** It serves once it has written this. */
  readonly readyWhen: string
}

/** Starts a program and resolves when it says that it is ready. @throws when it ends before, with the end of what it wrote */
export async function launch({ command, words, environment, logFile, readyWhen }: Program): Promise<ChildProcess> {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const log = createWriteStream(logFile, { flags: 'a' })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      log.write(text)
      said = (said + text).slice(-4_000)
      if (said.includes(readyWhen)) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('error', reject)
    child.once('close', () => void log.end())
    child.once('exit', () => reject(new Error(`${command} did not start:\n${said}`)))
  })
  return child
}
