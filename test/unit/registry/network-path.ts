import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/** What lies between a gateway and its Redis: a name that can point elsewhere tomorrow, and a firewall that can forget connections. */
export interface NetworkPath {
  readonly port: number
  /** Later connections go there; those that stand stay where they are. */
  readonly pointTo: (port: number) => void
  /** From now on nothing passes on the connections that stand, and nobody is told. */
  readonly forgetConnections: () => void
  readonly stop: () => Promise<void>
}

export async function openNetworkPath(firstTarget: number): Promise<NetworkPath> {
  let target = firstTarget
  const pairs: (readonly [Socket, Socket])[] = []
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    pairs.push([near, far])
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
    far.on('error', () => near.destroy()).on('close', () => near.destroy())
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk) => near.write(chunk))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return {
    port: address.port,
    pointTo: (port) => void (target = port),
    forgetConnections: () => pairs.flat().forEach((socket) => socket.pause()),
    stop: async () => {
      server.close()
      pairs.flat().forEach((socket) => socket.destroy())
      await once(server, 'close')
    },
  }
}
