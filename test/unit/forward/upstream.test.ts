import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { UpstreamRequest } from '../../../src/forward/build-upstream-request.ts'
import type { UpstreamFailure } from '../../../src/forward/upstream-failure.ts'
import type { UpstreamOptions } from '../../../src/forward/upstream-agent.ts'
import { Upstream } from '../../../src/forward/upstream.ts'

const never = new AbortController().signal
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function identityServer(handle: Handler): Promise<{ origin: string; server: Server }> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function upstreamAt(origin: string, options: Partial<UpstreamOptions> = {}): Upstream {
  const defaults = {
    onEvent: () => undefined,
    ca: null,
    clientCertificate: null,
    timeoutMs: 2000,
    maxSockets: 8,
    responseLimitBytes: 10_000,
  }
  const upstream = new Upstream({ origin, ...defaults, ...options })
  cleanups.push(() => upstream.close())
  return upstream
}

function request(method: string, path: string, body = ''): UpstreamRequest {
  const bytes = Buffer.from(body)
  return { method, path, headers: { host: 'idp.example', 'content-length': String(bytes.length) }, body: bytes }
}

async function failureOf(promise: Promise<unknown>): Promise<Pick<UpstreamFailure, 'kind' | 'sent'>> {
  const failure = await promise.then(
    () => null,
    (error: unknown) => error as UpstreamFailure,
  )
  return { kind: failure?.kind ?? 'broken', sent: failure?.sent ?? false }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('the way to the identity server', () => {
  it.each(['POST', 'PUT', 'GET', 'DELETE'])('sends a %s with exactly our headers, path and body', async (method) => {
    const body = method === 'POST' || method === 'PUT' ? '{"client_name":"é"}' : ''
    const seen: unknown[] = []
    const { origin } = await identityServer((incoming, response) => {
      void bodyOf(incoming).then((received) => {
        const { host, 'content-length': length, 'transfer-encoding': encoding } = incoming.headers
        seen.push({ method: incoming.method, url: incoming.url, host, length, encoding, received })
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')
      })
    })
    const reply = await upstreamAt(origin).send(request(method, '/reg/a%20b?x=1//2&y=%2f', body), never)
    expect(reply).toEqual({ status: 200, body: Buffer.from('{"a":1}') })
    expect(seen).toEqual([
      {
        method,
        url: '/reg/a%20b?x=1//2&y=%2f',
        host: 'idp.example',
        length: String(Buffer.byteLength(body)),
        encoding: undefined,
        received: body,
      },
    ])
  })

  it.each(['/reg//a', '/reg/http:/a', '/reg/xhttps:/a?b=1'])(
    'is not taken when http-proxy would ask for another path than %s, which was judged',
    async (path) => {
      const urls: (string | undefined)[] = []
      const { origin } = await identityServer((incoming, response) => {
        urls.push(incoming.url)
        response.end('{}')
      })
      const upstream = upstreamAt(origin, { maxSockets: 1 })
      // The second and the third wait for a connection, by when their heads are written already.
      const sent = ['/reg/a', path, path].map((each) => upstream.send(request('POST', each, '{}'), never))
      await sent[0]
      for (const refused of sent.slice(1)) expect(await failureOf(refused)).toEqual({ kind: 'broken', sent: false })
      await upstream.send(request('POST', '/reg/b', '{}'), never)
      expect(urls).toEqual(['/reg/a', '/reg/b'])
    },
  )

  it('keeps connections alive', async () => {
    const ports = new Set<number | undefined>()
    const { origin } = await identityServer((incoming, response) => {
      ports.add(incoming.socket.remotePort)
      response.end('{}')
    })
    const upstream = upstreamAt(origin)
    for (let count = 0; count < 20; count += 1) await upstream.send(request('POST', '/reg', '{}'), never)
    expect(ports.size).toBe(1)
  })

  it('says that nothing was sent when nobody listens', async () => {
    const { origin, server } = await identityServer(() => undefined)
    await new Promise((resolve) => server.close(resolve))
    expect(await failureOf(upstreamAt(origin).send(request('POST', '/reg', '{}'), never))).toEqual({
      kind: 'unreachable',
      sent: false,
    })
  })

  it('says that nothing was sent when the identity server speaks no TLS', async () => {
    const { origin } = await identityServer((_, response) => response.end('{}'))
    const outcome = failureOf(upstreamAt(origin.replace('http:', 'https:')).send(request('POST', '/reg', '{}'), never))
    expect(await outcome).toEqual({ kind: 'unreachable', sent: false })
  })

  it('gives up after the time limit, knowing that the request was sent', async () => {
    const { origin } = await identityServer(() => undefined)
    expect(await failureOf(upstreamAt(origin, { timeoutMs: 100 }).send(request('POST', '/reg', '{}'), never))).toEqual({
      kind: 'timeout',
      sent: true,
    })
  })

  it('knows that a request on a connection that was kept may have arrived, however it fails', async () => {
    let requests = 0
    const { origin } = await identityServer((incoming, response) => {
      requests += 1
      if (requests === 1) response.end('{}')
      else incoming.socket.destroy()
    })
    const upstream = upstreamAt(origin)
    await upstream.send(request('POST', '/reg', '{}'), never)
    expect(await failureOf(upstream.send(request('POST', '/reg', '{}'), never))).toEqual({ kind: 'broken', sent: true })
    expect(requests).toBe(2)
  })

  it('opens no more connections at a time than are set', async () => {
    const answers: (() => void)[] = []
    const { origin, server } = await identityServer((_, response) => void answers.push(() => response.end('{}')))
    const upstream = upstreamAt(origin, { maxSockets: 2 })
    const replies = Array.from({ length: 4 }, () => upstream.send(request('POST', '/reg', '{}'), never))
    await expect.poll(() => answers.length).toBe(2)
    expect(await connectionsOf(server)).toBe(2)
    for (const count of [3, 4]) {
      answers[count - 3]?.()
      await expect.poll(() => answers.length).toBe(count)
    }
    for (const answer of answers.slice(2)) answer()
    expect(await Promise.all(replies)).toHaveLength(4)
    expect(await connectionsOf(server)).toBe(2)
  })

  it('lets an idle connection go before the identity server would, which could be just when it is used', async () => {
    const { origin, server } = await identityServer((_, response) => response.end('{}'))
    server.keepAliveTimeout = 60_000
    await upstreamAt(origin).send(request('POST', '/reg', '{}'), never)
    expect(await connectionsOf(server)).toBe(1)
    // Node servers close after 5 s.
    await expect.poll(() => connectionsOf(server), { timeout: 4900, interval: 100 }).toBe(0)
  })

  it('sees a request that was sent through to its end, whoever goes away', async () => {
    const controller = new AbortController()
    const { origin } = await identityServer((_, response) => {
      controller.abort()
      setTimeout(() => response.end('{}'), 50)
    })
    const sent = upstreamAt(origin).send(request('POST', '/reg', '{}'), controller.signal)
    expect(await sent).toEqual({ status: 200, body: Buffer.from('{}') })
  })

  it('waits no longer than the time limit for it', async () => {
    const controller = new AbortController()
    const { origin } = await identityServer(() => controller.abort())
    const sent = upstreamAt(origin, { timeoutMs: 100 }).send(request('POST', '/', '{}'), controller.signal)
    expect(await failureOf(sent)).toEqual({ kind: 'timeout', sent: true })
  })

  it('calls back what was not sent yet', async () => {
    const { origin } = await identityServer((_, response) => response.end('{}'))
    const sent = upstreamAt(origin).send(request('POST', '/', '{}'), AbortSignal.abort())
    expect(await failureOf(sent)).toEqual({ kind: 'registrant-gone', sent: false })
  })

  it('never sends a request whose registrant left while it waited for a connection', async () => {
    const urls: (string | undefined)[] = []
    const answers: (() => void)[] = []
    const { origin } = await identityServer((incoming, response) => {
      urls.push(incoming.url)
      answers.push(() => response.end('{}'))
    })
    const upstream = upstreamAt(origin, { maxSockets: 1 })
    const first = upstream.send(request('POST', '/first', '{}'), never)
    await expect.poll(() => urls.length).toBe(1)
    const controller = new AbortController()
    const second = failureOf(upstream.send(request('POST', '/second', '{}'), controller.signal))
    controller.abort()
    expect(await second).toEqual({ kind: 'registrant-gone', sent: false })
    answers[0]?.()
    await first
    const third = upstream.send(request('POST', '/third', '{}'), never)
    await expect.poll(() => urls.length).toBe(2)
    answers[1]?.()
    await third
    expect(urls).toEqual(['/first', '/third'])
  })

  it('stops reading an answer beyond the size limit', async () => {
    const { origin } = await identityServer((_, response) => {
      response.writeHead(200)
      const pump = setInterval(() => response.write('x'.repeat(5000)), 5)
      response.on('close', () => clearInterval(pump))
    })
    expect(await failureOf(upstreamAt(origin).send(request('POST', '/reg', '{}'), never))).toEqual({
      kind: 'too-large',
      sent: true,
    })
  })

  it('takes an answer that breaks off for none', async () => {
    const { origin } = await identityServer((_, response) => {
      response.writeHead(201, { 'content-length': '100' })
      response.write('{"client_id":"a"')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await failureOf(upstreamAt(origin).send(request('POST', '/reg', '{}'), never))).toEqual({
      kind: 'broken',
      sent: true,
    })
  })

  it('takes an answer that is no HTTP for none', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-surprise\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => server.close())
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await failureOf(upstreamAt(origin).send(request('POST', '/reg', '{}'), never))).toEqual({
      kind: 'broken',
      sent: true,
    })
  })
})
