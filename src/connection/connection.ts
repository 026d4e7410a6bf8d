import type { TLSSocket } from 'node:tls'
import type { Peer } from '../model/arrival.ts'
import type { Refusal } from '../model/refusal.ts'
import { Interruption } from './interruption.ts'
import { stopReading } from './stop-reading.ts'

/**
 * For one identity, read once, and one socket that must not stay for ever. Counted here and not by node:http (`maxRequestsPerSocket`), which
 * goes on answering past its limit, without JSON and without a record.
 */
const MAX_EXCHANGES = 1_000

/** One TLS connection: who is at its other end, and whether it may bring another request. */
export class Connection {
  readonly socket: TLSSocket
  readonly peer: Peer
  #state: 'idle' | 'busy' | 'busy-for-the-last-time' | 'ended' = 'idle'
  #interruption: Interruption | null = null
  #exchanges = 0
  #rest: NodeJS.Timeout | undefined

  constructor(socket: TLSSocket, peer: Peer) {
    this.socket = socket
    this.peer = peer
    socket.once('close', () => clearTimeout(this.#rest))
  }

  /** An exchange runs. */
  get busy(): boolean {
    return this.#state === 'busy' || this.#state === 'busy-for-the-last-time'
  }

  /** What still comes on the connection is not served, and not worth a record: its last answer is written, or decided to be the last. */
  get condemned(): boolean {
    return this.#state === 'ended' || this.#state === 'busy-for-the-last-time'
  }

  /** @returns happens when what follows on the connection spoils the exchange that begins */
  begin(): Interruption {
    clearTimeout(this.#rest)
    this.#exchanges += 1
    this.#state = 'busy'
    this.#interruption = new Interruption()
    return this.#interruption
  }

  /** The running exchange is the last one; its body, if it is still being read, ends with the refusal. Nothing more is read. */
  interrupt(refusal: Refusal): void {
    this.#state = 'busy-for-the-last-time'
    stopReading(this.socket)
    this.#interruption?.happen(refusal)
  }

  /** @returns whether the connection may bring another request */
  finish(): boolean {
    const reusable = this.#state === 'busy' && this.#exchanges < MAX_EXCHANGES
    this.#state = 'idle'
    return reusable
  }

  /**
   * Closes the connection unless the next exchange begins in time. The clock of node:http is wound up again by every byte, so that an empty
   * line now and then would hold a connection for ever.
   */
  rest(limitMs: number): void {
    if (this.#state !== 'idle') return
    clearTimeout(this.#rest)
    this.#rest = setTimeout(() => this.socket.destroy(), limitMs)
  }

  end(): void {
    clearTimeout(this.#rest)
    this.#state = 'ended'
  }
}
