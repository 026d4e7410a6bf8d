import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/model/answer.ts'
import type { Arrival } from '../../../src/model/arrival.ts'
import { reasonEntry } from '../../../src/model/reasons.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { createRouting } from '../../../src/request/match-route.ts'
import { createReading, type ReadingOptions } from '../../../src/request/read-registration.ts'
import { eventually, startEdge, type Edge } from '../connection/edge.ts'
import { OPTIONS } from './messages.ts'

const HOST = 'Host: dcr'
const POST = ['POST /register HTTP/1.1', HOST, 'Content-Type: application/json']
const DELETE = ['DELETE /register/abc HTTP/1.1', HOST, 'Authorization: Bearer abc']

/** A gateway that only reads: it answers with what it read or with the reason why not. */
async function startReading(options: Partial<ReadingOptions> = {}): Promise<{ edge: Edge; reasons: string[] }> {
  const reasons: string[] = []
  const route = createRouting('/register')
  const read = createReading({ ...OPTIONS, ...options })
  const handle = async (arrival: Arrival): Promise<Answer> => {
    try {
      const { operation, metadata } = await read(arrival, route(arrival))
      return { status: 200, headers: {}, body: { operation, metadata } }
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      const { reason } = refusal.findings[0]
      reasons.push(reason)
      return { status: reasonEntry(reason).status, headers: {}, body: { error: reason } }
    }
  }
  return { edge: await startEdge({ handle }), reasons }
}

describe('a request off the wire', () => {
  it('is read whatever pieces its body comes in, and the next one after it', async () => {
    const { edge } = await startReading()
    const client = await edge.dial()
    client.send(...POST, 'Transfer-Encoding: chunked', '', '1', '{', '')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    client.send('6', '"a":1}', '0', '', '')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"operation":"create","metadata":{"a":1}}' })
    client.send(...DELETE, '', '')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"operation":"delete","metadata":{}}' })
    expect(edge.early).toEqual([])
  })

  it('is refused when its body trickles on for too long, and the registrant is told', async () => {
    const { edge } = await startReading({ bodyTimeoutMs: 50 })
    const client = await edge.dial()
    client.send(...POST, 'Content-Length: 100', '', '{')
    expect(await client.answer()).toMatchObject({
      status: 408,
      headers: { connection: 'close' },
      body: '{"error":"body-too-slow"}',
    })
    await client.closed
  })

  it('is refused as soon as its body is too large, while it is still coming', async () => {
    const { edge } = await startReading()
    const client = await edge.dial()
    client.send(...POST, 'Transfer-Encoding: chunked', '', '3e9', 'x'.repeat(0x3e9), '3e8', 'x')
    expect(await client.answer()).toMatchObject({
      status: 413,
      headers: { connection: 'close' },
      body: '{"error":"body-too-large"}',
    })
    await client.closed
  })

  it('is refused for a body that is too large, but leaves the connection in order when all of it came', async () => {
    const { edge } = await startReading()
    const client = await edge.dial()
    for (let count = 0; count < 2; count++) {
      client.send(...POST, 'Transfer-Encoding: chunked', '', '3e9', 'x'.repeat(0x3e9), '0', '', '')
      expect(await client.answer()).toMatchObject({ status: 413, headers: { connection: 'keep-alive' } })
    }
  })

  it('is refused unread when it announces too large a body', async () => {
    const { edge } = await startReading()
    const client = await edge.dial()
    client.send(...POST, 'Content-Length: 1001', 'Expect: 100-continue', '', '')
    expect(await client.answer()).toMatchObject({ status: 413, headers: { connection: 'close' } })
  })

  it('is incomplete when the registrant goes away in the middle of it', async () => {
    const { edge, reasons } = await startReading()
    const client = await edge.dial()
    client.send(...POST, 'Content-Length: 100', '', '{')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    client.socket.destroy()
    await eventually(() => expect(reasons).toEqual(['body-incomplete']))
  })

  it('is refused when its transfer coding is not chunked', async () => {
    const { edge } = await startReading()
    const client = await edge.dial()
    client.send(...POST, 'Transfer-Encoding: xchunked', '', '0', '', '')
    expect(await client.answer()).toMatchObject({
      status: 400,
      headers: { connection: 'close' },
      body: '{"error":"request-malformed"}',
    })
  })
})

describe('a second request that is hidden in the body of a DELETE', () => {
  it.each([
    [
      'in chunks',
      ['Transfer-Encoding: chunked', '', '31', 'POST /internal/admin HTTP/1.1', 'Host: internal', '', '', '0', '', ''],
    ],
    ['with a length', ['Content-Length: 49', '', 'POST /internal/admin HTTP/1.1', 'Host: internal', '', '']],
    ['behind a length of none', ['Content-Length: 0', '', 'POST /internal/admin HTTP/1.1', 'Host: internal', '', '']],
  ])('%s is never served', async (_case, lines) => {
    const { edge } = await startReading()
    const client = await edge.dial()
    client.send(...DELETE, ...lines)
    expect((await client.answer())?.status).toBeLessThan(500)
    client.socket.end()
    await client.closed
    expect(await edge.listener.stop(60_000)).toBe(0)
    expect(edge.arrivals.map(({ target }) => target)).toEqual(['/register/abc'])
  })

  it('is refused as the body that it is', async () => {
    const { edge, reasons } = await startReading()
    const client = await edge.dial()
    client.send(...DELETE, 'Transfer-Encoding: chunked', '', '5', 'hello', '0', '', '')
    expect(await client.answer()).toMatchObject({ status: 400, body: '{"error":"body-unexpected"}' })
    expect(reasons).toEqual(['body-unexpected'])
  })
})
