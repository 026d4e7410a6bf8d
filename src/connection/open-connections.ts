import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Connection } from './connection.ts'
import { readPeer } from './peer-chain.ts'

/** Everything that is open at the moment, so that it can be found by its socket and closed in the end. */
export class OpenConnections {
  /** Every TCP connection, in its handshake or past it. */
  readonly sockets = new Set<Duplex>()
  /** Those past it, by their TLS sockets. */
  readonly #connections = new Map<Duplex, Connection>()
  readonly exchanges = new Set<Promise<void>>()
  /** Counts how often the trusted issuers were renewed; null while OpenSSL is not asked. */
  trustEdition: number | null

  constructor(trustEdition: number | null) {
    this.trustEdition = trustEdition
  }

  addSocket(socket: Duplex): void {
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
  }

  /** Must come first of all who hear of the handshake's end: the presented chain can be read once only. */
  addConnection(socket: TLSSocket): void {
    this.#connections.set(socket, new Connection(socket, readPeer(socket, this.trustEdition)))
    socket.once('close', () => this.#connections.delete(socket))
  }

  /** Undefined for sockets that did not get through the handshake, or that are closed. */
  find(socket: Duplex): Connection | undefined {
    return this.#connections.get(socket)
  }

  addExchange(exchange: Promise<void>): void {
    const tracked = exchange.finally(() => this.exchanges.delete(tracked))
    this.exchanges.add(tracked)
  }

  /** node:http closes what is between two requests by itself, but not what is before its first. */
  destroyUnused(): void {
    for (const { socket } of this.#connections.values()) if (socket.bytesRead === 0) socket.destroy()
  }

  destroyAll(): void {
    for (const socket of this.sockets) socket.destroy()
  }
}
