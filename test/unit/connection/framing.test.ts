import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/model/answer.ts'
import type { Arrival } from '../../../src/model/arrival.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { answerAtOnce, eventually, readAndAnswer, startEdge } from './edge.ts'

const POST = 'POST /register HTTP/1.1'
const HOST = 'Host: dcr'

/** Reads the body, notes what that is refused for, and answers. */
function readAndTell(reasons: string[]): (arrival: Arrival) => Promise<Answer> {
  return async (arrival) => {
    try {
      return await readAndAnswer(arrival)
    } catch (failure) {
      if (!(failure instanceof Refusal)) throw failure
      reasons.push(failure.findings[0].reason)
      return answerAtOnce()
    }
  }
}

describe('what comes behind a request before it is answered', () => {
  it('is not served when it is another request: the answer is the last one', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 2', '', '{}DELETE /register/abc HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
      body: '{"received":"{}"}',
    })
    expect(await client.answer()).toBeNull()
    expect(edge.arrivals.map(({ method }) => method)).toEqual(['POST'])
    expect(edge.early.map(({ arrival, refusal }) => [arrival.method, refusal?.findings[0].reason])).toEqual([
      ['DELETE', 'request-malformed'],
    ])
  })

  it('is not served when it is an upgrade', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', HOST, '', 'GET / HTTP/1.1', HOST, 'Connection: upgrade', 'Upgrade: h2c', '', '')
    expect(await client.answer()).toMatchObject({ status: 200, headers: { connection: 'close' } })
    expect(await client.answer()).toBeNull()
    expect(edge.arrivals).toHaveLength(1)
  })

  it('is written down once, however much follows, and the rest is not even read', async () => {
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => (answer = resolve))
    const edge = await startEdge({ handle: (arrival) => asked.then(() => readAndAnswer(arrival)) })
    const client = await edge.dial()
    client.send('GET /first HTTP/1.1', HOST, '', '', 'GET /second HTTP/1.1', HOST, '', '')
    await eventually(() => expect(edge.early).toHaveLength(1))
    // More than the buffers on the way can hold.
    client.socket.write(`GET /more HTTP/1.1\r\n${HOST}\r\n\r\n`.repeat(1_000_000))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(client.socket.writableLength).toBeGreaterThan(1_000_000)
    answer()
    expect(await client.answer()).toMatchObject({ status: 200, headers: { connection: 'close' } })
    expect(await client.answer()).toBeNull()
    expect(edge.early.map(({ arrival }) => arrival.target)).toEqual(['/second'])
    expect(edge.arrivals.map(({ target }) => target)).toEqual(['/first'])
    expect(edge.faults).toEqual([])
  })

  it('spoils the connection when it is no request: the answer is the last one', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 2', '', '{}GARBAGE', '', '')
    expect(await client.answer()).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
      body: '{"received":"{}"}',
    })
    expect(await client.answer()).toBeNull()
    expect(edge.faults).toEqual([])
  })

  it('is the next request where nothing of the one before was left unread', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const client = await edge.dial()
    for (let count = 0; count < 2; count++) {
      client.send('GET / HTTP/1.1', HOST, '', '')
      expect(await client.answer()).toMatchObject({
        status: 401,
        headers: { connection: 'keep-alive', 'keep-alive': 'timeout=60' },
      })
    }
    client.send(POST, HOST, 'Content-Length: 2', '', '{}')
    expect(await client.answer()).toMatchObject({ status: 401, headers: { connection: 'close' } })
  })

  it('is thrown away when the answer was the last one', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 4', '', '{')
    expect(await client.answer()).toMatchObject({ status: 401, headers: { connection: 'close' } })
    client.send('x}}GET / HTTP/1.1', HOST, '', '')
    expect(await client.answer()).toBeNull()
    expect(edge.arrivals).toHaveLength(1)
    expect(edge.early).toEqual([])
  })
})

describe('a body that breaks off', () => {
  it.each([
    ['with chunks that are none', [POST, HOST, 'Transfer-Encoding: chunked', '', 'zz', '{}'], 'request-malformed'],
    [
      'with a chunk longer than it says',
      [POST, HOST, 'Transfer-Encoding: chunked', '', '1', '{}', '0', '', ''],
      'request-malformed',
    ],
    [
      'with a trailer that is none',
      [POST, HOST, 'Transfer-Encoding: chunked', '', '0', 'X Y: z', '', ''],
      'request-malformed',
    ],
  ])('%s is refused by the exchange that reads it', async (_case, lines, reason) => {
    const reasons: string[] = []
    const edge = await startEdge({
      handle: readAndTell(reasons),
    })
    const client = await edge.dial()
    client.send(...lines)
    expect(await client.answer()).toMatchObject({ status: 401, headers: { connection: 'close' } })
    expect(reasons).toEqual([reason])
    expect(edge.early).toEqual([])
    await client.closed
  })

  it('when the time for the whole request is up is refused the same way', async () => {
    const reasons: string[] = []
    const edge = await startEdge({
      limits: { headersTimeoutMs: 50, bodyTimeoutMs: 50 },
      handle: readAndTell(reasons),
    })
    const client = await edge.dial({}, [POST, HOST, 'Content-Length: 4', '', '{'])
    expect(await client.answer()).toMatchObject({ status: 401, headers: { connection: 'close' } })
    expect(reasons).toEqual(['request-too-slow'])
  })

  it('when the registrant says that it ends there is incomplete', async () => {
    const reasons: string[] = []
    const edge = await startEdge({
      handle: readAndTell(reasons),
    })
    const client = await edge.dial()
    client.send(POST, HOST, 'Content-Length: 4', '', '{')
    client.socket.end()
    await eventually(() => expect(reasons).toEqual(['body-incomplete']))
    expect(edge.faults).toEqual([])
  })
})
