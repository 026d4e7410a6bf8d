import type { Clock } from '../../../model/clock.ts'
import type { AnswerFolder, StoredAnswer } from './answer-folder.ts'
import type { AnswerBytes, AnswerKind, Wish } from './answer-kind.ts'
import { checkCurrent } from './answer-span.ts'
import { BoundedEntries } from '../../../egress/bounded-entries.ts'
import { describeEntries, type KeptState } from './kept-state.ts'
import { checkReplaces } from './check-replaces.ts'
import { EvictedAnswers, type Floor } from './evicted-answers.ts'
import { FailureMemory, type RememberedFailure } from './failure-memory.ts'
import type { Deadline } from './deadline.ts'
import type { Urgency } from './fetch-gate.ts'
import type { HeldAnswer, Slot, UnprovenAnswer } from './held-answer.ts'
import { ownerOfKey } from './issuer-id.ts'
import { refreshDelayMs } from './refresh-delay.ts'
import type { RevocationEvent } from './revocation-event.ts'
import { RevocationFailure, toRevocationFailure } from './revocation-failure.ts'
import type { RevokedStatus } from '../revocation-status.ts'
import type { Scheduler } from './scheduler.ts'
import type { KeeperLimits } from './store-limits.ts'

export interface KeeperOptions {
  readonly limits: KeeperLimits
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** From 0 to 1. */
  readonly chance: () => number
  readonly folder: AnswerFolder | null
  readonly onEvent: (event: RevocationEvent) => void
}

interface InFlight {
  /** Of those who wait. */
  readonly deadlines: Set<Deadline>
  readonly done: Promise<void>
}

/** What an answer weighs besides its bytes. */
const OVERHEAD_BYTES = 1024

/**
 * Keeps the answers of one source: one fetch for all who want the same, a pause after failures, a refresh ahead of the end of what is in
 * use, and nothing replaced by what is older or cannot be believed.
 */
export class AnswerKeeper<Answer> {
  readonly #kind: AnswerKind<Answer>
  readonly #options: KeeperOptions
  readonly #slots: BoundedEntries<Slot<Answer>>
  readonly #unproven: BoundedEntries<UnprovenAnswer<Answer>>
  readonly #evicted = new EvictedAnswers<Answer>()
  readonly #failures: FailureMemory
  readonly #inFlight = new Map<string, InFlight>()
  #closed = false

  constructor(kind: AnswerKind<Answer>, options: KeeperOptions) {
    this.#kind = kind
    this.#options = options
    this.#slots = new BoundedEntries(options.limits.held, {
      ownerOf: ownerOfKey,
      onEvicted: (slot) => {
        slot.cancelRefresh()
        this.#evicted.remember(slot)
      },
    })
    this.#unproven = new BoundedEntries(options.limits.held, { ownerOf: ownerOfKey })
    this.#failures = new FailureMemory(options.limits, options.clock)
  }

  /** What is held in memory, current or not; counts as a use. */
  find(wish: Wish<Answer>): HeldAnswer<Answer> | null {
    const slot = this.#slots.get(wish.key) ?? this.#prove(wish)
    if (slot === null) return null
    slot.usedAtMs = this.#options.clock.elapsedMs()
    slot.wish = wish
    if (slot.isOverdue) {
      slot.isOverdue = false
      void this.fetch(wish, 'background')
    }
    return slot.held
  }

  /** Whether it is worth while to fetch something for one whom that which is held does not help. */
  isWanting({ key }: Wish<Answer>, now: Date): boolean {
    if (this.#failures.isCoolingDown(key)) return false
    const slot = this.#slots.peek(key)
    if (slot === undefined || slot.held.expiresAt < now) return true
    return this.#options.clock.elapsedMs() - slot.acceptedAtMs >= this.#options.limits.refresh.minMs
  }

  /** Of an answer that is held no more; null when there is none. */
  evictedRevocation({ key }: Wish<Answer>): RevokedStatus | null {
    return this.#evicted.revocation(key)
  }

  /** How the last fetch failed; null when it did not. */
  lastFailure({ key }: Wish<Answer>): RememberedFailure | null {
    return this.#failures.find(key)
  }

  /** Ends when there is an answer or a failure, at once while a failure cools down. Never rejects. */
  fetch(wish: Wish<Answer>, waiting: Deadline | 'background'): Promise<void> {
    if (this.#closed || this.#failures.isCoolingDown(wish.key)) return Promise.resolve()
    const { deadlines, done } = this.#inFlight.get(wish.key) ?? this.#begin(wish, waiting)
    if (waiting !== 'background') deadlines.add(waiting)
    return done
  }

  /** Takes what was on disk; it is not used before a certificate shows who must have signed it. */
  takeStored({ source, key, acceptedAt, ...bytes }: StoredAnswer): void {
    if (source !== this.#kind.source) return
    try {
      const answer = this.#kind.parse(bytes)
      this.#unproven.set(key, { key, answer, bytes, acceptedAt }, bytes.der.length + OVERHEAD_BYTES)
    } catch (error) {
      this.#dropStored(key, toRevocationFailure(error))
    }
  }

  states(): readonly KeptState[] {
    const unproven = this.#unproven.values()
    return describeEntries(this.#kind, this.#slots.values(), unproven, this.#failures.all())
  }

  /** Nothing that is still under way is used any more. */
  close(): void {
    this.#closed = true
    for (const slot of this.#slots.values()) slot.cancelRefresh()
  }

  #begin(wish: Wish<Answer>, waiting: Deadline | 'background'): InFlight {
    const deadlines = new Set(waiting === 'background' ? [] : [waiting])
    const done = this.#load(wish, () => ([...deadlines].some(({ isOver }) => !isOver) ? 'waiting' : 'background'))
    const begun = { deadlines, done }
    this.#inFlight.set(wish.key, begun)
    return begun
  }

  async #load(wish: Wish<Answer>, urgency: () => Urgency): Promise<void> {
    try {
      const bytes = await wish.load(urgency)
      if (this.#closed) return
      this.#accept(wish, bytes)
      this.#failures.forget(wish.key)
    } catch (error) {
      if (!this.#closed) this.#fail(wish, toRevocationFailure(error))
    } finally {
      this.#inFlight.delete(wish.key)
    }
  }

  /** @throws RevocationFailure */
  #accept(wish: Wish<Answer>, bytes: AnswerBytes): void {
    const now = this.#options.clock.now()
    const answer = this.#kind.parse(bytes)
    const span = wish.judge(answer, now)
    checkCurrent(span, now)
    // Proves what is on disk, if need be: a captured answer must not win by coming right after a restart.
    const before = this.#floor(wish)
    if (before !== undefined) checkReplaces(wish, { answer, span }, before, now)
    this.#hold(wish, { answer, bytes, span, acceptedAt: now })
    this.#unproven.delete(wish.key)
    const { source } = this.#kind
    this.#options.folder?.save({ source, key: wish.key, acceptedAt: now, ...bytes })
    const facts = { url: bytes.url, bytes: bytes.der.length, nextUpdate: span.nextUpdate }
    this.#options.onEvent({ kind: source === 'crl' ? 'crl-fetched' : 'ocsp-fetched', ...facts })
  }

  #floor(wish: Wish<Answer>): Floor | undefined {
    const held = (this.#slots.peek(wish.key) ?? this.#prove(wish))?.held
    if (held === undefined) return this.#evicted.floor(wish.key)
    return { span: held.span, tells: wish.tells(held.answer, held.acceptedAt) }
  }

  #fail(wish: Wish<Answer>, failure: RevocationFailure): void {
    if (!failure.wasAsked) {
      this.#schedule(wish.key, this.#options.limits.refresh.minMs)
      return
    }
    const restMs = this.#failures.remember(wish.key, wish.url, failure)
    this.#schedule(wish.key, Math.max(restMs, this.#options.limits.refresh.minMs))
    const { problem, detail } = failure
    const kind = this.#kind.source === 'crl' ? 'crl-failed' : 'ocsp-failed'
    this.#options.onEvent({ kind, url: wish.url, problem, detail })
  }

  /** Null when nothing was on disk that proves itself. */
  #prove(wish: Wish<Answer>): Slot<Answer> | null {
    const unproven = this.#unproven.get(wish.key)
    if (unproven === undefined) return null
    this.#unproven.delete(wish.key)
    const now = this.#options.clock.now()
    const acceptedAt = unproven.acceptedAt < now ? unproven.acceptedAt : now
    try {
      const span = wish.judge(unproven.answer, acceptedAt)
      checkCurrent(span, acceptedAt)
      return this.#hold(wish, { ...unproven, span, acceptedAt })
    } catch (error) {
      this.#dropStored(wish.key, toRevocationFailure(error))
      return null
    }
  }

  #dropStored(key: string, { problem }: RevocationFailure): void {
    const { source } = this.#kind
    this.#options.folder?.remove(source, key, problem === 'malformed' ? problem : 'unusable')
  }

  /** @throws RevocationFailure when it is larger than all may be */
  #hold(wish: Wish<Answer>, accepted: Omit<HeldAnswer<Answer>, 'expiresAt'>): Slot<Answer> {
    const { clock, limits, chance } = this.#options
    const { key } = wish
    const bytes = accepted.bytes.der.length
    if (bytes > limits.sizeLimitBytes) throw new RevocationFailure('too-large', `${bytes} bytes`)
    const end = accepted.span.nextUpdate?.getTime() ?? accepted.acceptedAt.getTime() + limits.refresh.maxMs
    const held = { ...accepted, expiresAt: new Date(end) }
    const before = this.#slots.peek(key)
    const acceptedAtMs = clock.elapsedMs()
    // To be fetched anew is not to be used.
    const usedAtMs = before?.usedAtMs ?? acceptedAtMs
    const slot = { key, held, wish, acceptedAtMs, usedAtMs, isOverdue: false, cancelRefresh: () => undefined }
    before?.cancelRefresh()
    if (!this.#slots.set(key, slot, bytes + OVERHEAD_BYTES)) throw new RevocationFailure('too-large', `${bytes} bytes`)
    this.#evicted.forget(key)
    this.#schedule(key, refreshDelayMs(held.span, clock.now(), chance(), limits.refresh))
    return slot
  }

  #schedule(key: string, delayMs: number): void {
    const slot = this.#slots.peek(key)
    if (slot === undefined) return
    slot.cancelRefresh()
    slot.cancelRefresh = this.#options.scheduler.after(delayMs, () => this.#refresh(slot))
  }

  /** What nobody used of late waits until somebody does: certificates of the past are not fetched for ever. */
  #refresh(slot: Slot<Answer>): void {
    const unusedMs = this.#options.clock.elapsedMs() - slot.usedAtMs
    if (unusedMs > this.#options.limits.recentlyUsedMs) slot.isOverdue = true
    else void this.fetch(slot.wish, 'background')
  }
}
