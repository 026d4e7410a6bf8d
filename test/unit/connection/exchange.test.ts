import { describe, expect, it } from 'vitest'
import { createDecisionId } from '../../../src/connection/decision-id.ts'
import type { Answer } from '../../../src/model/answer.ts'
import { answerAtOnce, bodyOf, eventually, NOW, readAndAnswer, startEdge } from './edge.ts'

describe('an exchange', () => {
  it('gives every stage the request exactly as it came', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send(
      'PUT /register/a%62c?x=%2f HTTP/1.1',
      'Host: dcr',
      'X-A:  one ',
      'x-a: two',
      'Content-Length: 4',
      '',
      'body',
    )
    expect(JSON.parse((await client.answer())?.body ?? '')).toEqual({ received: 'body' })
    const [arrival] = edge.arrivals
    expect(arrival).toMatchObject({
      receivedAt: NOW,
      method: 'PUT',
      target: '/register/a%62c?x=%2f',
      rawHeaders: ['Host', 'dcr', 'X-A', 'one', 'x-a', 'two', 'Content-Length', '4'],
      peer: { address: '127.0.0.1', tlsVersion: 'TLSv1.3', presented: [], openssl: null },
    })
  })

  it('has an id that nobody can guess or choose', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', 'Host: dcr', 'Decision-Id: mine', '', '')
    await client.answer()
    expect(edge.arrivals[0]?.decisionId).toMatch(/^[\w-]{22}$/)
    const ids = new Set(Array.from({ length: 1000 }, createDecisionId))
    expect(ids.size).toBe(1000)
    // 128 bits each, whole: no id is the start or the end of another.
    expect(new Set([...ids].map((id) => Buffer.from(id, 'base64url').toString('hex', 0, 8))).size).toBe(1000)
    expect([...ids].every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true)
  })

  it('leaves the connection open for the next one when its request was read to the end', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('POST /register HTTP/1.1', 'Host: dcr', 'Content-Length: 3', '', 'one')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"received":"one"}' })
    client.send(
      'POST /register HTTP/1.1',
      'Host: dcr',
      'Transfer-Encoding: chunked',
      '',
      '3',
      'two',
      '0',
      'Trailer-A: x',
      '',
      '',
    )
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"received":"two"}' })
    client.send('GET /register HTTP/1.1', 'Host: dcr', '', '')
    expect(await client.answer()).toMatchObject({ status: 200, body: '{"received":""}' })
    expect(edge.arrivals[0]?.peer).toBe(edge.arrivals[2]?.peer)
    expect(edge.arrivals.flatMap(({ rawHeaders }) => rawHeaders)).not.toContain('Trailer-A')
    expect(edge.early).toEqual([])
  })

  it('is one of a thousand at most on a connection', async () => {
    const edge = await startEdge({
      handle: (arrival) => bodyOf(arrival).then(() => ({ status: 204, headers: {}, body: null })),
    })
    const client = await edge.dial()
    const closing: number[] = []
    for (let count = 1; count <= 1000; count++) {
      client.send('GET / HTTP/1.1', 'Host: dcr', '', '')
      if ((await client.answer())?.headers['connection'] === 'close') closing.push(count)
    }
    expect(closing).toEqual([1000])
    client.send('GET / HTTP/1.1', 'Host: dcr', '', '')
    expect(await client.answer()).toBeNull()
    expect(edge.arrivals).toHaveLength(1000)
  }, 120_000)

  it('is answered in JSON however many come at once: past the thousandth there is no answer, not one of node:http', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    for (let count = 1; count < 1000; count++) {
      client.send('GET / HTTP/1.1', 'Host: dcr', '', '')
      await client.answer()
    }
    client.send('GET / HTTP/1.1', 'Host: dcr', '', 'GET / HTTP/1.1', 'Host: dcr', '', '')
    expect(await client.answer()).toMatchObject({ status: 200, headers: { connection: 'close' } })
    expect(await client.answer()).toBeNull()
    expect(client.rest).toBe('')
  }, 120_000)

  it('closes the connection when the registrant asks for it', async () => {
    const client = await (await startEdge()).dial()
    client.send('GET / HTTP/1.1', 'Host: dcr', 'Connection: close', '', '')
    expect(await client.answer()).toMatchObject({ status: 200 })
    await client.closed
  })

  it('does not tell a stage that the registrant is gone when he only got his answer', async () => {
    const edge = await startEdge()
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', 'Host: dcr', 'Connection: close', '', '')
    await client.answer()
    await client.closed
    await edge.listener.stop(1000)
    expect(edge.arrivals[0]?.gone.aborted).toBe(false)
  })

  it('tells the running stage when the registrant goes away', async () => {
    const edge = await startEdge({
      handle: async ({ gone }) => {
        await new Promise((resolve) => gone.addEventListener('abort', resolve))
        return answerAtOnce()
      },
    })
    const client = await edge.dial()
    client.send('POST / HTTP/1.1', 'Host: dcr', 'Content-Length: 1', '', 'x')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    expect(edge.arrivals[0]?.gone.aborted).toBe(false)
    client.socket.destroy()
    await eventually(() => expect(edge.arrivals[0]?.gone.aborted).toBe(true))
    expect(await edge.listener.stop(60_000)).toBe(0)
    expect(edge.faults).toEqual([])
  })

  it('ends the body with an error when the registrant goes away in the middle of it', async () => {
    const failures: unknown[] = []
    const edge = await startEdge({
      handle: (arrival) =>
        readAndAnswer(arrival).catch((failure: unknown) => {
          failures.push(failure)
          return answerAtOnce()
        }),
    })
    const client = await edge.dial()
    client.send('POST / HTTP/1.1', 'Host: dcr', 'Content-Length: 10', '', 'x')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    client.socket.destroy()
    await eventually(() => expect(failures).toEqual([expect.any(Error)]))
    expect(edge.faults).toEqual([])
  })

  it('is cut off when no stage brings it to an end', async () => {
    const edge = await startEdge({
      handle: () => new Promise<Answer>(() => undefined),
      limits: { bodyTimeoutMs: 50, answerTimeoutMs: 50 },
    })
    const client = await edge.dial()
    client.send('GET / HTTP/1.1', 'Host: dcr', '', '')
    expect(await client.answer()).toBeNull()
    await eventually(() => expect(edge.arrivals[0]?.gone.aborted).toBe(true))
  })

  it('is cut off when the registrant does not read the answer', async () => {
    const edge = await startEdge({
      handle: () => Promise.resolve({ status: 200, headers: {}, body: { long: 'x'.repeat(32_000_000) } }),
      limits: { bodyTimeoutMs: 50, answerTimeoutMs: 50 },
    })
    const client = await edge.dial()
    client.socket.pause()
    client.send('GET / HTTP/1.1', 'Host: dcr', '', '')
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    await edge.listener.stop(60_000)
    client.socket.resume()
    await client.closed
    expect(client.rest.length).toBeLessThan(32_000_000)
  })
})
