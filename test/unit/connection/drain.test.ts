import { describe, expect, it } from 'vitest'
import type { Answer } from '../../../src/model/answer.ts'
import { eventually, readAndAnswer, startEdge, type Edge } from './edge.ts'
import type { RawClient } from './raw-client.ts'

const GET = ['GET / HTTP/1.1', 'Host: dcr', '', ''] as const
const DONE: Answer = { status: 200, headers: {}, body: { done: true } }

/** Longer than any test may take: what ends earlier did not wait for it. */
const LONG_MS = 60_000

/** An edge whose exchanges run until they are let go. */
async function startHolding(): Promise<{ edge: Edge; letGo: () => void }> {
  let letGo = (): void => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const edge = await startEdge({
    handle: (arrival) =>
      readAndAnswer(arrival)
        .then(() => held)
        .then(() => DONE),
  })
  return { edge, letGo: () => letGo() }
}

async function ask(edge: Edge): Promise<RawClient> {
  const client = await edge.dial()
  client.send(...GET)
  return client
}

describe('a listener that stops', () => {
  it('takes no more connections', async () => {
    const edge = await startEdge()
    expect(await edge.listener.stop(LONG_MS)).toBe(0)
    await expect(edge.dialTcp()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('closes connections that are between two requests, or before their first', async () => {
    const edge = await startEdge()
    const between = await ask(edge)
    await between.answer()
    const before = await edge.dial()
    expect(await edge.listener.stop(LONG_MS)).toBe(0)
    await Promise.all([between.closed, before.closed])
  })

  it('lets running exchanges come to their end, and says that no more can follow', async () => {
    const { edge, letGo } = await startHolding()
    const client = await ask(edge)
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    const stopped = edge.listener.stop(LONG_MS)
    letGo()
    expect(await client.answer()).toMatchObject({
      status: 200,
      headers: { connection: 'close' },
      body: '{"done":true}',
    })
    expect(await stopped).toBe(0)
    expect(edge.arrivals[0]?.gone.aborted).toBe(false)
  })

  it('waits for an exchange whose registrant is gone: what it does is still to be written down', async () => {
    const { edge, letGo } = await startHolding()
    const client = await ask(edge)
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    client.socket.destroy()
    await eventually(() => expect(edge.arrivals[0]?.gone.aborted).toBe(true))
    let stopped = false
    const stopping = edge.listener.stop(LONG_MS).then(() => (stopped = true))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(stopped).toBe(false)
    letGo()
    await stopping
  })

  it('cuts off what runs for too long, tells it so, and says how much that was', async () => {
    const edge = await startEdge({
      handle: async ({ gone }) => {
        await new Promise((resolve) => gone.addEventListener('abort', resolve))
        return DONE
      },
    })
    const clients = [await ask(edge), await ask(edge)]
    await eventually(() => expect(edge.arrivals).toHaveLength(2))
    expect(await edge.listener.stop(20)).toBe(2)
    expect(edge.arrivals.map(({ gone }) => gone.aborted)).toEqual([true, true])
    for (const client of clients) expect(await client.answer()).toBeNull()
  })

  it('does not wait for ever for an exchange that does not care', async () => {
    const edge = await startEdge({ handle: () => new Promise<Answer>(() => undefined) })
    await ask(edge)
    await eventually(() => expect(edge.arrivals).toHaveLength(1))
    expect(await edge.listener.stop(20)).toBe(1)
  })

  it('refuses a request that was not there yet as a whole, to be sent elsewhere', async () => {
    const edge = await startEdge()
    const client = await edge.dial({}, [...GET.slice(0, -1), 'GET / HTTP/1.1', 'Host: d'])
    expect(await client.answer()).toMatchObject({ status: 200 })
    const stopped = edge.listener.stop(LONG_MS)
    client.send('cr', '', '')
    expect(await client.answer()).toMatchObject({
      status: 503,
      headers: { connection: 'close' },
      body: '{"error":"shutting-down"}',
    })
    expect(await stopped).toBe(0)
    expect(edge.arrivals).toHaveLength(1)
  })

  it('cuts off connections in their handshake when the time is up', async () => {
    const edge = await startEdge()
    const inHandshake = await edge.dialTcp()
    const closed = new Promise((resolve) => inHandshake.resume().once('close', resolve))
    expect(await edge.listener.stop(20)).toBe(0)
    await closed
  })

  it('can be told so twice', async () => {
    const edge = await startEdge()
    expect(await Promise.all([edge.listener.stop(LONG_MS), edge.listener.stop(LONG_MS)])).toEqual([0, 0])
  })
})
