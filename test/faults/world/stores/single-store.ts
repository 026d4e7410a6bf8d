import { launchRedis } from './redis-node.ts'
import type { Store, StoreOptions } from './store.ts'

export function singleStore({ folder, killable }: StoreOptions, port: number): Store {
  const redis = killable('Redis', () => launchRedis(folder, port))
  return {
    port,
    place: (relayPort) => ({
      state: { url: { env: 'DCR_REDIS_URL' } },
      environment: { DCR_REDIS_URL: `redis://127.0.0.1:${relayPort}` },
    }),
    start: () => redis.start(),
    kill: (downMs) => void redis.kill(downMs),
    whenUp: () => redis.whenUp(),
    stop: () => redis.stop(),
  }
}
