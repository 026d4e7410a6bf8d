import type { TLSSocket } from 'node:tls'
import type { Peer } from '../model/arrival.ts'
import type { Refusal } from '../model/refusal.ts'
import { Interruption } from './interruption.ts'

/** One TLS connection: who is at its other end, and whether it may bring another request. */
export class Connection {
  readonly socket: TLSSocket
  readonly peer: Peer
  #state: 'idle' | 'busy' | 'busy-for-the-last-time' | 'ended' = 'idle'
  #interruption: Interruption | null = null

  constructor(socket: TLSSocket, peer: Peer) {
    this.socket = socket
    this.peer = peer
  }

  /** An exchange runs. */
  get busy(): boolean {
    return this.#state === 'busy' || this.#state === 'busy-for-the-last-time'
  }

  /** The last answer is written, or there will be none. */
  get ended(): boolean {
    return this.#state === 'ended'
  }

  /** @returns happens when what follows on the connection spoils the exchange that begins */
  begin(): Interruption {
    this.#state = 'busy'
    this.#interruption = new Interruption()
    return this.#interruption
  }

  /** The running exchange is the last one; its body, if it is still being read, ends with the refusal. */
  interrupt(refusal: Refusal): void {
    this.#state = 'busy-for-the-last-time'
    this.#interruption?.happen(refusal)
  }

  /** @returns whether the connection may bring another request */
  finish(): boolean {
    const reusable = this.#state === 'busy'
    this.#state = 'idle'
    return reusable
  }

  end(): void {
    this.#state = 'ended'
  }
}
