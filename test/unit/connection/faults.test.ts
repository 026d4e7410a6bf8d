import { EventEmitter } from 'node:events'
import type { Server } from 'node:https'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ListenerOptions } from '../../../src/connection/listener-options.ts'
import { OpenConnections } from '../../../src/connection/open-connections.ts'
import { routeEvents } from '../../../src/connection/route-events.ts'
import { answerAtOnce, eventually, readAndAnswer, startEdge } from './edge.ts'

const GET = ['GET / HTTP/1.1', 'Host: dcr', '', ''] as const
const broken = new Error('broken')

describe('something broken inside', () => {
  it('is answered as an internal error, reported, and hurts nobody else', async () => {
    let calls = 0
    const edge = await startEdge({
      handle: async (arrival) => {
        await readAndAnswer(arrival)
        if (++calls === 1) throw broken
        return { status: 200, headers: {}, body: null }
      },
    })
    const client = await edge.dial()
    client.send(...GET)
    const answer = await client.answer()
    expect(answer).toMatchObject({ status: 500, body: '{"error":"internal-error"}' })
    expect(answer?.headers['decision-id']).toBe(edge.arrivals[0]?.decisionId)
    expect(edge.faults).toEqual([broken])
    client.send(...GET)
    expect(await client.answer()).toMatchObject({ status: 200 })
  })

  it('closes the connection when not even a refusal can be worded', async () => {
    const refuseEarly = (): never => {
      throw broken
    }
    const edge = await startEdge({ handle: () => Promise.reject(broken), with: { refuseEarly } })
    for (const lines of [GET, ['GARBAGE', '', '']]) {
      const client = await edge.dial()
      client.send(...lines)
      expect(await client.answer()).toBeNull()
    }
    expect(edge.faults).toEqual([broken, broken, broken])
  })

  it('closes the connection when an early refusal cannot be written down', async () => {
    const onEarlyRefusal = (): never => {
      throw broken
    }
    const edge = await startEdge({ with: { onEarlyRefusal } })
    const client = await edge.dial()
    client.send('GARBAGE', '', '')
    expect(await client.answer()).toBeNull()
    expect(edge.faults).toEqual([broken])
  })

  it('turns a peer away whose certificates cannot be read', () => {
    // Nothing that gets through a real handshake has such certificates.
    const server = Object.assign(new EventEmitter(), { listening: true })
    const faults: unknown[] = []
    const options = { onFault: (fault: unknown) => faults.push(fault) }
    routeEvents(server as unknown as Server, new OpenConnections(0), options as unknown as ListenerOptions)
    const getPeerX509Certificate = (): never => {
      throw broken
    }
    const socket = Object.assign(new PassThrough(), { getProtocol: () => null, getPeerX509Certificate })
    server.emit('secureConnection', socket)
    expect(socket.destroyed).toBe(true)
    expect(faults).toEqual([broken])
  })

  it('answers with an internal error when the handler fails before it returns', async () => {
    const edge = await startEdge({
      handle: () => {
        throw broken
      },
    })
    const client = await edge.dial()
    client.send(...GET)
    expect(await client.answer()).toMatchObject({ status: 500 })
    expect(edge.faults).toEqual([broken])
  })
})

describe('a connection that breaks', () => {
  it('is no fault, whatever it was doing', async () => {
    const edge = await startEdge({ handle: answerAtOnce })
    for (const lines of [[], ['GET / HT'], GET, ['POST / HTTP/1.1', 'Host: dcr', 'Content-Length: 9', '', 'x']]) {
      const tcp = await edge.dialTcp()
      const client = await edge.dial({ socket: tcp })
      client.send(...lines)
      await new Promise((resolve) => client.socket.write('', resolve))
      tcp.resetAndDestroy()
    }
    const inHandshake = await edge.dialTcp()
    inHandshake.resetAndDestroy()
    await eventually(() => expect(edge.handshakeFailures).toHaveLength(1))
    expect(await edge.listener.stop(60_000)).toBe(0)
    expect(edge.faults).toEqual([])
  })
})

describe('the number of connections', () => {
  it('has a limit: who comes then is turned away before the handshake', async () => {
    const edge = await startEdge({ limits: { maxConnections: 1 } })
    const client = await edge.dial()
    const turnedAway = await edge.dialTcp()
    await new Promise((resolve) => turnedAway.resume().once('close', resolve))
    client.send(...GET)
    expect(await client.answer()).toMatchObject({ status: 200 })
    client.socket.destroy()
    await eventually(() => expect(client.socket.destroyed).toBe(true))
  })
})

describe('a listener that cannot start', () => {
  it('says so', async () => {
    const edge = await startEdge()
    await expect(startEdge({ with: { port: edge.listener.port } })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
