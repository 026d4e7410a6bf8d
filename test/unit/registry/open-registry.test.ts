import { expect, inject, it } from 'vitest'
import type { RegistryState } from '../../../src/registry/redis-connection.ts'
import { openRegistry } from '../../../src/registry/open-registry.ts'
import { advancingClock } from './advancing-clock.ts'
import { singleAt } from './redis-fixture.ts'

it('opens a registry in memory, whose lifetimes go by the given clock', async () => {
  const clock = advancingClock()
  const registry = await openRegistry({ kind: 'memory' }, clock, () => undefined)
  await registry.claim('software', 'owner-1', 10)
  expect(await registry.get('software')).not.toBeNull()
  clock.advance(10)
  expect(await registry.get('software')).toBeNull()
})

it('opens a registry in Redis and tells that it is there', async () => {
  const states: RegistryState[] = []
  const timeouts = { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000, waitForReplicas: 0 }
  const settings = { kind: 'redis', topology: singleAt(inject('redisUrl')), keyPrefix: 'test', ...timeouts } as const
  const registry = await openRegistry(settings, advancingClock(), (state) => states.push(state))
  await expect(registry.ping()).resolves.toBeUndefined()
  expect(states).toEqual([{ available: true }])
  await registry.close()
})
