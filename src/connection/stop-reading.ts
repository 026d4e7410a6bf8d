import type { Duplex } from 'node:stream'

/**
 * Leaves what still comes on a connection where it is, so that the sender has to wait: nobody would serve it, and parsing it is work that he
 * could make without end. Only its running answer is still to be written.
 */
export function stopReading(socket: Duplex): void {
  // Takes the parser of node:http off the connection.
  socket.removeAllListeners('data')
  // Whoever reads on in a request resumes its socket.
  socket.on('data', () => socket.pause())
  socket.pause()
}
