import { expect, it, onTestFinished, vi } from 'vitest'
import { startRedisCluster } from '../../support/redis-cluster.ts'
import { startRedisUnderSentinel } from '../../support/redis-sentinel.ts'
import { LONG, PATIENCE, administrator, clusterOf, connect, sentinelOf } from './redis-fixture.ts'

const nameOf = (index: number): string => `software-${index}`.padEnd(43, '_')

it('counts nothing as written that its replica does not have; limits of requests go on', async () => {
  const servers = await startRedisUnderSentinel()
  onTestFinished(servers.stop)
  const registry = await connect(sentinelOf(servers), { waitForReplicas: 1, commandTimeoutMs: 1_000 })
  expect(await registry.claim('before', 'owner-1', LONG)).toEqual({ claimed: true })
  await servers.replica.kill()
  await expect(registry.claim('after', 'owner-1', LONG)).rejects.toMatchObject({ detail: 'too few replicas' })
  await expect(registry.take(nameOf(1), 'holder-1', LONG, 'fresh')).rejects.toMatchObject({
    detail: 'too few replicas',
  })
  expect(await registry.increment('address', LONG)).toMatchObject({ count: 1 })
  expect(await registry.get('before')).toEqual({ owner: 'owner-1', value: null })
})

it('a failover forgets nothing that was written, at whatever moment the primary dies', async () => {
  const servers = await startRedisUnderSentinel()
  onTestFinished(servers.stop)
  const registry = await connect(sentinelOf(servers), { waitForReplicas: 1 })
  const written: number[] = []
  let isDead = false
  const write = async (first: number): Promise<void> => {
    for (let index = first; !isDead; index += 8) {
      await registry.take(nameOf(index), 'holder-1', LONG, 'fresh')
      if (await registry.write(nameOf(index), 'holder-1', { value: `record ${index}`, dueMs: null }, null))
        written.push(index)
    }
  }
  const writers = Array.from({ length: 8 }, (_, first) => write(first).catch(() => undefined))
  await vi.waitFor(() => expect(written.length).toBeGreaterThan(200), PATIENCE)
  await servers.primary.kill()
  isDead = true
  await Promise.all(writers)
  await vi.waitFor(() => registry.read(nameOf(0)), PATIENCE)
  for (const index of written) expect(await registry.read(nameOf(index))).toBe(`record ${index}`)
})

it('finds the new place of a slot that was moved, after one refusal at the most', async () => {
  const servers = await startRedisCluster({ replicas: true })
  onTestFinished(servers.stop)
  const registry = await connect(clusterOf(servers), { waitForReplicas: 1 })
  const names = Array.from({ length: 30 }, (_, index) => nameOf(index))
  for (const name of names) await registry.take(name, 'holder-1', LONG, null)
  // A replica takes the place of its primary in good order.
  const [primary, , , replica] = servers.nodes
  if (primary === undefined || replica === undefined) throw new Error('there are six nodes')
  expect(await administrator(replica).call('CLUSTER', 'FAILOVER')).toBe('OK')
  await vi.waitFor(
    async () => expect(await administrator(primary).info('replication')).toContain('role:slave'),
    PATIENCE,
  )
  const leaveAll = () => Promise.allSettled(names.map((name) => registry.renew(name, 'holder-1', LONG)))
  await leaveAll()
  await vi.waitFor(async () => {
    const outcomes = await leaveAll()
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'refused'))).toEqual(
      names.map(() => true),
    )
  }, PATIENCE)
})
