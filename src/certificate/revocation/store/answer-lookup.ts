import type { Clock } from '../../../model/clock.ts'
import type { AnswerKeeper } from './answer-keeper.ts'
import type { AnswerKind, Wish } from './answer-kind.ts'
import type { Deadline } from './deadline.ts'
import { lastGoodStatus, type PastAnswer } from './last-good-status.ts'
import type { RevocationQuestion } from './revocation-functions.ts'
import type { RevocationStatus } from '../revocation-status.ts'
import { StatusMemo } from './status-memo.ts'

/** Answers the operator gave, which no address brings. */
export interface LocalAnswers<Answer> {
  /** Whether they have any for this certificate's issuer, so that it need not name a source itself. */
  readonly cover: (question: RevocationQuestion) => boolean
  readonly all: readonly PastAnswer<Answer & object>[]
}

/** Looks for one certificate's status with one source. */
export class AnswerLookup<Answer extends object> {
  readonly #kind: AnswerKind<Answer>
  readonly #keeper: AnswerKeeper<Answer>
  readonly #local: LocalAnswers<Answer>
  readonly #clock: Clock
  readonly #memo = new StatusMemo()

  constructor(kind: AnswerKind<Answer>, keeper: AnswerKeeper<Answer>, local: LocalAnswers<Answer>, clock: Clock) {
    this.#kind = kind
    this.#keeper = keeper
    this.#local = local
    this.#clock = clock
  }

  /** Whether there is anybody to ask at all. */
  hasSource(question: RevocationQuestion): boolean {
    return this.#local.cover(question) || this.#kind.wishes(question).length > 0
  }

  /** What memory says; null when that should be asked for first. */
  peek(question: RevocationQuestion, now: Date): RevocationStatus | null {
    const wishes = this.#kind.wishes(question)
    const current = this.#currentStatus(question, wishes, now)
    if (current.kind !== 'unknown') return current
    const past = this.#pastStatus(question, wishes, now)
    if (past?.kind === 'revoked') return past
    const wanting = wishes.filter((wish) => this.#keeper.isWanting(wish, now))
    if (wanting.length === 0) return past ?? this.#explain(wishes, current.why)
    // Who cannot be reached is tried again without anybody waiting, as long as the last good answer holds.
    if (past === null || wanting.some((wish) => this.#keeper.lastFailure(wish) === null)) return null
    for (const wish of wanting) void this.#keeper.fetch(wish, 'background')
    return past
  }

  /** Fetches what is wanting, one address after the other, until the status is known or the time is up. */
  async ask(question: RevocationQuestion, deadline: Deadline): Promise<RevocationStatus> {
    const known = this.peek(question, this.#clock.now())
    if (known !== null) return known
    const wishes = this.#kind.wishes(question)
    for (const wish of wishes) {
      if (deadline.isOver) break
      if (!this.#keeper.isWanting(wish, this.#clock.now())) continue
      await deadline.wait(this.#keeper.fetch(wish, 'waiting'))
      if (this.#currentStatus(question, wishes, this.#clock.now()).kind !== 'unknown') break
    }
    const now = this.#clock.now()
    const current = this.#currentStatus(question, wishes, now)
    if (current.kind !== 'unknown') return current
    return this.#pastStatus(question, wishes, now) ?? this.#explain(wishes, deadline.isOver ? NO_TIME : current.why)
  }

  #currentStatus(question: RevocationQuestion, wishes: readonly Wish<Answer>[], now: Date): RevocationStatus {
    const answers = this.#answers(wishes).map(({ answer }) => answer)
    return this.#memo.find(question, answers, now, () => this.#kind.check(question, answers, now))
  }

  #pastStatus(question: RevocationQuestion, wishes: readonly Wish<Answer>[], now: Date): RevocationStatus | null {
    return lastGoodStatus(question, this.#answers(wishes), now, this.#kind.check)
  }

  #answers(wishes: readonly Wish<Answer>[]): readonly PastAnswer<Answer>[] {
    const held = wishes.flatMap((wish) => this.#keeper.find(wish) ?? [])
    const fetched = held.map(({ answer, acceptedAt, expiresAt }) => ({ answer, currentAt: acceptedAt, expiresAt }))
    return [...fetched, ...this.#local.all]
  }

  /** Why the status is unknown, for the operator. */
  #explain(wishes: readonly Wish<Answer>[], why: string): RevocationStatus {
    const failures = wishes.flatMap((wish) => {
      const failed = this.#keeper.lastFailure(wish)
      return failed === null ? [] : [`${wish.url}: ${failed.failure.message}`]
    })
    return { kind: 'unknown', why: failures.length > 0 ? failures.join('; ') : why }
  }
}

const NO_TIME = 'no answer within the time limit'
