import { createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import type { RegistryState } from '../../../src/registry/redis-connection.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import {
  type RedisUnderSentinel,
  type RedisUnderSentinelOptions,
  startRedisUnderSentinel,
} from '../../support/redis-sentinel.ts'
import {
  ENDLESS,
  LONG,
  OPERATIONS,
  PATIENCE,
  administrator,
  allUnavailable,
  connect,
  failuresOf,
  listen,
  sentinelOf,
  start,
} from './redis-fixture.ts'
import { bulk, greet, list, startScripted } from './scripted-redis.ts'

async function startAll(options?: RedisUnderSentinelOptions): Promise<RedisUnderSentinel> {
  const servers = await startRedisUnderSentinel(options)
  onTestFinished(servers.stop)
  return servers
}

/** A sentinel that names these ports, one after the other, and the last of them for ever. */
async function startSentinelNaming(...ports: readonly (number | null)[]): Promise<{ readonly port: number }> {
  const left = [...ports]
  const name = (): number | null => (left.length > 1 ? left.shift() : left[0]) ?? null
  const port = await startScripted((words) => {
    if (words[0] !== 'sentinel') return greet(words) ?? '+OK\r\n'
    const named = name()
    return named === null ? '*-1\r\n' : list(bulk('127.0.0.1'), bulk(String(named)))
  })
  return { port }
}

describe('a primary under a sentinel', () => {
  it('fails at once when it dies, and its replica is found once it is promoted', async () => {
    const states: RegistryState[] = []
    const servers = await startAll()
    const registry = await connect(sentinelOf(servers), {
      commandTimeoutMs: ENDLESS,
      onStateChange: (state) => states.push(state),
    })
    await registry.claim('before', 'owner-1', LONG)
    expect(await administrator(servers.primary).wait(1, LONG)).toBe(1)
    await servers.primary.kill()
    expect(await failuresOf(registry)).toEqual(allUnavailable(expect.any(String)))
    await vi.waitFor(() => registry.claim('after', 'owner-1', LONG), PATIENCE)
    expect(await registry.get('before')).toEqual({ owner: 'owner-1', value: null })
    expect(await administrator(servers.replica).dbsize()).toBe(2)
    expect(states).toEqual([{ available: true }, { available: false, detail: 'connection lost' }, { available: true }])
  })

  it('does what was under way no second time', async () => {
    const servers = await startAll()
    const registry = await connect(sentinelOf(servers), { commandTimeoutMs: ENDLESS })
    await administrator(servers.primary).client('PAUSE', ENDLESS, 'WRITE')
    const increment = registry.increment('address', LONG)
    const outcome = expect(increment).rejects.toThrow(RegistryUnavailable)
    await vi.waitFor(
      async () => expect(await administrator(servers.primary).info('clients')).toContain('blocked_clients:1'),
      PATIENCE,
    )
    await servers.primary.kill()
    await outcome
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(await registry.increment('address', LONG)).toMatchObject({ count: 1 })
  })

  it('is left when it is demoted', async () => {
    const servers = await startAll()
    const registry = await connect(sentinelOf(servers))
    await administrator(servers.sentinel).call('SENTINEL', 'FAILOVER', 'dcr')
    await vi.waitFor(async () => {
      await registry.claim('software', 'owner-1', LONG)
      expect(await administrator(servers.replica).exists(await firstKey(servers))).toBe(1)
    }, PATIENCE)
  })

  it('is served with the rights that the documentation asks for, and no more', async () => {
    const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
    onTestFinished(() => void vi.restoreAllMocks())
    const commands = ['+set', '+get', '+del', '+incr', '+pttl', '+eval', '+ping', '+role']
    const rights = ['resetkeys', '~gateway:*', '-@all', ...commands]
    const servers = await startAll({
      settings: ['--user', 'gate-user', 'on', '>pass-word-7', ...rights],
      sentinel: ['user watch-user on >pass-word-8 -@all +sentinel|get-master-addr-by-name'],
    })
    const registry = await connect(
      sentinelOf(servers, {
        ...{ user: 'gate-user', password: new Secret('pass-word-7') },
        sentinelAccess: { user: 'watch-user', password: new Secret('pass-word-8') },
      }),
    )
    for (const operation of OPERATIONS) await operation(registry)
    for (const warning of warnings) expect(warning).not.toHaveBeenCalled()
    expect(await administrator(servers.primary).acl('LOG')).toEqual([])
  })
})

async function firstKey({ replica }: RedisUnderSentinel): Promise<string> {
  const [role] = (await administrator(replica).role()) as [string]
  expect(role).toBe('master')
  const [key = ''] = await administrator(replica).keys('*')
  return key
}

describe('a sentinel', () => {
  it('that names a replica is not believed, so that nothing old is read', async () => {
    const states: RegistryState[] = []
    const primary = await start()
    const replica = await start({ settings: ['--replicaof', `127.0.0.1 ${primary.port}`] })
    const sentinel = await startSentinelNaming(replica.port, replica.port, primary.port)
    const registry = await connect(sentinelOf({ sentinel }), { onStateChange: (state) => states.push(state) })
    await expect(registry.get('software')).rejects.toThrow(new RegistryUnavailable('not the primary'))
    await vi.waitFor(() => registry.claim('software', 'owner-1', LONG), PATIENCE)
    expect(states).toEqual([{ available: false, detail: 'not the primary' }, { available: true }])
  })

  it('that names what can be no port is asked again', async () => {
    const primary = await start()
    const registry = await connect(sentinelOf({ sentinel: await startSentinelNaming(99_999, primary.port) }))
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
    await vi.waitFor(() => registry.ping(), PATIENCE)
  })

  it('that does not know the primary says so', async () => {
    const registry = await connect(sentinelOf({ sentinel: await startSentinelNaming(null) }))
    await expect(registry.ping()).rejects.toThrow(new RegistryUnavailable('no sentinel knows the primary'))
  })

  it('that is away leaves its place to the next', async () => {
    const [away, primary] = [await start(), await start()]
    await away.kill()
    const topology = sentinelOf({ sentinel: await startSentinelNaming(primary.port) })
    const sentinels = [{ host: '127.0.0.1', port: away.port }, ...topology.sentinels]
    const registry = await connect({ ...topology, sentinels })
    await expect(registry.ping()).resolves.toBeUndefined()
  })

  it('is told of when there is no other', async () => {
    const away = await start()
    await away.kill()
    const registry = await connect(sentinelOf({ sentinel: away }))
    expect(await failuresOf(registry)).toEqual(allUnavailable('no sentinel answers'))
  })

  it('that does not answer does not hold up the start', async () => {
    const sockets: Socket[] = []
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    const port = await listen(
      createServer((socket) => void sockets.push(socket)),
      '127.0.0.1',
    )
    const timeouts = { connectTimeoutMs: 200, commandTimeoutMs: 200 }
    const registry = await connect(sentinelOf({ sentinel: { port } }), timeouts)
    expect(await failuresOf(registry)).toEqual(allUnavailable('no sentinel answers'))
  })

  it.each([
    ['NOAUTH', null],
    ['WRONGPASS', 'pass-word-9'],
  ])('that demands another password is told of as %s, without the password', async (code, password) => {
    const servers = await startAll({
      sentinel: ['requirepass pass-word-8'],
      administer: ({ url }) => new Redis(url, { password: 'pass-word-8' }),
    })
    const sentinelAccess = { password: password === null ? null : new Secret(password) }
    const registry = await connect(sentinelOf(servers, { sentinelAccess }))
    expect(await failuresOf(registry)).toEqual(allUnavailable(`${code} of a sentinel`))
  })
})
