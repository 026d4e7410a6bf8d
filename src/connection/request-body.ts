import type { IncomingMessage } from 'node:http'
import type { Interruption } from './interruption.ts'

/**
 * The body of a request as it comes in. Unlike the iterator of node:http it leaves the connection alone when nobody reads on, since the
 * refusal is still to be written to it. An interruption ends a body that is not complete yet with its refusal.
 *
 * @param proceed called before the first read: a registrant that waits for `100 Continue` sends nothing that is refused unread
 */
export async function* streamBody(
  request: IncomingMessage,
  interruption: Interruption,
  proceed: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  proceed()
  // The parser is still busy with the bytes that brought the head: mostly the whole body is there once it is done with them.
  await new Promise(setImmediate)
  while (!isReadToEnd(request)) {
    if (request.destroyed) throw new Error('the connection closed')
    const chunk = request.read() as Buffer | null
    if (chunk !== null) yield chunk
    else if (interruption.refusal !== null) throw interruption.refusal
    else await nextChange(request, interruption)
  }
}

/** Whether every byte of the request came, and none is left unread. */
export function isReadToEnd(request: IncomingMessage): boolean {
  return request.complete && request.readableLength === 0
}

/** At the end of the body it is `readable` too. */
const CHANGES = ['readable', 'close']

function nextChange(request: IncomingMessage, interruption: Interruption): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const change of CHANGES) request.off(change, done)
      resolve()
    }
    for (const change of CHANGES) request.on(change, done)
    interruption.listen(done)
  })
}
