import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'

export const HOW_TO_GET_REDIS =
  'the tests need a real Redis: install redis-server (Debian: apt-get install redis-server) or set REDIS_URL'

export interface RedisServer {
  /** `redis:` or, where TLS was asked for, `rediss:`; without credentials. */
  readonly url: string
  readonly port: number
  /** SIGKILL: the server is gone without having closed anything. */
  readonly kill: () => Promise<void>
  /** SIGTERM, then removes its directory. */
  readonly stop: () => Promise<void>
}

export interface RedisServerOptions {
  /** A free one when absent; for a server that must come back where it was. */
  readonly port?: number
  /** PEM texts; the server then speaks TLS alone and demands a client certificate of that authority. */
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string }
  /** Further settings as on the command line of redis-server. */
  readonly settings?: readonly string[]
  /** Lines of a configuration file; the server is then a sentinel, which writes into it what it finds out. */
  readonly sentinel?: readonly string[]
}

type Child = ChildProcessByStdio<null, Readable, null>

const ATTEMPTS_AT_A_FREE_PORT = 5

/** The path of redis-server, or null when the search path has none. */
export function findRedisServer(): string | null {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'redis-server'))
  return candidates.find(isExecutable) ?? null
}

/** Starts a private server on 127.0.0.1 that keeps nothing on disk, and resolves when it takes connections. */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = findRedisServer()
  if (program === null) throw new Error(HOW_TO_GET_REDIS)
  const folder = await mkdtemp(join(tmpdir(), 'redis-server-'))
  const settings = [...(await tlsSettings(folder, options.tls)), ...(options.settings ?? [])]
  const mode = options.sentinel === undefined ? [] : await sentinelMode(folder, options.sentinel)
  // Between finding a free port and using it somebody else may take it.
  const attempts = options.port === undefined ? ATTEMPTS_AT_A_FREE_PORT : 1
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const port = options.port ?? (await findFreePort())
    const listen = options.tls === undefined ? ['--port', String(port)] : ['--port', '0', '--tls-port', String(port)]
    const child = launch(program, folder, [...mode, ...listen, ...settings])
    if (await becameReady(child)) return handle(child, folder, port, options.tls === undefined ? 'redis' : 'rediss')
  }
  await rm(folder, { recursive: true, force: true })
  throw new Error('redis-server did not start')
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function tlsSettings(folder: string, tls: RedisServerOptions['tls']): Promise<string[]> {
  if (tls === undefined) return []
  const files = [
    ['--tls-ca-cert-file', 'ca.pem', tls.ca],
    ['--tls-cert-file', 'certificate.pem', tls.certificate],
    ['--tls-key-file', 'key.pem', tls.key],
  ] as const
  await Promise.all(files.map(([, name, pem]) => writeFile(join(folder, name), pem, { mode: 0o600 })))
  return files.flatMap(([setting, name]) => [setting, join(folder, name)])
}

async function sentinelMode(folder: string, lines: readonly string[]): Promise<string[]> {
  const file = join(folder, 'sentinel.conf')
  await writeFile(file, lines.map((line) => `${line}\n`).join(''))
  return [file, '--sentinel']
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

function launch(program: string, folder: string, settings: readonly string[]): Child {
  const always = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', '--daemonize', 'no']
  // A configuration file must be the first word.
  const child = spawn(program, [...settings, ...always], { stdio: ['ignore', 'pipe', 'ignore'] })
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  child.once('exit', () => process.removeListener('exit', killWithUs))
  return child
}

/** False when it exited instead. */
async function becameReady(child: Child): Promise<boolean> {
  let log = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve(false))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-2000)
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve(true)
    })
  })
}

function handle(child: Child, folder: string, port: number, scheme: 'redis' | 'rediss'): RedisServer {
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const running = child.exitCode === null && child.signalCode === null
    const exited = running ? once(child, 'exit') : undefined
    child.kill(signal)
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  return { url: `${scheme}://127.0.0.1:${port}`, port, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
