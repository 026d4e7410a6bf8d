import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { endGently } from '../../../src/connection/end-gently.ts'

/** The server's end of a connection whose other side sends whatever is pushed, and never closes. */
function connectionOf(): { socket: Duplex; written: () => string } {
  const chunks: Buffer[] = []
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk)
      done()
    },
  })
  return { socket, written: () => Buffer.concat(chunks).toString() }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

describe('a connection that is ended while the other side still sends', () => {
  it('has its last bytes written and its sending side closed', async () => {
    const { socket, written } = connectionOf()
    endGently(socket, Buffer.from('answer'))
    await settle()
    expect(written()).toBe('answer')
    expect(socket.writableFinished).toBe(true)
    expect(socket.destroyed).toBe(false)
    socket.destroy()
  })

  it('is read from no longer than 256 KiB', async () => {
    const { socket } = connectionOf()
    endGently(socket, Buffer.from('answer'))
    socket.push(Buffer.alloc(262_144))
    await settle()
    expect(socket.readableLength).toBe(0)
    expect(socket.destroyed).toBe(false)
    socket.push(Buffer.alloc(1))
    await settle()
    expect(socket.destroyed).toBe(true)
  })

  it('keeps what still comes from whoever listened before', async () => {
    const { socket } = connectionOf()
    const heard: Buffer[] = []
    socket.on('data', (chunk: Buffer) => heard.push(chunk))
    socket.pause()
    endGently(socket, Buffer.from('answer'))
    socket.push('GET / HTTP/1.1')
    await settle()
    expect(socket.readableLength).toBe(0)
    expect(heard).toEqual([])
    socket.destroy()
  })
})
