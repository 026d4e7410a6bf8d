import { connect, type Socket } from 'node:net'
import type { Act, Moment, Way } from '../schedule/faults.ts'
import type { ArmedFault, OnStrike } from './armed-fault.ts'
import { lengthOf, offsetBehind, type FindPayload } from './find-payload.ts'

export interface ConnectionOptions {
  readonly near: Socket
  readonly targetPort: number
  readonly createFinder: () => FindPayload
  /** The fault for an exchange that begins. */
  readonly take: () => ArmedFault | null
  readonly onStrike: OnStrike
  /** How long a stalled connection hangs before it breaks. */
  readonly stallMs: number
}

type Direction = 'request' | 'answer'

/** Those at the ends of a way: with them their connections are gone, whatever of them was under way. */
const ENDS: Readonly<Record<Way, readonly Act[]>> = {
  registrant: ['kill gateway'],
  upstream: ['kill gateway', 'kill identity-server'],
  store: ['kill gateway', 'kill store'],
}
const MID_WAY: readonly Moment[] = ['request-begun', 'answer-due', 'answer-begun']

/**
 * Passes bytes on between the one who connected and the target. An exchange begins with the first payload after an answer, as in
 * HTTP/1.1; commands that are pipelined are one exchange.
 */
export class RelayedConnection {
  readonly #options: ConnectionOptions
  readonly #near: Socket
  readonly #far: Socket
  readonly #find: Readonly<Record<Direction, FindPayload>>
  #phase: 'idle' | Direction = 'idle'
  #armed: ArmedFault | null = null
  #passed = { request: 0, answer: 0 }
  #blocked = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#near = options.near.setNoDelay()
    this.#far = connect(options.targetPort, '127.0.0.1').setNoDelay()
    this.#find = { request: options.createFinder(), answer: options.createFinder() }
    this.#join(this.#near, this.#far, 'request')
    this.#join(this.#far, this.#near, 'answer')
  }

  /** Whether no request waits for its answer. */
  get isIdle(): boolean {
    return this.#phase !== 'request'
  }

  close(): void {
    this.#near.end()
    this.#far.end()
  }

  reset(): void {
    this.#near.resetAndDestroy()
    this.#far.resetAndDestroy()
  }

  #join(from: Socket, to: Socket, direction: Direction): void {
    from.on('data', (piece: Buffer) => this.#pass(piece, to, direction))
    from.on('end', () => to.end())
    from.on('error', () => to.resetAndDestroy())
    from.on('close', () => to.destroySoon())
  }

  #pass(piece: Buffer, to: Socket, direction: Direction): void {
    if (this.#blocked) return
    const ranges = this.#find[direction](piece)
    const payload = lengthOf(ranges)
    if (payload > 0) this.#enter(direction)
    const offset = payload > 0 ? offsetBehind(ranges, this.#bytesLeft(direction)) : null
    if (offset !== null) {
      to.write(piece.subarray(0, offset))
      this.#strike(this.#armed)
      if (!this.#mayGoOn()) return
    }
    to.write(piece.subarray(offset ?? 0))
    this.#passed[direction] += payload
    if (payload > 0) this.#strikeSoon(direction)
  }

  #enter(direction: Direction): void {
    if (direction === 'request' && this.#phase !== 'request') {
      this.#passed = { request: 0, answer: 0 }
      this.#armed = this.#options.take()
    }
    this.#phase = direction
  }

  /** How much more goes through this way before the fault; Infinity where its moment is another. */
  #bytesLeft(direction: Direction): number {
    if (this.#armed?.struckAt !== null) return Infinity
    const { moment, bytes } = this.#armed.fault
    const passed = this.#passed[direction]
    if (moment === 'request-begun' && direction === 'request') return Math.max(0, bytes - passed)
    if (moment === 'answer-begun' && direction === 'answer') return Math.max(0, bytes - passed)
    return moment === 'answer-due' && direction === 'answer' ? 0 : Infinity
  }

  #strikeSoon(direction: Direction): void {
    const armed = this.#armed
    if (armed?.fault.moment !== (direction === 'request' ? 'request-sent' : 'answer-sent')) return
    setTimeout(() => this.#strike(armed), armed.fault.delayMs)
  }

  #strike(armed: ArmedFault | null): void {
    if (armed?.struckAt !== null) return
    const { act, way, moment } = armed.fault
    // Who hung up already cannot be cut off.
    if (!act.startsWith('kill') && this.#near.destroyed) return
    armed.struckAt = Date.now()
    this.#options.onStrike(armed.fault)
    if (act === 'close') this.#block(() => this.close())
    else if (act === 'stall') this.#block(() => void setTimeout(() => this.reset(), this.#options.stallMs))
    else if (act === 'reset' || (ENDS[way].includes(act) && MID_WAY.includes(moment))) this.#block(() => this.reset())
  }

  #mayGoOn(): boolean {
    return !this.#blocked
  }

  #block(end: () => void): void {
    this.#blocked = true
    end()
  }
}
