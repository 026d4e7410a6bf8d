import type { Server } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenConnections } from './open-connections.ts'

/** For exchanges that were cut off to notice it and to write their audit records. */
const FAREWELL_MS = 1_000

/**
 * Takes no more connections, closes the idle ones, lets running exchanges come to their end for a while and cuts off what remains then.
 *
 * @returns how many exchanges were cut off
 */
export async function drain(server: Server, open: OpenConnections, timeoutMs: number): Promise<number> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  open.destroyUnused()
  const finished = closed.then(() => Promise.all(open.exchanges))
  await within(timeoutMs, finished)
  const cutOff = open.exchanges.size
  open.destroyAll()
  await within(FAREWELL_MS, finished)
  return cutOff
}

async function within(timeoutMs: number, finished: Promise<unknown>): Promise<void> {
  const end = new AbortController()
  await Promise.race([finished, wait(timeoutMs, undefined, { signal: end.signal })])
  end.abort()
}
