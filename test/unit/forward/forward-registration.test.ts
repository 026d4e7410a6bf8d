import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { UpstreamRequest } from '../../../src/forward/build-upstream-request.ts'
import { createForwarding } from '../../../src/forward/forward-registration.ts'
import { Upstream } from '../../../src/forward/upstream.ts'
import type { UpstreamOptions } from '../../../src/forward/upstream-agent.ts'
import type { UpstreamReply } from '../../../src/model/answer.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import { prove } from '../../../src/model/proof.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const REQUEST = { operation: 'create', location: null, managementToken: null, passedHeaders: {} }
const APPROVED = {
  evidence: { request: REQUEST, client: null, managed: null },
  metadata: { client_name: 'approved' },
  headers: {},
  once: [],
}
const RESERVED: ReservedRegistration = prove('reserved', {
  ...{ approved: APPROVED, token: null, kept: null },
} as never)

async function identityServer(handle: RequestListener): Promise<{ origin: string; server: Server }> {
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
    timeoutMs: 5000,
    maxSockets: 2,
    responseLimitBytes: 1000,
  }
  const upstream = new Upstream({ origin, ...defaults, ...options })
  cleanups.push(() => upstream.close())
  return upstream
}

function forwardTo(
  origin: string,
  gone = new AbortController().signal,
  options: Partial<UpstreamOptions> = {},
  reserved = RESERVED,
) {
  const upstream = upstreamAt(origin, options)
  const target = { registrationUrl: new URL('/reg', origin), initialAccessToken: null, markMember: null }
  const forward = createForwarding({ upstream, target, jsonLimits: { depth: 4, values: 20 } })
  return forward(reserved, 'decision-1', gone)
}

async function replyTo(status: number, body: string | Buffer): Promise<UpstreamReply> {
  const { origin } = await identityServer((_, response) => response.writeHead(status).end(body))
  return forwardTo(origin)
}

function silence(reason: string, sent: boolean, detail: unknown): unknown {
  const message = 'the identity server gave no usable answer'
  return { kind: 'silence', sent, finding: { reason, at: 'identity server', message, detail } }
}

describe('forwarding', () => {
  it.each([
    ['a copy of a reserved approval', { ...(RESERVED as object) }],
    ['a reserved approval with another one assigned into a copy', Object.assign({}, RESERVED, { approved: APPROVED })],
    ['another proof', prove('approved', APPROVED)],
    ['a request', REQUEST],
  ])('throws on %s that a cast let through, and sends nothing', async (_, forged) => {
    let asked = 0
    const { origin } = await identityServer((_incoming, response) => {
      asked += 1
      response.writeHead(201).end('{"client_id":"c1"}')
    })
    const outcome = forwardTo(origin, undefined, {}, forged as never)
    await expect(outcome).rejects.toThrow(new TypeError('not a proof of reserved'))
    expect(asked).toBe(0)
  })

  it('waits for the answer when the registrant goes away after it was sent: only that tells what happened', async () => {
    const gone = new AbortController()
    const { origin } = await identityServer((_incoming, response) => {
      gone.abort()
      setTimeout(() => response.writeHead(201).end('{"client_id":"c1"}'), 50)
    })
    expect(await forwardTo(origin, gone.signal)).toEqual({ kind: 'answer', status: 201, body: { client_id: 'c1' } })
  })

  it('gives a kept answer again without asking anybody', async () => {
    let asked = 0
    const { origin } = await identityServer((_, response) => {
      asked += 1
      response.writeHead(201).end('{"client_id":"c2"}')
    })
    const kept = { kind: 'answer', status: 201, body: { client_id: 'c1' } } as const
    const reserved: ReservedRegistration = prove('reserved', { approved: APPROVED, token: null, kept } as never)
    expect(await forwardTo(origin, undefined, {}, reserved)).toEqual(kept)
    expect(asked).toBe(0)
  })

  it('marks the client with its registration, and lets no mark come back: an echo of the answer must not hold it', async () => {
    const { origin } = await identityServer((incoming, response) => {
      void incoming.toArray().then((chunks) => response.writeHead(201).end(Buffer.concat(chunks as Buffer[])))
    })
    const reserved: ReservedRegistration = prove('reserved', {
      ...{ approved: APPROVED, registration: 'registration-1', token: null, kept: null },
    } as never)
    const upstream = upstreamAt(origin)
    const seen: string[] = []
    const watched = {
      send: (request: UpstreamRequest, gone: AbortSignal) => {
        seen.push(request.body.toString())
        return upstream.send(request, gone)
      },
    } as unknown as Upstream
    const target = {
      registrationUrl: new URL('/reg', origin),
      initialAccessToken: null,
      markMember: 'dcr_registration',
    }
    const forward = createForwarding({ upstream: watched, target, jsonLimits: { depth: 4, values: 20 } })
    const reply = await forward(reserved, 'decision-1', new AbortController().signal)
    expect(seen.map((text) => JSON.parse(text) as unknown)).toEqual([
      { client_name: 'approved', dcr_registration: 'registration-1' },
    ])
    expect(reply).toEqual({ kind: 'answer', status: 201, body: { client_name: 'approved' } })
  })

  it('sends what was approved and named by its decision', async () => {
    const seen: unknown[] = []
    const { origin } = await identityServer((incoming, response) => {
      void incoming.toArray().then((chunks) => {
        const body = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as unknown
        seen.push({ method: incoming.method, url: incoming.url, id: incoming.headers['decision-id'], body })
        response.writeHead(201).end('{"client_id":"c1"}')
      })
    })
    expect(await forwardTo(origin)).toEqual({ kind: 'answer', status: 201, body: { client_id: 'c1' } })
    expect(seen).toEqual([{ method: 'POST', url: '/reg', id: 'decision-1', body: { client_name: 'approved' } }])
  })

  it.each([
    [201, '{"client_id":"c1"}', { client_id: 'c1' }],
    [400, '{"error":"invalid_client_metadata"}', { error: 'invalid_client_metadata' }],
    [503, '{"error":"busy"}', { error: 'busy' }],
    [204, '', null],
    [200, '', null],
    [401, '', null],
  ])('hands on an answer %i with body "%s"', async (status, body, parsed) => {
    expect(await replyTo(status, body)).toEqual({ kind: 'answer', status, body: parsed })
  })

  it.each([
    [400, '<html>Bad Request</html>'],
    [404, '["not", "an object"]'],
    [502, '{"error":'],
  ])('takes %i for an answer though %s is no JSON object', async (status, body) => {
    expect(await replyTo(status, body)).toEqual({ kind: 'answer', status, body: null })
  })
})

describe('an identity server that says it did what was asked, but not what', () => {
  it.each([
    ['an error page', '<html></html>', 'json-malformed'],
    ['a member twice', '{"client_id":"a","client_id":"b"}', 'json-duplicate-member'],
    ['an array', '[]', 'a JSON value that is not an object'],
    ['a text', '"c1"', 'a JSON value that is not an object'],
    ['null', 'null', 'a JSON value that is not an object'],
    ['too many levels', '{"a":[[[[1]]]]}', 'json-too-deep at a'],
    ['too many values', JSON.stringify({ a: Array(30).fill(1) }), 'json-too-many-values'],
  ])('was silent, having been asked: %s', async (_case, body, found) => {
    const detail = expect.stringContaining(`status 201 with ${found}`) as unknown
    expect(await replyTo(201, body)).toEqual(silence('upstream-answer-invalid', true, detail))
  })

  it('was silent when its text is not UTF-8', async () => {
    const reply = await replyTo(200, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))
    const detail = expect.stringContaining('status 200 with json-invalid-utf8') as unknown
    expect(reply).toEqual(silence('upstream-answer-invalid', true, detail))
  })

  it('was silent when it redirects, which nobody follows', async () => {
    const reply = await replyTo(302, '<a href="/login">')
    expect(reply).toMatchObject({ kind: 'silence', sent: true, finding: { reason: 'upstream-answer-invalid' } })
  })
})

describe('a silence says why, and whether the identity server may have acted', () => {
  it('nobody listens: not sent', async () => {
    const { origin, server } = await identityServer(() => undefined)
    await new Promise((resolve) => server.close(resolve))
    expect(await forwardTo(origin)).toEqual(silence('upstream-unreachable', false, 'unreachable: ECONNREFUSED'))
  })

  it('no answer in time: sent', async () => {
    const { origin } = await identityServer(() => undefined)
    const reply = await forwardTo(origin, undefined, { timeoutMs: 100 })
    expect(reply).toEqual(silence('upstream-timeout', true, 'timeout'))
  })

  it('more bytes than allowed: sent', async () => {
    const reply = await replyTo(201, JSON.stringify({ client_id: 'x'.repeat(1000) }))
    expect(reply).toEqual(silence('upstream-answer-invalid', true, 'too-large'))
  })

  it('connection broken before the answer: sent', async () => {
    const { origin } = await identityServer((incoming) => incoming.socket.destroy())
    expect(await forwardTo(origin)).toEqual(silence('upstream-failed', true, 'broken: ECONNRESET'))
  })

  it('answer broken off: sent', async () => {
    const { origin } = await identityServer((_, response) => {
      response.writeHead(201, { 'content-length': '100' }).write('{"client_id":"a"', () => response.destroy())
    })
    const detail = expect.stringMatching(/^broken: ./) as unknown
    expect(await forwardTo(origin)).toEqual(silence('upstream-failed', true, detail))
  })

  it('registrant left while it was answering, and no answer in time: sent', async () => {
    const leaving = new AbortController()
    const { origin } = await identityServer(() => leaving.abort())
    const reply = await forwardTo(origin, leaving.signal, { timeoutMs: 100 })
    expect(reply).toEqual(silence('upstream-timeout', true, 'timeout'))
  })

  it('registrant left before: not sent', async () => {
    const requests: unknown[] = []
    const { origin } = await identityServer((incoming) => requests.push(incoming.url))
    const reply = await forwardTo(origin, AbortSignal.abort())
    expect(reply).toEqual(silence('registrant-gone', false, 'registrant-gone'))
    expect(requests).toEqual([])
  })
})

describe('a fault of the gateway itself', () => {
  it('is thrown, not taken for a silence of the identity server', async () => {
    const upstream = { send: () => Promise.reject(new TypeError('bug')) } as unknown as Upstream
    const target = { registrationUrl: new URL('http://idp.example/reg'), initialAccessToken: null, markMember: null }
    const forward = createForwarding({ upstream, target, jsonLimits: { depth: 4, values: 20 } })
    await expect(forward(RESERVED, 'decision-1', new AbortController().signal)).rejects.toThrow(TypeError)
  })
})

describe('a token that no header can carry (RFC 6750 section 2.1)', () => {
  it.each(['a\r\nx: y', 'a b', 'caf\u00e9', '"a"', 7, null])('makes the answer unusable: %j', async (token) => {
    const body = JSON.stringify({ client_id: 'a', registration_access_token: token })
    expect(await replyTo(201, body)).toMatchObject({ kind: 'silence', sent: true })
  })

  it('is told apart from one that can', async () => {
    const body = JSON.stringify({ client_id: 'a', registration_access_token: 'a.b-c_d~e+f/g==' })
    expect(await replyTo(201, body)).toMatchObject({ kind: 'answer', status: 201 })
  })
})
