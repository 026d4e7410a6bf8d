import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { refuse, type Refusal } from '../model/refusal.ts'
import { checkHead } from './check-head.ts'
import type { Connection } from './connection.ts'
import type { ListenerOptions } from './listener-options.ts'
import type { OpenConnections } from './open-connections.ts'
import { refusalOfFailure } from './parse-failure.ts'
import { refuseEarly } from './refuse-early.ts'
import { serveExchange, type Incoming } from './serve-exchange.ts'

/** Leads every event of the server to an exchange, to a refusal or to a closed connection. */
export function routeEvents(server: Server, open: OpenConnections, options: ListenerOptions): void {
  const router = new EventRouter(server, open, options)
  server.on('connection', (socket) => open.addSocket(socket))
  server.prependListener('secureConnection', (socket) => router.admit(socket))
  server.on('request', (request, response) => router.serve(request, response, false))
  server.on('checkContinue', (request, response) => router.serve(request, response, true))
  server.on('checkExpectation', (request) => router.decline(request, unsupportedExpectation()))
  server.on('upgrade', (request) => router.decline(request, unsupportedProtocol()))
  server.on('connect', (request) => router.decline(request, unsupportedProtocol()))
  server.on('clientError', (error, socket) => router.fail(codeOf(error), socket))
  server.on('tlsClientError', (error) => options.onHandshakeFailure(codeOf(error)))
}

class EventRouter {
  readonly #server: Server
  readonly #open: OpenConnections
  readonly #options: ListenerOptions

  constructor(server: Server, open: OpenConnections, options: ListenerOptions) {
    this.#server = server
    this.#open = open
    this.#options = options
  }

  admit(socket: TLSSocket): void {
    try {
      if (this.#server.listening) this.#open.addConnection(socket)
      else socket.destroy()
    } catch (fault) {
      this.#giveUp(socket, fault)
    }
  }

  serve(request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void {
    const connection = this.#open.find(request.socket)
    if (connection === undefined || connection.condemned) return
    const refusal = this.#refusalOf(connection, request)
    if (refusal === null) this.#serve({ connection, request, response, awaitsContinue })
    else this.#refuse(connection, request, refusal)
  }

  decline(request: IncomingMessage, refusal: Refusal): void {
    const connection = this.#open.find(request.socket)
    if (connection === undefined || connection.condemned) return
    this.#refuse(connection, request, refusal)
  }

  /** A request that node:http could not read, or a connection that broke. */
  fail(code: string, socket: Duplex): void {
    const connection = this.#open.find(socket)
    if (connection?.condemned === true) return
    const refusal = refusalOfFailure(code, connection?.busy === true)
    // Connections without a single byte (health checks, clients that connect ahead) are closed without a word when their time is up.
    if (connection === undefined || refusal === null || connection.socket.bytesRead === 0) socket.destroy()
    else if (connection.busy) connection.interrupt(refusal)
    else this.#refuse(connection, null, refusal)
  }

  #refusalOf(connection: Connection, request: IncomingMessage): Refusal | null {
    if (connection.busy) return pipelined()
    return this.#server.listening ? checkHead(request) : shuttingDown()
  }

  #serve(incoming: Incoming): void {
    const exchange = serveExchange(incoming, this.#options, () => this.#server.listening)
    this.#open.addExchange(exchange.catch((fault: unknown) => this.#giveUp(incoming.connection.socket, fault)))
  }

  #refuse(connection: Connection, request: IncomingMessage | null, refusal: Refusal): void {
    try {
      refuseEarly(connection, request, refusal, this.#options)
    } catch (fault) {
      this.#giveUp(connection.socket, fault)
    }
  }

  #giveUp(socket: TLSSocket, fault: unknown): void {
    this.#options.onFault(fault)
    socket.destroy()
  }
}

/** Codes come from Node and OpenSSL alone, so that they may be counted. */
function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'UNKNOWN'
}

function pipelined(): Refusal {
  const message = 'the request came before the answer to the one before it'
  return refuse({ reason: 'request-malformed', at: 'request', message })
}

function shuttingDown(): Refusal {
  return refuse({ reason: 'shutting-down', at: 'gateway', message: 'the gateway takes no more requests' })
}

function unsupportedExpectation(): Refusal {
  const message = 'the expectation is not one that can be met'
  return refuse({ reason: 'expectation-unsupported', at: 'header expect', message, wanted: '100-continue' })
}

function unsupportedProtocol(): Refusal {
  return refuse({
    reason: 'request-malformed',
    at: 'request',
    message: 'the connection speaks HTTP/1.1 and nothing else',
  })
}
