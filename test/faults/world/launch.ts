import { spawn, type ChildProcess } from 'node:child_process'

export interface Program {
  readonly command: string
  readonly words: readonly string[]
  /** It serves once it has written this. */
  readonly readyWhen: string
}

/** Starts a program and resolves when it says that it is ready. @throws when it ends before, with the end of what it wrote */
export async function launch({ command, words, readyWhen }: Program): Promise<ChildProcess> {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      said = (said + text).slice(-4_000)
      if (said.includes(readyWhen)) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${command} did not start:\n${said}`)))
  })
  return child
}
