import { constants } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** What the gateway's own listener is told as well. */
export interface PlainServerOptions {
  readonly cert: string
  readonly key: string
  readonly ca: string
}

// The least that any server with client certificates does: the same handshake, resumption off as well, and an answer at once.
process.once('message', (options: PlainServerOptions) => {
  const secureOptions = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION
  const tls = { ...options, secureOptions, requestCert: true, rejectUnauthorized: false }
  const server = createServer(tls, (_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_token"}')
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuUs: user + system })
  })
})
