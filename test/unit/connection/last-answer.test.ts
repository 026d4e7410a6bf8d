import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/model/answer.ts'
import { answerAtOnce, eventually, NOW, readAndAnswer, startEdge } from './edge.ts'

const POST = 'POST /register HTTP/1.1'
const HOST = 'Host: dcr'

function answering(answer: Answer): () => Promise<Answer> {
  return () => Promise.resolve(answer)
}

describe('a request that is refused unread', () => {
  it('is answered, though the registrant is still sending: no reset overtakes the answer', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 250000', '', 'x')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    client.socket.write('x'.repeat(249_999))
    expect(await client.answer()).toMatchObject({
      status: 401,
      headers: { connection: 'close', 'content-length': '26' },
      body: '{"error":"invalid_client"}',
    })
    await client.closed
    expect(edge.faults).toEqual([])
  })

  it('is cut off when the registrant does not close', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const stayingOpen = { allowHalfOpen: true, rejectUnauthorized: false }
    const client = await edge.dial(stayingOpen)
    client.send(POST, HOST, 'Content-Length: 10', '', 'x')
    expect(await client.answer()).toMatchObject({ status: 401 })
    expect(await edge.listener.stop(60_000)).toBe(0)
  })

  it('does not keep the registrant waiting for permission to send (RFC 9110 section 10.1.1)', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 10', 'Expect: 100-continue', '', '')
    expect(await client.answer()).toMatchObject({ status: 401, headers: { connection: 'close' } })
    await client.closed
  })
})

describe('a request whose registrant waits for permission to send', () => {
  it('gets it when the body is read, and not before', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 4', 'Expect: 100-Continue', '', '')
    expect(await client.answer()).toMatchObject({ status: 100 })
    client.send('body')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"received":"body"}' })
    client.send(POST, HOST, 'Content-Length: 1', '', 'x')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"received":"x"}' })
  })
})

describe.each([
  ['that leaves the connection open', readAndAnswer],
  ['that closes the connection', answerAtOnce],
])('an answer %s', (_case, before) => {
  /** With the body read first or not. */
  async function ask(answer: Answer, method = 'POST') {
    const edge = await startEdge({ handle: (arrival) => before(arrival).then(answering(answer)) })
    const client = await edge.dial()
    client.send(`${method} / HTTP/1.1`, HOST, 'Content-Length: 2', '', '{}')
    return { edge, client, answer: await client.answer() }
  }

  it('has its headers, its exact length, and is kept by nobody (RFC 7591 section 3.2.1)', async () => {
    const { answer } = await ask({ status: 201, headers: { 'Decision-Id': 'abc' }, body: { client_name: 'Itaú' } })
    expect(answer).toMatchObject({
      status: 201,
      headers: {
        'decision-id': 'abc',
        'cache-control': 'no-store',
        pragma: 'no-cache',
        'content-type': 'application/json',
        'content-length': '23',
      },
      body: '{"client_name":"Itaú"}',
    })
    expect(Date.parse(answer?.headers['date'] ?? '')).not.toBeNaN()
  })

  it('may say otherwise about being kept', async () => {
    const { answer } = await ask({ status: 200, headers: { 'Cache-Control': 'no-store, private' }, body: {} })
    expect(answer?.headers['cache-control']).toBe('no-store, private')
  })

  it('has no length and no type when it can have no body (RFC 9110 section 8.6)', async () => {
    for (const body of [null, { a: 1 }]) {
      const { answer, client } = await ask({ status: 204, headers: {}, body }, 'DELETE')
      expect(answer?.status).toBe(204)
      expect(Object.keys(answer?.headers ?? {})).not.toContain('content-length')
      expect(Object.keys(answer?.headers ?? {})).not.toContain('content-type')
      expect(Object.keys(answer?.headers ?? {})).not.toContain('transfer-encoding')
      expect(client.rest).toBe('')
    }
  })

  it('says that it is empty when it is', async () => {
    const { answer } = await ask({ status: 502, headers: {}, body: null })
    expect(answer).toMatchObject({ status: 502, headers: { 'content-length': '0' }, body: '' })
    expect(Object.keys(answer?.headers ?? {})).not.toContain('content-type')
  })

  it('to HEAD has the length of a body and none (RFC 9110 section 9.3.2)', async () => {
    const edge = await startEdge({
      handle: (arrival) => before(arrival).then(answering({ status: 405, headers: {}, body: { a: 1 } })),
    })
    const client = await edge.dial()
    client.send('HEAD / HTTP/1.1', HOST, 'Connection: close', '', '')
    await client.closed
    expect(client.rest).toMatch(/^HTTP\/1\.1 405 [^]*\r\ncontent-length: 7\r\n[^]*\r\n\r\n$/i)
  })

  it('is framed by the gateway, whatever it says itself', async () => {
    const { answer } = await ask({
      status: 200,
      headers: { 'Transfer-Encoding': 'chunked', 'content-length': '999', Connection: 'upgrade', Upgrade: 'h2c' },
      body: {},
    })
    expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '2' }, body: '{}' })
    expect(answer?.headers['connection']).toMatch(/^(keep-alive|close)$/)
    expect(Object.keys(answer?.headers ?? {})).not.toContain('transfer-encoding')
    expect(Object.keys(answer?.headers ?? {})).not.toContain('upgrade')
  })

  it.each([
    ['x-a', 'b\r\nset-cookie: c'],
    ['x-a', 'b\nc'],
    ['x-a', '\u0000'],
    ['x-a', '\u20ac'],
    ['x-a: b\r\nx-c', 'd'],
    ['', 'a'],
  ])('is not sent when a header would break out of its line: %j %j', async (name, value) => {
    const { answer, edge } = await ask({ status: 200, headers: { [name]: value }, body: {} })
    expect(answer).toBeNull()
    expect(edge.faults).toEqual([expect.any(TypeError)])
  })
})

describe('the last answer on a connection', () => {
  it('is a whole HTTP message with the time of the clock', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const client = await edge.dial()
    client.send('GARBAGE', '', '')
    await client.closed
    const decisionId = edge.early[0]?.arrival.decisionId ?? ''
    expect(client.rest).toBe(
      [
        'HTTP/1.1 400 Bad Request',
        `date: ${NOW.toUTCString()}`,
        'cache-control: no-store',
        'pragma: no-cache',
        'content-type: application/json',
        `decision-id: ${decisionId}`,
        'content-length: 29',
        'connection: close',
        '',
        '{"error":"request-malformed"}',
      ].join('\r\n'),
    )
  })

  it('needs no phrase for its status', async () => {
    const edge = await startEdge({ handle: answering({ status: 499, headers: {}, body: null }) })
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 2', '', '{}')
    await client.closed
    expect(client.rest).toMatch(/^HTTP\/1\.1 499 \r\n/)
  })
})
