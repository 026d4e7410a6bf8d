import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TlsSettings } from '../model/tls-settings.ts'
import { NO_CLIENT_ISSUERS, type ClientIssuers } from './client-issuers.ts'
import { drain } from './drain.ts'
import { buildHttpOptions } from './http-options.ts'
import type { ListenerOptions } from './listener-options.ts'
import { OpenConnections } from './open-connections.ts'
import { routeEvents } from './route-events.ts'
import { buildTlsOptions } from './tls-options.ts'

export interface Listener {
  readonly address: string
  readonly port: number
  /** Takes a renewed certificate, or other trusted issuers, for handshakes from now on; throws and keeps the old ones when node:tls does not take them. */
  readonly renewTls: (tls: TlsSettings, clientIssuers: ClientIssuers) => void
  /** Grows with every renewal; what OpenSSL says of a connection is held against the issuers of one edition. */
  readonly trustEdition: () => number | null
  /**
   * Takes no more requests and waits for the running ones.
   *
   * @returns how many exchanges were still running when the time was up, and so were cut off
   */
  readonly stop: (drainTimeoutMs: number) => Promise<number>
}

/**
 * Starts to take registrants' connections: TLS with a client certificate asked for, HTTP/1.1, every limit in force from the first byte.
 *
 * @throws the error of node:net when host and port cannot be had, of node:tls when the certificate cannot be used
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const { tls, clientIssuers, secondOpinion, limits, host, port } = options
  const tlsOptions = (settings: TlsSettings, issuers: ClientIssuers) =>
    buildTlsOptions(settings, secondOpinion ? issuers : NO_CLIENT_ISSUERS)
  const server = createServer({ ...tlsOptions(tls, clientIssuers), ...buildHttpOptions(limits) })
  server.maxConnections = limits.maxConnections
  const open = new OpenConnections(secondOpinion ? 0 : null)
  routeEvents(server, open, options)
  await listen(server, host, port)
  server.on('error', options.onFault)
  const { address, port: boundPort } = server.address() as AddressInfo
  return {
    address,
    port: boundPort,
    renewTls: (renewed, issuers) => {
      server.setSecureContext(tlsOptions(renewed, issuers))
      if (open.trustEdition !== null) open.trustEdition += 1
    },
    trustEdition: () => open.trustEdition,
    stop: (drainTimeoutMs) => drain(server, open, drainTimeoutMs),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
