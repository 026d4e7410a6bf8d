import type { Clock } from '../model/clock.ts'
import { MemoryRegistry } from './memory-registry.ts'
import type { RegistryState } from './redis-connection.ts'
import { type RedisRegistryOptions, connectRedisRegistry } from './redis-registry.ts'
import type { Registry } from './registry.ts'

export type RegistrySettings =
  { readonly kind: 'memory' } | ({ readonly kind: 'redis' } & Omit<RedisRegistryOptions, 'onStateChange'>)

/** Some 700 bytes each: even a flood of claims stays below 100 MB. */
const MAX_ENTRIES_IN_MEMORY = 100_000

/** Opens the registry that the operator chose. A Redis that is away does not hinder it: `onStateChange` and `ping` tell. */
export async function openRegistry(
  settings: RegistrySettings,
  clock: Clock,
  onStateChange: (state: RegistryState) => void,
): Promise<Registry> {
  if (settings.kind === 'redis') return connectRedisRegistry({ ...settings, onStateChange })
  return new MemoryRegistry({
    clock,
    maxEntries: MAX_ENTRIES_IN_MEMORY,
  })
}
