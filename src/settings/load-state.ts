import type { Loading } from './load-certificates.ts'
import { loadRedisTopology } from './load-redis-topology.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { StateSettings } from './settings.ts'

export async function loadState(section: SettingsFile['state'], loading: Loading): Promise<StateSettings | null> {
  if (section.kind === 'memory') return section
  const { keyPrefix, waitForReplicas, commandTimeoutMs, connectTimeoutMs } = section
  const { reservationTtlMs, recovery, recoveryMs, sweepIntervalMs, whenUnavailable } = section
  const topology = await loadRedisTopology(section, loading)
  if (topology === null) return null
  const registrations = { reservationTtlMs, recovery, recoveryMs, sweepIntervalMs, whenUnavailable }
  const connection = { keyPrefix, waitForReplicas, commandTimeoutMs, connectTimeoutMs }
  return { kind: 'redis', topology, ...connection, ...registrations }
}
