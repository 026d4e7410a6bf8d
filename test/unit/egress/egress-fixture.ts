import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach } from 'vitest'
import { EgressFailure } from '../../../src/egress/egress-failure.ts'
import type { EgressRequest, EgressRules } from '../../../src/egress/egress-rules.ts'
import { fetchBounded } from '../../../src/egress/fetch-bounded.ts'
import { mintAuthority, mintServerCertificate } from '../../support/mint-certificates.ts'

export const authority = await mintAuthority({ subject: [['CN', 'Egress CA']] })
const certificate = await mintServerCertificate(authority, { dnsNames: ['localhost', 'responder.example'] })

/** Lets everything reach the machine itself, which is where the servers of the tests are. */
export const RULES: EgressRules = {
  schemes: ['http', 'https'],
  allowedHosts: null,
  allowedPorts: null,
  allowPrivateAddresses: true,
  ca: authority.pem,
  timeoutMs: 10_000,
  sizeLimitBytes: 1_000,
}

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly requests: readonly { readonly message: IncomingMessage; readonly body: Buffer }[]
  readonly connections: () => number
  readonly open: () => number
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** A real server on 127.0.0.1 that keeps what it was asked. */
export async function startServer(scheme: 'http' | 'https', answer: RequestListener): Promise<TestServer> {
  const requests: { message: IncomingMessage; body: Buffer }[] = []
  const listener: RequestListener = (message, response) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      requests.push({ message, body: Buffer.concat(chunks) })
      answer(message, response)
    })
  }
  const tls = { cert: certificate.pem, key: certificate.privateKeyPem }
  const server: Server = scheme === 'http' ? createHttpServer(listener) : createHttpsServer(tls, listener)
  const connections = countConnections(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => stop(server))
  const { port } = server.address() as AddressInfo
  return { url: `${scheme}://127.0.0.1:${String(port)}/`, port, requests, ...connections }
}

function countConnections(server: Server): Pick<TestServer, 'connections' | 'open'> {
  let [connections, open] = [0, 0]
  server.on('connection', (socket: Socket) => {
    connections += 1
    open += 1
    socket.on('close', () => (open -= 1))
  })
  return { connections: () => connections, open: () => open }
}

function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}

export function get(
  url: string,
  rules: Partial<EgressRules> = {},
  request: Partial<EgressRequest> = {},
): Promise<Buffer> {
  return fetchBounded({ url, method: 'GET', accept: '*/*', ...request }, { ...RULES, ...rules })
}

/** Problem and detail; fails when the fetch does not. */
export async function failureOf(fetched: Promise<Buffer>): Promise<{ problem: string; detail: string }> {
  const failure = await fetched.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(failure instanceof EgressFailure)) throw new Error('no failure of a fetch', { cause: failure })
  return { problem: failure.problem, detail: failure.detail }
}
