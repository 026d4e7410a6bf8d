import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findRedisServer, HOW_TO_GET_REDIS } from '../../../support/redis-server.ts'
import { launch } from '../launch.ts'

/** What it acknowledged is on the disk: losing it would be the fault of Redis, not of the gateway. */
export async function launchRedis(
  folder: string,
  port: number,
  settings: readonly string[] = [],
): ReturnType<typeof launch> {
  const command = findRedisServer()
  if (command === null) throw new Error(HOW_TO_GET_REDIS)
  const home = join(folder, `redis-${port}`)
  await mkdir(home, { recursive: true })
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const words = ['--bind', '127.0.0.1', '--port', String(port), '--dir', home, ...durable, ...settings]
  return launch({
    command,
    words,
    logFile: join(folder, `redis-${port}.log`),
    readyWhen: 'Ready to accept connections',
  })
}
