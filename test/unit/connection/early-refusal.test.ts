import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { expectRefusedOnce, NOW, readAndAnswer, startEdge } from './edge.ts'
import type { RawClient } from './raw-client.ts'

const POST = 'POST /register HTTP/1.1'
const HOST = 'Host: dcr'

describe('what is no well-formed HTTP/1.1 request is refused in JSON, written down, and never served', () => {
  it.each([
    ['no HTTP at all', ['\u0016\u0003\u0001 hello', '', '']],
    ['an unknown method', ['REGISTER / HTTP/1.1', HOST, '', '']],
    ['a target with a space', ['GET /a b HTTP/1.1', HOST, '', '']],
    ['HTTP/1.0', ['GET / HTTP/1.0', HOST, '', '']],
    ['HTTP/0.9', ['GET /', '', '']],
    ['an HTTP version to come', ['GET / HTTP/1.2', HOST, '', '']],
    ['no Host (RFC 9112 section 3.2)', ['GET / HTTP/1.1', '', '']],
    ['two Hosts', ['GET / HTTP/1.1', HOST, 'host: other', '', '']],
    ['a space before the colon (RFC 9112 section 5.1)', ['GET / HTTP/1.1', HOST, 'Client-Cert : x', '', '']],
    ['a folded header (RFC 9112 section 5.2)', ['GET / HTTP/1.1', HOST, 'X-A: a', ' Client-Cert: b', '', '']],
    ['a bare line feed in a header', ['GET / HTTP/1.1', HOST, 'X-A: a\nClient-Cert: b', '', '']],
    ['a bare carriage return in a header', ['GET / HTTP/1.1', HOST, 'X-A: a\rClient-Cert: b', '', '']],
    ['a NUL in a header', ['GET / HTTP/1.1', HOST, 'X-A: a\0b', '', '']],
    ['two lengths (RFC 9112 section 6.3)', [POST, HOST, 'Content-Length: 1', 'Content-Length: 2', '', 'x']],
    ['two equal lengths', [POST, HOST, 'Content-Length: 1', 'Content-Length: 1', '', 'x']],
    ['a list of lengths', [POST, HOST, 'Content-Length: 1, 1', '', 'x']],
    ['a signed length', [POST, HOST, 'Content-Length: +1', '', 'x']],
    [
      'length and chunks (RFC 9112 section 6.1)',
      [POST, HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked', '', '0', '', ''],
    ],
    ['chunks and length', [POST, HOST, 'Transfer-Encoding: chunked', 'Content-Length: 5', '', '0', '', '']],
    ['a coding after chunked', [POST, HOST, 'Transfer-Encoding: chunked, gzip', '', '0', '', '']],
    ['an upgrade', ['GET / HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket', '', '']],
    [
      'an upgrade to cleartext HTTP/2',
      [
        'GET / HTTP/1.1',
        HOST,
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAAP__',
        '',
        '',
      ],
    ],
    ['a tunnel', ['CONNECT internal:443 HTTP/1.1', 'Host: internal:443', '', '']],
  ])('for %s', async (_case, lines) => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(...lines)
    const answer = await client.answer()
    expect(answer).toMatchObject({ status: 400, body: '{"error":"request-malformed"}' })
    expect(answer?.headers).toMatchObject({
      connection: 'close',
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    expect(answer?.headers['decision-id']).toBe(edge.early[0]?.arrival.decisionId)
    await client.closed
    expect(client.rest).toBe('')
    expectRefusedOnce(edge, 'request-malformed')
  })

  it('for the preface of HTTP/2, which gets no answer it could read', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('PRI * HTTP/2.0', '', 'SM', '', '')
    await client.closed
    expect(edge.arrivals).toEqual([])
    expect(edge.faults).toEqual([])
  })
})

describe('the audit trail of an early refusal', () => {
  it('has method, target and headers where they could be read', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('GET /register?x HTTP/1.1', HOST, 'Expect: a-miracle', '', '')
    await client.answer()
    expect(edge.early[0]).toMatchObject({
      arrival: {
        method: 'GET',
        target: '/register?x',
        rawHeaders: ['Host', 'dcr', 'Expect', 'a-miracle'],
        receivedAt: NOW,
        peer: { tlsVersion: 'TLSv1.3' },
      },
      answer: { status: 417 },
      timings: {},
    })
  })

  it('has the connection and the code of the parser where they could not', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('GARBAGE', '', '')
    await client.answer()
    const [exchange] = edge.early
    expect(exchange?.arrival).toMatchObject({ method: '', target: '', rawHeaders: [], peer: { address: '127.0.0.1' } })
    expect(exchange?.refusal?.findings[0].detail).toMatch(/^HPE_/)
    const body: Buffer[] = []
    for await (const chunk of exchange?.arrival.body ?? []) body.push(chunk)
    expect(body).toEqual([])
    expect(exchange?.arrival.gone.aborted).toBe(false)
  })
})

describe('other reasons not to serve a request', () => {
  it('are headers beyond the limit of bytes', async () => {
    const edge = await startEdge({ limits: { headerLimitBytes: 1000 } })
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', HOST, `X-A: ${'a'.repeat(2000)}`, '', '')
    expect(await client.answer()).toMatchObject({ status: 431, body: '{"error":"request-headers-too-large"}' })
    expectRefusedOnce(edge, 'request-headers-too-large')
  })

  it('are more than 100 headers, of which node:http would drop the last ones', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    const headers = Array.from({ length: 100 }, (_, index) => `X-${index}: a`)
    client.send('GET / HTTP/1.1', HOST, ...headers.slice(1), '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
    expect(edge.arrivals.splice(0)[0]?.rawHeaders).toHaveLength(200)
    client.send('GET / HTTP/1.1', HOST, ...headers, '', '')
    expect(await client.answer()).toMatchObject({ status: 431, body: '{"error":"request-headers-too-large"}' })
    expectRefusedOnce(edge, 'request-headers-too-large')
  })

  it('are headers that take too long', async () => {
    const edge = await startEdge({ limits: { headersTimeoutMs: 50 } })
    const client = await edge.dial({}, ['GET / HTTP/1.1', 'Host: d'])
    expect(await client.answer()).toMatchObject({ status: 408, body: '{"error":"request-too-slow"}' })
    expectRefusedOnce(edge, 'request-too-slow')
  })

  it('are expectations other than 100-continue (RFC 9110 section 10.1.1)', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(POST, HOST, 'Expect: 200-ok', 'Content-Length: 2', '', '{}')
    expect(await client.answer()).toMatchObject({ status: 417, body: '{"error":"expectation-unsupported"}' })
    expectRefusedOnce(edge, 'expectation-unsupported')
  })
})

describe('a connection that never sends a byte', () => {
  it('is closed without a word when the time for headers is up: it is no request', async () => {
    const edge = await startEdge({ limits: { headersTimeoutMs: 50 } })
    const client = await edge.dial()
    expect(await client.answer()).toBeNull()
    expect(edge.early).toEqual([])
  })

  it('is closed without a word after its first request too', async () => {
    const edge = await startEdge({ limits: { idleTimeoutMs: 50 } })
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
    expect(await client.answer()).toBeNull()
    expect(edge.early).toEqual([])
  })

  it('is closed all the same when empty lines come, which are no request either (RFC 9112 section 2.2)', async () => {
    const edge = await startEdge({ limits: { idleTimeoutMs: 300 } })
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
    expect(await closedWhileDripping(client, 3000)).toBe(true)
    expect(edge.early).toEqual([])
  })

  it('is closed when nothing but empty lines comes before the first request', async () => {
    const edge = await startEdge({ limits: { headersTimeoutMs: 300 } })
    expect(await closedWhileDripping(await edge.dial(), 5000)).toBe(true)
    expect(edge.arrivals).toEqual([])
  })

  it('is not closed in the middle of an exchange that takes longer', async () => {
    const edge = await startEdge({
      limits: { idleTimeoutMs: 100 },
      handle: async (arrival) => {
        await new Promise((resolve) => setTimeout(resolve, arrival.target === '/slow' ? 400 : 0))
        return readAndAnswer(arrival)
      },
    })
    const client = await edge.dial()
    client.send('GET /quick HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
    client.send('GET /slow HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
  })
})

/** Sends an empty line every 50 ms. */
async function closedWhileDripping(client: RawClient, limitMs: number): Promise<boolean> {
  const drip = setInterval(() => client.send('', ''), 50)
  const end = new AbortController()
  const closed = await Promise.race([
    client.closed.then(() => true),
    wait(limitMs, false, { signal: end.signal }).catch(() => false),
  ])
  end.abort()
  clearInterval(drip)
  return closed
}
