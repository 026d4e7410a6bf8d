import { createServer, type Socket } from 'node:net'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { hashKey } from '../../../src/registry/hash-key.ts'
import { RedisConnection, type RegistryState } from '../../../src/registry/redis-connection.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { type RedisCluster, slotsOf, startClusterNode, startRedisCluster } from '../../support/redis-cluster.ts'
import type { RedisServer } from '../../support/redis-server.ts'
import { openNetworkPath } from './network-path.ts'
import {
  ENDLESS,
  LONG,
  OPERATIONS,
  PATIENCE,
  administrator,
  allUnavailable,
  clusterOf,
  connect,
  failuresOf,
  listen,
} from './redis-fixture.ts'
import { bulk, greet, list, number, startScripted } from './scripted-redis.ts'

let cluster: RedisCluster
beforeAll(async () => (cluster = await startRedisCluster()))
afterAll(() => cluster.stop())

let keys = 0

/** A new key whose claim is for the primary with that number, and the slot it is in. */
async function keyOf(primary: number, of = cluster): Promise<{ readonly key: string; readonly slot: number }> {
  const redis = administrator(nodeOf(of, 0))
  const [from, to] = slotsOf(primary)
  for (;;) {
    const key = `key-${(keys += 1)}`
    const slot = Number(await redis.call('CLUSTER', 'KEYSLOT', `gateway:{${hashKey(key)}}:claim`))
    if (slot >= from && slot <= to) return { key, slot }
  }
}

function nodeOf({ nodes }: RedisCluster, index: number): RedisServer {
  const node = nodes[index]
  if (node === undefined) throw new Error('no such node')
  return node
}

/** A slot on its way from one primary to another: keys that are there already are asked for there. */
async function beginMove(slot: number, from: number, to: number): Promise<{ readonly finish: () => Promise<void> }> {
  const [source, target] = [administrator(nodeOf(cluster, from)), administrator(nodeOf(cluster, to))]
  const [sourceId, targetId] = [await idOf(source), await idOf(target)]
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId)
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId)
  return {
    finish: async () => {
      const names = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[]
      if (names.length > 0)
        await source.call('MIGRATE', '127.0.0.1', nodeOf(cluster, to).port, '', 0, LONG, 'KEYS', ...names)
      for (const one of [target, source]) await one.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId)
    },
  }
}

async function idOf(redis: Redis): Promise<string> {
  return String(await redis.call('CLUSTER', 'MYID'))
}

describe('a slot that moves to another primary', () => {
  it('is followed on the way (ASK) and when it has arrived (MOVED), and every command is done once', async () => {
    const { key, slot } = await keyOf(0)
    const registry = await connect(clusterOf(cluster), { commandTimeoutMs: ENDLESS })
    const { finish } = await beginMove(slot, 0, 1)
    expect(await registry.claim(key, 'owner-1', LONG)).toEqual({ claimed: true })
    const counted = await registry.increment(key, LONG)
    await finish()
    expect(await registry.get(key)).toEqual({ owner: 'owner-1', value: null })
    expect([counted, await registry.increment(key, LONG)]).toMatchObject([{ count: 1 }, { count: 2 }])
    expect(await administrator(nodeOf(cluster, 1)).exists(`gateway:{${hashKey(key)}}:claim`)).toBe(1)
  })

  it('keeps a command of two keys from being done while it has but one of them (TRYAGAIN)', async () => {
    const { key, slot } = await keyOf(0)
    const timeouts = { connectTimeoutMs: 2_000, commandTimeoutMs: ENDLESS, waitForReplicas: 0 }
    const connection = new RedisConnection({
      ...{ topology: clusterOf(cluster), ...timeouts },
      onStateChange: () => undefined,
    })
    onTestFinished(() => connection.close())
    await connection.open()
    const tag = `gateway:{${hashKey(key)}}`
    await connection.ask((redis) => redis.set(`${tag}:one`, 'here', 'PX', LONG))
    const { finish } = await beginMove(slot, 0, 1)
    const both = (): Promise<unknown> =>
      connection.ask((redis) => redis.eval("return redis.call('GET', KEYS[1])", 2, `${tag}:one`, `${tag}:other`))
    // Whoever is told to try again tries any node, so that the last refusal may be that of one that has nothing to do with the slot.
    await expect(both()).rejects.toThrow(/^the registry is unavailable: (TRYAGAIN|MOVED)$/)
    await finish()
    expect(await both()).toBe('here')
  })

  it('ends no process when the node that is asked hangs up (ASK)', async () => {
    const target = await startScripted((words) => greet(words) ?? (words[0] === 'asking' ? null : '+OK\r\n'))
    const half = (from: number, to: number, port: number): string =>
      list(number(from), number(to), list(bulk('127.0.0.1'), number(port)))
    const source: number = await startScripted((words) => {
      if (words[0] === 'cluster') return list(half(0, 8191, source), half(8192, 16383, target))
      return greet(words) ?? (words[0] === 'get' ? `-ASK 1 127.0.0.1:${target}\r\n` : '+OK\r\n')
    })
    const registry = await connect(clusterOf({ nodes: [{ port: source }] }), { commandTimeoutMs: ENDLESS })
    const { key } = await keyOf(0)
    await vi.waitFor(() => registry.ping(), PATIENCE)
    await expect(registry.get(key)).rejects.toThrow(RegistryUnavailable)
  })
})

describe('a primary of a cluster', () => {
  it('that does not answer is told of after the command timeout, while others go on', async () => {
    const states: RegistryState[] = []
    const onStateChange = (state: RegistryState): void => void states.push(state)
    const [silent, other] = [await keyOf(0), await keyOf(1)]
    const registry = await connect(clusterOf(cluster), { commandTimeoutMs: 500, onStateChange })
    const redis = administrator(nodeOf(cluster, 0))
    await redis.client('PAUSE', ENDLESS, 'WRITE')
    const late = new RegistryUnavailable('no reply in time')
    await expect(registry.claim(silent.key, 'owner-1', LONG)).rejects.toThrow(late)
    expect(await registry.claim(other.key, 'owner-1', LONG)).toEqual({ claimed: true })
    await redis.client('UNPAUSE')
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(states.at(-1)).toEqual({ available: true })
  })

  it('that finds the cluster down is not waited for (CLUSTERDOWN)', async () => {
    const [gone, { key }] = [await keyOf(2), await keyOf(2)]
    const registry = await connect(clusterOf(cluster), { commandTimeoutMs: ENDLESS })
    const redis = administrator(nodeOf(cluster, 2))
    await redis.call('CLUSTER', 'DELSLOTS', gone.slot)
    await vi.waitFor(async () => expect(await redis.cluster('INFO')).toContain('cluster_state:fail'), PATIENCE)
    await expect(registry.claim(key, 'owner-1', LONG)).rejects.toThrow(new RegistryUnavailable('CLUSTERDOWN'))
    await redis.call('CLUSTER', 'ADDSLOTS', gone.slot)
    await vi.waitFor(() => registry.claim(key, 'owner-1', LONG), PATIENCE)
  })

  it('gets no command that waited for the connection to it', async () => {
    const path = await openNetworkPath(0)
    onTestFinished(path.stop)
    const server = await startAlone(['--cluster-announce-port', String(path.port)])
    path.pointTo(server.port)
    const registry = await connect(clusterOf({ nodes: [path] }), { commandTimeoutMs: ENDLESS })
    await registry.ping()
    const arrived: Socket[] = []
    path.pointTo(
      await listen(
        createServer((socket) => void arrived.push(socket)),
        '127.0.0.1',
      ),
    )
    await administrator(server).call('CLIENT', 'KILL', 'TYPE', 'normal')
    await vi.waitFor(() => expect(arrived).not.toEqual([]), PATIENCE)
    expect(await failuresOf(registry)).toEqual(allUnavailable(expect.any(String)))
  })
})

/** One primary for all slots. */
async function startAlone(settings: readonly string[] = [], port?: number): Promise<RedisServer> {
  const server = await startClusterNode({ settings, ...(port === undefined ? {} : { port }) })
  onTestFinished(server.stop)
  const redis = administrator(server)
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383)
  await vi.waitFor(async () => expect(await redis.cluster('INFO')).toContain('cluster_state:ok'), PATIENCE)
  return server
}

describe('a cluster that is away', () => {
  it('is told of, may come after the gateway, and may go and come back', async () => {
    const states: RegistryState[] = []
    const first = await startAlone()
    await first.kill()
    const registry = await connect(clusterOf({ nodes: [first] }), { onStateChange: (state) => states.push(state) })
    expect(await failuresOf(registry)).toEqual(allUnavailable('ECONNREFUSED'))
    const second = await startAlone([], first.port)
    await vi.waitFor(() => registry.ping(), PATIENCE)
    await second.kill()
    expect(await failuresOf(registry)).toEqual(allUnavailable(expect.any(String)))
    await startAlone([], first.port)
    await vi.waitFor(() => registry.claim('software', 'owner-1', LONG), PATIENCE)
    const away = expect.objectContaining({ available: false }) as unknown
    expect(states).toEqual([away, { available: true }, away, { available: true }])
  })

  it('does not hold up the start when none of its nodes answers', async () => {
    const sockets: Socket[] = []
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    const port = await listen(
      createServer((socket) => void sockets.push(socket)),
      '127.0.0.1',
    )
    const timeouts = { connectTimeoutMs: 200, commandTimeoutMs: 200 }
    const registry = await connect(clusterOf({ nodes: [{ port }] }), timeouts)
    expect(await failuresOf(registry)).toEqual(allUnavailable(expect.any(String)))
  })
})

describe('a user of a cluster', () => {
  const commands = ['+set', '+get', '+del', '+incr', '+pttl', '+eval', '+ping']
  const inCluster = ['+cluster|slots', '+asking', '+client|setname']
  const access = { user: 'gate-user', password: new Secret('pass-word-7') }

  const grant = async (): Promise<void> => {
    const rights = ['resetkeys', '~gateway:*', '-@all', ...commands, ...inCluster]
    for (const node of cluster.nodes)
      await administrator(node).acl('SETUSER', access.user, 'on', `>${access.password.reveal()}`, ...rights)
  }

  it('needs no more rights than those that the documentation asks for, not even for a slot that moves', async () => {
    const warnings = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
    onTestFinished(() => void vi.restoreAllMocks())
    await grant()
    const { key, slot } = await keyOf(1)
    const registry = await connect(clusterOf(cluster, access))
    const { finish } = await beginMove(slot, 1, 2)
    expect(await registry.claim(key, 'owner-1', LONG)).toEqual({ claimed: true })
    await finish()
    for (const operation of OPERATIONS) await operation(registry)
    for (const warning of warnings) expect(warning).not.toHaveBeenCalled()
    for (const node of cluster.nodes) expect(await administrator(node).acl('LOG')).toEqual([])
  })

  it('is connected to no node any more once the registry is closed', async () => {
    await grant()
    const registry = await connect(clusterOf(cluster, access))
    const connected = async (): Promise<number> => {
      const lists = await Promise.all(cluster.nodes.map((node) => administrator(node).client('LIST')))
      return lists.join('').split(' user=gate-user ').length - 1
    }
    expect(await connected()).toBeGreaterThanOrEqual(cluster.nodes.length)
    await registry.close()
    await vi.waitFor(async () => expect(await connected()).toBe(0), PATIENCE)
  })

  it('with another password is told of, without the password', async () => {
    await grant()
    const registry = await connect(clusterOf(cluster, { ...access, password: new Secret('pass-word-8') }))
    expect(await failuresOf(registry)).toEqual(allUnavailable('WRONGPASS'))
  })
})
