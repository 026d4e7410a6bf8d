import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Fault, Way } from '../schedule/faults.ts'
import type { ArmedFault, OnStrike } from './armed-fault.ts'
import { createPlainFinder, createTlsFinder } from './find-payload.ts'
import { RelayedConnection } from './relayed-connection.ts'

export interface RelayOptions {
  readonly way: Way
  readonly targetPort: number
  readonly onStrike: OnStrike
  readonly stallMs: number
}

/** A port that leads to another one, over connections that can be cut at a chosen moment. */
export interface Relay {
  readonly port: number
  /** The next exchange meets this fault, once; several wait in turn. */
  readonly arm: (fault: Fault) => ArmedFault
  /** Takes back what has not found its exchange. */
  readonly disarm: (armed: ArmedFault) => void
  readonly close: () => Promise<void>
}

export async function openRelay({ way, targetPort, onStrike, stallMs }: RelayOptions): Promise<Relay> {
  const waiting: ArmedFault[] = []
  const connections = new Set<RelayedConnection>()
  const take = (connecting: boolean): ArmedFault | null => takeFrom(waiting, connecting)
  const createFinder = way === 'store' ? createPlainFinder : createTlsFinder
  const server = createServer((near) => {
    near.on('error', () => near.destroy())
    const refused = take(true)
    if (refused !== null) {
      refuseConnection(near, refused, onStrike)
      return
    }
    const connection = new RelayedConnection({
      near,
      targetPort,
      createFinder,
      take: () => take(false),
      onStrike,
      stallMs,
    })
    connections.add(connection)
    near.on('close', () => connections.delete(connection))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    arm: (fault) => {
      const armed: ArmedFault = { fault, struckAt: null, skip: fault.skip }
      waiting.push(armed)
      // Kept-alive connections would never let it see somebody connect.
      if (fault.moment === 'connecting') for (const connection of connections) if (connection.isIdle) connection.close()
      return armed
    },
    disarm: (armed) => {
      const place = waiting.indexOf(armed)
      if (place !== -1) waiting.splice(place, 1)
    },
    close: () => close(server, connections),
  }
}

function takeFrom(waiting: ArmedFault[], connecting: boolean): ArmedFault | null {
  const armed = waiting.find(({ fault }) => (fault.moment === 'connecting') === connecting)
  if (armed === undefined) return null
  if (!connecting && armed.skip > 0) {
    armed.skip -= 1
    return null
  }
  waiting.splice(waiting.indexOf(armed), 1)
  return armed
}

function refuseConnection(near: Socket, armed: ArmedFault, onStrike: OnStrike): void {
  armed.struckAt = Date.now()
  onStrike(armed.fault)
  if (armed.fault.act === 'reset') near.resetAndDestroy()
  else near.end().resume()
}

async function close(server: Server, connections: ReadonlySet<RelayedConnection>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const connection of connections) connection.reset()
  await closed
}
