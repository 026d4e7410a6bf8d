import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** How the directory answers, from the next request on. */
export type DirectoryBehaviour =
  | { readonly kind: 'keys'; readonly keys: readonly object[] }
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body: string | Buffer
    }
  /** Takes the request and says nothing. */
  | { readonly kind: 'silent' }
  /** Sends headers and the beginning of the body, and no more. */
  | { readonly kind: 'stalled' }
  /** A body that never ends. */
  | { readonly kind: 'endless' }
  /** Breaks the connection instead of answering. */
  | { readonly kind: 'reset' }

export interface DirectoryServerOptions {
  readonly certificate: string
  readonly privateKey: string
  /** None when absent. */
  readonly keys?: readonly object[]
  readonly port?: number
}

export interface DirectoryConnections {
  /** All that there ever were. */
  readonly opened: number
  /** Those that skipped the certificate by resuming an earlier session. */
  readonly resumed: number
  readonly stillOpen: number
}

export interface DirectoryServer {
  readonly jwksUri: string
  readonly port: number
  readonly requestCount: () => number
  readonly connections: () => DirectoryConnections
  readonly behave: (behaviour: DirectoryBehaviour) => void
  readonly stop: () => Promise<void>
}

const PATH = '/openbanking.jwks'
const CHUNK = Buffer.alloc(16_384, ' ')

/** A directory of software statements, as far as a gateway sees it: its published keys over https on 127.0.0.1. */
export async function startDirectoryServer(options: DirectoryServerOptions): Promise<DirectoryServer> {
  let behaviour: DirectoryBehaviour = { kind: 'keys', keys: options.keys ?? [] }
  let requests = 0
  const connections = { opened: 0, resumed: 0, stillOpen: 0 }
  const server = createServer({ cert: options.certificate, key: options.privateKey }, (request, response) => {
    requests += 1
    answer(behaviour, request, response)
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    connections.opened += 1
    connections.resumed += socket.isSessionReused() ? 1 : 0
    connections.stillOpen += 1
    socket.on('close', () => (connections.stillOpen -= 1))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    jwksUri: `https://127.0.0.1:${port}${PATH}`,
    port,
    requestCount: () => requests,
    connections: () => ({ ...connections }),
    behave: (next) => (behaviour = next),
    stop: () => close(server),
  }
}

function answer(behaviour: DirectoryBehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (request.url !== PATH || request.method !== 'GET') send(response, 404, {}, '')
  else if (behaviour.kind === 'keys') send(response, 200, {}, JSON.stringify({ keys: behaviour.keys }))
  else if (behaviour.kind === 'answer') send(response, behaviour.status ?? 200, behaviour.headers ?? {}, behaviour.body)
  else if (behaviour.kind === 'stalled') response.writeHead(200).write('{"keys":[')
  else if (behaviour.kind === 'endless') fill(response.writeHead(200).on('drain', () => fill(response)))
  else if (behaviour.kind === 'reset') request.socket.destroy()
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  response.writeHead(status, { 'content-type': 'application/jwk-set+json', ...headers }).end(body)
}

function fill(response: ServerResponse): void {
  while (response.write(CHUNK));
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
