import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisServer, type RedisServerOptions, findFreePort, startRedisServer } from './redis-server.ts'

export interface RedisCluster {
  /** The primaries in the order of their slots, then their replicas in the same order. */
  readonly nodes: readonly RedisServer[]
  readonly stop: () => Promise<void>
}

export interface RedisClusterOptions {
  /** As those of each server. */
  readonly settings?: readonly string[]
  readonly tls?: RedisServerOptions['tls']
  /** One for each primary, or none. */
  readonly replicas?: boolean
  /** Makes the administrator's connections. */
  readonly administer?: (server: RedisServer) => Redis
}

const PRIMARIES = 3
const SLOTS = 16_384
/** Short: a primary that does not answer for so long is replaced. */
const NODE_TIMEOUT_MS = 1_000
const LONGEST_START_MS = 15_000

/** Starts a private cluster of three primaries, and resolves when all of it agrees on who has which slots. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const count = options.replicas === true ? 2 * PRIMARIES : PRIMARIES
  const nodes = await Promise.all(Array.from({ length: count }, () => startClusterNode(options)))
  const redis = nodes.map((node) => options.administer?.(node) ?? new Redis(node.url))
  try {
    await joinCluster(redis, nodes)
  } finally {
    redis.forEach((one) => one.disconnect())
  }
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  return { nodes, stop }
}

/** The slots of the primary with that number, from and to. */
export function slotsOf(index: number): readonly [number, number] {
  const end = (number: number): number => Math.floor((number * SLOTS) / PRIMARIES)
  return [end(index), end(index + 1) - 1]
}

type ClusterNodeOptions = Pick<RedisClusterOptions, 'settings' | 'tls'> & Pick<RedisServerOptions, 'port'>

interface ClusterNode extends RedisServer {
  readonly busPort: number
}

/** A primary of no slots that knows nobody. */
export async function startClusterNode({ settings = [], tls, port }: ClusterNodeOptions): Promise<ClusterNode> {
  // The port of the server and 10000 more, which it would take, may be none.
  const busPort = await findFreePort()
  const overTls = tls === undefined ? [] : ['--tls-cluster', 'yes', '--tls-replication', 'yes']
  const all = [...clusterSettings(busPort), ...overTls, ...settings]
  const options = { ...(tls === undefined ? {} : { tls }), ...(port === undefined ? {} : { port }) }
  return { ...(await startRedisServer({ ...options, settings: all })), busPort }
}

/** Further settings of a server that is to be a node. */
export function clusterSettings(busPort: number): readonly string[] {
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-announce-ip', '127.0.0.1']
  return [...cluster, '--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0']
}

/** Makes a cluster of nodes that know nobody, by connections to each: the first three get all slots, the others are their replicas. */
export async function joinCluster(
  redis: readonly Redis[],
  nodes: readonly Pick<ClusterNode, 'port' | 'busPort'>[],
): Promise<void> {
  const [first, ...others] = redis
  if (first === undefined) throw new Error('no nodes')
  for (const [index, one] of redis.entries()) {
    await one.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)
    if (index < PRIMARIES) await one.call('CLUSTER', 'ADDSLOTSRANGE', ...slotsOf(index))
  }
  for (const { port, busPort } of nodes.slice(1)) await first.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort)
  await until(async () => (await Promise.all(redis.map(knownNodes))).every((known) => known === redis.length))
  const ids = await Promise.all(redis.map((one) => one.call('CLUSTER', 'MYID')))
  for (const [index, one] of [first, ...others].entries())
    if (index >= PRIMARIES) await one.call('CLUSTER', 'REPLICATE', String(ids[index - PRIMARIES]))
  await until(async () => (await Promise.all(redis.map(isReady))).every(Boolean))
}

async function knownNodes(redis: Redis): Promise<number> {
  return Number(/cluster_known_nodes:(\d+)/.exec(await redis.cluster('INFO'))?.[1])
}

async function isReady(redis: Redis): Promise<boolean> {
  const isOk = (await redis.cluster('INFO')).includes('cluster_state:ok')
  const replication = await redis.info('replication')
  return isOk && (replication.includes('role:master') || replication.includes('master_link_status:up'))
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LONGEST_START_MS
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('the cluster did not come together')
    await sleep(25)
  }
}
