import { execFileSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { buildGateway } from './build-gateway.ts'
import { HOW_TO_GET_REDIS, findRedisServer, startRedisServer } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A Redis that all test files share: use keys of your own, never flush it. */
    redisUrl: string
  }
}

/** Runs once before all tests; what it returns runs after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildGateway()
  const given = process.env['REDIS_URL'] ?? ''
  if (given !== '') {
    project.provide('redisUrl', given)
    return () => Promise.resolve()
  }
  if (findRedisServer() === null) installRedisServer()
  const server = await startRedisServer()
  project.provide('redisUrl', server.url)
  return server.stop
}

/** For a fresh build container: root on a Debian system. Anywhere else it is for the developer to decide what gets installed. */
function installRedisServer(): void {
  if (process.getuid?.() !== 0 || !run('apt-get', '--version')) throw inOneLine(HOW_TO_GET_REDIS)
  const patiently = ['-o', 'DPkg::Lock::Timeout=120']
  const installed =
    run('apt-get', ...patiently, 'update') &&
    run('apt-get', ...patiently, 'install', '--yes', '--no-install-recommends', 'redis-server')
  // The package may have started its own server; where it did not, this fails and that is as well.
  run('service', 'redis-server', 'stop')
  if (!installed || findRedisServer() === null) throw inOneLine(HOW_TO_GET_REDIS)
}

function run(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    return true
  } catch {
    return false
  }
}

/** An error without a stack: a developer without Redis needs the sentence, not our line numbers. */
function inOneLine(message: string): Error {
  return Object.assign(new Error(message), { stack: '' })
}
