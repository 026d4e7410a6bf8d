import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve as resolvePath } from 'node:path'
import { createInterface } from 'node:readline'

const MAIN = join(resolvePath(import.meta.dirname, '../..'), 'dist/main.js')

/** The gateway as an operator runs it: `dcr-gateway serve --config ...` in a process of its own. */
export interface GatewayProcess {
  readonly process: ChildProcess
  readonly port: number
  readonly operationsPort: number
  /** Lines of standard error so far. */
  readonly log: readonly string[]
  readonly stop: () => Promise<number | null>
}

/** Starts the built gateway and waits until it says that it listens. @throws when it ends before, with all it wrote to standard error */
export async function startGatewayProcess(
  configFile: string,
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', configFile], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const log: string[] = []
  const started = await readStart(child, log)
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
    return child.exitCode
  }
  return { process: child, ...started, log, stop }
}

function readStart(child: ChildProcess, log: string[]): Promise<{ port: number; operationsPort: number }> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the gateway did not start:\n${log.join('\n')}`)))
    if (child.stderr === null) throw new Error('the gateway has no standard error')
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      const entry = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {}
      if (entry['event'] === 'started')
        resolve({ port: Number(entry['port']), operationsPort: Number(entry['operationsPort']) })
    })
  })
}
