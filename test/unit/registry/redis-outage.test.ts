import { type Socket, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RegistryState } from '../../../src/registry/redis-connection.ts'
import { RegistryUnavailable } from '../../../src/registry/registry-unavailable.ts'
import { openNetworkPath } from './network-path.ts'
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
  start,
} from './redis-fixture.ts'

describe('a Redis that goes away', () => {
  it('makes every operation fail', async () => {
    const server = await start()
    const registry = await connect(server.url)
    await server.kill()
    for (const operation of OPERATIONS) await expect(operation(registry)).rejects.toThrow(RegistryUnavailable)
  })

  it('makes what is under way fail at once, and nothing of it is sent again when it comes back', async () => {
    const server = await start()
    const registry = await connect(server.url, { commandTimeoutMs: ENDLESS })
    await administrator(server).client('PAUSE', ENDLESS)
    const failures = failuresOf(registry)
    await sleep(50) // so that they are on their way
    await server.kill()
    expect(await failures).toEqual(allUnavailable(expect.any(String)))
    await start({ port: server.port })
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(await registry.get('software')).toBeNull()
    expect(await registry.increment('address', LONG)).toMatchObject({ count: 1 })
  })

  it('is told of once, and once more when it is back', async () => {
    const states: RegistryState[] = []
    const server = await start()
    const registry = await connect(server.url, { onStateChange: (state) => states.push(state) })
    expect(states).toEqual([{ available: true }])
    await server.kill()
    await vi.waitFor(() => expect(states).toHaveLength(2), PATIENCE)
    await vi.waitFor(
      async () => expect(await failuresOf(registry)).toEqual(allUnavailable('ECONNREFUSED')), // so it tried again
      PATIENCE,
    )
    await start({ port: server.port })
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(states).toEqual([{ available: true }, { available: false, detail: 'connection lost' }, { available: true }])
  })

  it('loses our connection when the registry is closed, which is nothing to be told of', async () => {
    const states: RegistryState[] = []
    const server = await start()
    const registry = await connect(server.url, { onStateChange: (state) => states.push(state) })
    await registry.close()
    const redis = administrator(server)
    await vi.waitFor(async () => expect(await redis.client('LIST')).toMatch(/^id=.*\n$/), PATIENCE) // the administrator alone
    await server.stop()
    expect(states).toEqual([{ available: true }])
  })

  it('may come after the gateway', async () => {
    const server = await start()
    await server.kill()
    const registry = await connect(server.url)
    expect(await failuresOf(registry)).toEqual(allUnavailable('ECONNREFUSED'))
    await start({ port: server.port })
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(await registry.claim('software', 'owner-1', LONG)).toEqual({ claimed: true })
  })
})

describe('a Redis that does not answer', () => {
  it('makes every operation fail after the command timeout, and is told of', async () => {
    const states: RegistryState[] = []
    const server = await start()
    const registry = await connect(server.url, { commandTimeoutMs: 200, onStateChange: (state) => states.push(state) })
    await administrator(server).client('PAUSE', ENDLESS)
    expect(await failuresOf(registry)).toEqual(allUnavailable('no reply in time'))
    expect(states).toEqual([{ available: true }, { available: false, detail: 'no reply in time' }])
  })

  it('is told of as back when it answers again', async () => {
    const states: RegistryState[] = []
    const server = await start()
    const registry = await connect(server.url, {
      commandTimeoutMs: 1_000,
      onStateChange: (state) => states.push(state),
    })
    const redis = administrator(server)
    await redis.client('PAUSE', ENDLESS, 'WRITE')
    await expect(registry.claim('software', 'owner-1', LONG)).rejects.toThrow(RegistryUnavailable)
    await redis.client('UNPAUSE')
    await vi.waitFor(() => registry.ping(), PATIENCE)
    expect(states).toEqual([{ available: true }, { available: false, detail: 'no reply in time' }, { available: true }])
  })

  it('makes operations fail at once while the connection to it is being made again', async () => {
    const server = await start()
    const path = await openNetworkPath(server.port)
    onTestFinished(path.stop)
    const registry = await connect(`redis://127.0.0.1:${path.port}`, { commandTimeoutMs: ENDLESS })
    const arrived: Socket[] = []
    path.pointTo(await listen(createServer((socket) => void arrived.push(socket))))
    await server.kill()
    await vi.waitFor(() => expect(arrived).toHaveLength(1), PATIENCE)
    expect(await failuresOf(registry)).toEqual(allUnavailable('connection lost'))
  })

  it('does not hold up the start beyond the command timeout', async () => {
    const server = await start()
    await administrator(server).client('PAUSE', ENDLESS)
    const registry = await connect(server.url, { commandTimeoutMs: 200 })
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
  })

  it('does not hold up the start beyond the connect timeout', { timeout: 8_000 }, async () => {
    const sockets: Socket[] = []
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
    const silent = createServer((socket) => void sockets.push(socket))
    const registry = await connect(`rediss://127.0.0.1:${await listen(silent)}`, { connectTimeoutMs: 200 })
    await expect(registry.ping()).rejects.toThrow(new RegistryUnavailable('ETIMEDOUT'))
  })

  it('is reached again over a new connection when the old one died without a word', async () => {
    const server = await start()
    const path = await openNetworkPath(server.port)
    onTestFinished(path.stop)
    const registry = await connect(`redis://127.0.0.1:${path.port}`, { commandTimeoutMs: 300 })
    path.forgetConnections()
    await expect(registry.ping()).rejects.toThrow(RegistryUnavailable)
    await vi.waitFor(() => registry.ping(), PATIENCE)
  })

  it('is left for the new primary of the same name after a failover', async () => {
    const [old, fresh] = [await start(), await start()]
    const path = await openNetworkPath(old.port)
    onTestFinished(path.stop)
    const registry = await connect(`redis://127.0.0.1:${path.port}`)
    await administrator(old).replicaof('127.0.0.1', 1) // nobody is there, and it is read-only all the same
    path.pointTo(fresh.port)
    await expect(registry.claim('software', 'owner-1', LONG)).rejects.toThrow(new RegistryUnavailable('READONLY'))
    await vi.waitFor(() => registry.claim('software', 'owner-1', LONG), PATIENCE)
    expect(await administrator(fresh).dbsize()).toBe(1)
  })
})
