import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CrlServer {
  /** Ends in a slash. */
  readonly url: string
  /** By what follows the slash; anything else is answered 404. */
  readonly crls: Map<string, Buffer>
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[]
  readonly stop: () => Promise<void>
}

/** Publishes CRLs over http, as authorities do. */
export async function startCrlServer(): Promise<CrlServer> {
  const crls = new Map<string, Buffer>()
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1)
    asked.push(name)
    const crl = crls.get(name)
    response.writeHead(crl === undefined ? 404 : 200, { 'content-type': 'application/pkix-crl' }).end(crl)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, crls, asked, stop }
}
