import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Free ports for processes that are killed and must come back where they were. Below those that the system gives to outgoing connections:
 * one of them could take the port in between, or even connect to itself.
 */
export async function findPorts(count: number): Promise<readonly number[]> {
  const end = firstOutgoingPort()
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = end - 1 - Math.floor(Math.random() * Math.min(12_000, end - 1_025))
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function firstOutgoingPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0])
  } catch {
    // What IANA sets aside for them, as macOS does.
    return 49_152
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
