import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Metrics } from './metrics.ts'

/** What keeps the gateway from being ready, by name; empty when it is. */
export type Readiness = () => Promise<readonly string[]>

export interface OperationsListener {
  readonly port: number
  readonly stop: () => Promise<void>
}

const REQUEST_LIMIT_MS = 5_000

/** Serves `/livez`, `/readyz` and `/metrics` on a port of its own, which must not be reachable by registrants. */
export async function startOperationsListener(options: {
  readonly host: string
  readonly port: number
  readonly metrics: Metrics
  readonly readiness: Readiness
}): Promise<OperationsListener> {
  const server = createServer(
    { requestTimeout: REQUEST_LIMIT_MS, headersTimeout: REQUEST_LIMIT_MS },
    (request, response) => {
      answer(request.url ?? '', options, response).catch(() => response.writeHead(500).end())
    },
  )
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, options.host, resolve))
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) }
}

async function answer(
  target: string,
  options: { metrics: Metrics; readiness: Readiness },
  response: ServerResponse,
): Promise<void> {
  if (target === '/livez') send(response, 200, 'text/plain', 'live\n')
  else if (target === '/metrics') send(response, 200, options.metrics.contentType, await options.metrics.write())
  else if (target === '/readyz') {
    const missing = await options.readiness()
    send(
      response,
      missing.length === 0 ? 200 : 503,
      'text/plain',
      missing.length === 0 ? 'ready\n' : `not ready: ${missing.join(', ')}\n`,
    )
  } else send(response, 404, 'text/plain', 'here are /livez, /readyz and /metrics\n')
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
