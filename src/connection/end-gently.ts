import type { Duplex } from 'node:stream'

const LIMIT_BYTES = 262_144
const LIMIT_MS = 1_000

/**
 * Ends a connection whose other side may still be sending. Closing at once would answer the unread bytes with a reset, which can overtake
 * the answer (RFC 9112 section 9.6): they are read and thrown away for a moment, until the registrant closes too.
 */
export function endGently(socket: Duplex, lastBytes: Buffer): void {
  let left = LIMIT_BYTES
  // Takes the parser of node:http off the connection: nothing that still comes is a request.
  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
  })
  socket.resume()
  socket.end(lastBytes)
  const timer = setTimeout(() => socket.destroy(), LIMIT_MS)
  socket.once('close', () => clearTimeout(timer))
}
