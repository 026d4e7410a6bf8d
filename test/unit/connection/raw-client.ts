import type { TLSSocket } from 'node:tls'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A client that sends whatever bytes a test likes, and reads answers off the connection one by one. */
export class RawClient {
  readonly socket: TLSSocket
  /** Resolves when the server closed, one way or the other. */
  readonly closed: Promise<void>
  #received = Buffer.alloc(0)
  #over = false
  #wake = (): void => undefined

  constructor(socket: TLSSocket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      const close = (): void => {
        this.#over = true
        this.#wake()
        resolve()
      }
      socket.once('end', close).once('close', close)
    })
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.join('\r\n'), 'latin1')
  }

  /** The next answer, `100 Continue` included; null when the server closed without one. */
  async answer(): Promise<RawAnswer | null> {
    for (;;) {
      const answer = this.#take()
      if (answer !== null || this.#over) return answer
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Bytes that came and were not taken for an answer. */
  get rest(): string {
    return this.#received.toString('latin1')
  }

  #take(): RawAnswer | null {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return null
    const [statusLine = '', ...fields] = this.#received.subarray(0, end).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(fields.map(splitField))
    const length = Number(headers['content-length'] ?? 0)
    if (this.#received.length < end + 4 + length) return null
    const body = this.#received.subarray(end + 4, end + 4 + length).toString()
    this.#received = this.#received.subarray(end + 4 + length)
    return { status: Number(statusLine.split(' ')[1]), headers, body }
  }
}

function splitField(field: string): [string, string] {
  const colon = field.indexOf(': ')
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 2)]
}
