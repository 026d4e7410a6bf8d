import { IncomingMessage, ServerResponse, type Agent, type ClientRequest } from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import httpProxy from 'http-proxy'
import type { UpstreamRequest } from './build-upstream-request.ts'
import { buildUpstreamAgent, type UpstreamOptions } from './upstream-agent.ts'
import { UpstreamFailure } from './upstream-failure.ts'
import { UpstreamWatch } from './upstream-watch.ts'

/** Status and whole body of the identity server's answer, within the limits and otherwise unread. */
export interface RawReply {
  readonly status: number
  readonly body: Buffer
}

/** One request on its way: `connected` turns true when bytes may have reached the identity server. */
interface Flight {
  readonly path: string
  connected: boolean
  readonly land: (outcome: RawReply | UpstreamFailure) => void
}

/** The identity server behind its connections: kept alive, bounded in number, time and size, over mTLS where configured. */
export class Upstream {
  readonly #options: UpstreamOptions
  readonly #agent: Agent
  readonly #proxy: httpProxy
  readonly #watch: UpstreamWatch
  readonly #flights = new WeakMap<IncomingMessage, Flight>()

  constructor(options: UpstreamOptions) {
    this.#options = options
    this.#watch = new UpstreamWatch(options.onEvent)
    this.#agent = buildUpstreamAgent(options)
    this.#proxy = httpProxy.createProxyServer({
      target: options.origin,
      agent: this.#agent,
      selfHandleResponse: true,
      // Our path is complete: http-proxy must neither prepend the target's nor parse ours again.
      prependPath: false,
      toProxy: true,
    })
    this.#proxy.on('proxyReq', (request, incoming) => this.#watchConnection(request, incoming))
    this.#proxy.on('proxyRes', (response, incoming) => void this.#collect(response, incoming))
  }

  /**
   * Sends a complete request and waits for the complete answer. Whoever goes away calls his request back only as long as certainly not a
   * byte of it was sent: afterwards only the answer tells what happened.
   *
   * @throws UpstreamFailure
   */
  async send(request: UpstreamRequest, gone: AbortSignal): Promise<RawReply> {
    const incoming = standIn(request)
    let stop: (kind: UpstreamFailure['kind']) => void = () => undefined
    let onGone: () => void = () => undefined
    const landed = new Promise<RawReply | UpstreamFailure>((land) => {
      const flight: Flight = { path: request.path, connected: false, land }
      this.#flights.set(incoming, flight)
      onGone = () => {
        if (!flight.connected) stop('registrant-gone')
      }
      stop = (kind) => {
        land(new UpstreamFailure(kind, flight.connected))
        // http-proxy takes this for a client that went away and aborts its request, even one still waiting for a connection;
        // on its own it would leave the request open for ever.
        incoming.emit('aborted')
      }
      try {
        this.#proxy.web(incoming, new ServerResponse(incoming), { buffer: Readable.from([request.body]) }, (error) => {
          land(new UpstreamFailure(flight.connected ? 'broken' : 'unreachable', flight.connected, error))
        })
      } catch (fault) {
        // Nothing was written: node:http refuses a header before it opens anything.
        land(new UpstreamFailure('broken', false, fault))
      }
    })
    const timer = setTimeout(() => stop('timeout'), this.#options.timeoutMs)
    gone.addEventListener('abort', onGone, { once: true })
    if (gone.aborted) onGone()
    const outcome = await landed
    clearTimeout(timer)
    gone.removeEventListener('abort', onGone)
    if (outcome instanceof UpstreamFailure) this.#watch.failed(outcome)
    else this.#watch.replied(request.method, outcome.status)
    if (outcome instanceof UpstreamFailure) throw outcome
    return outcome
  }

  close(): void {
    this.#agent.destroy()
  }

  #watchConnection(request: ClientRequest, incoming: IncomingMessage): void {
    const flight = this.#flights.get(incoming)
    const socket = request.socket
    if (flight === undefined || socket === null) return
    if (request.path !== flight.path) {
      refuseOtherPath(request, flight)
      return
    }
    if (request.reusedSocket) flight.connected = true
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => (flight.connected = true))
  }

  async #collect(response: IncomingMessage, incoming: IncomingMessage): Promise<void> {
    const flight = this.#flights.get(incoming)
    const chunks: Buffer[] = []
    let bytes = 0
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length
        // Leaving the loop destroys the response and with it the connection, so the rest is never read.
        if (bytes > this.#options.responseLimitBytes) return flight?.land(new UpstreamFailure('too-large', true))
        chunks.push(chunk)
      }
      flight?.land({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) })
    } catch (error) {
      flight?.land(new UpstreamFailure('broken', true, error))
    }
  }
}

/**
 * http-proxy joins paths by replacing text in them (`//`, `http:/`). It tells of a request before a byte of it is written: one that would
 * go elsewhere than what was judged is never sent.
 */
function refuseOtherPath(request: ClientRequest, { land }: Flight): void {
  land(new UpstreamFailure('broken', false, new Error('the proxy would have asked for another path')))
  request.destroy()
}

/** What http-proxy takes for the incoming request: made of the approved one alone, on a socket that leads nowhere. */
function standIn(request: UpstreamRequest): IncomingMessage {
  const incoming = new IncomingMessage(new Socket())
  incoming.method = request.method
  incoming.url = request.path
  incoming.headers = { ...request.headers }
  return incoming
}
