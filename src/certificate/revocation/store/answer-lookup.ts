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

interface FetchedAnswer<Answer> extends PastAnswer<Answer> {
  readonly thisUpdate: Date
}

/** Looks for one certificate's status with one source. */
export class AnswerLookup<Answer extends object> {
  readonly #kind: AnswerKind<Answer>
  readonly #keeper: AnswerKeeper<Answer>
  readonly #local: LocalAnswers<Answer>
  readonly #clock: Clock
  readonly #memo = new StatusMemo()
  readonly #memoOfFetched = new StatusMemo()

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
    if (this.#settles(current, question, wishes, now)) return current
    const past = this.#statusWithoutNews(current, question, wishes, now)
    if (past?.kind === 'revoked') return past
    const wanting = wishes.filter((wish) => this.#keeper.isWanting(wish, now))
    if (wanting.length === 0) return past ?? this.#explain(wishes, current)
    // Who cannot be reached is tried again without anybody waiting, as long as the last good answer holds.
    const holds = past !== null && current.kind === 'unknown'
    if (!holds || wanting.some((wish) => this.#keeper.lastFailure(wish) === null)) return null
    for (const wish of wanting) void this.#keeper.fetch(wish, 'background')
    return past
  }

  /** Fetches what is wanting, one address after the other, until the status is settled or the time is up. */
  async ask(question: RevocationQuestion, deadline: Deadline): Promise<RevocationStatus> {
    const known = this.peek(question, this.#clock.now())
    if (known !== null) return known
    const wishes = this.#kind.wishes(question)
    for (const wish of wishes) {
      if (deadline.isOver) break
      if (!this.#keeper.isWanting(wish, this.#clock.now())) continue
      await deadline.wait(this.#keeper.fetch(wish, deadline))
      const now = this.#clock.now()
      if (this.#settles(this.#currentStatus(question, wishes, now), question, wishes, now)) break
    }
    const now = this.#clock.now()
    const current = this.#currentStatus(question, wishes, now)
    if (this.#settles(current, question, wishes, now)) return current
    const past = this.#statusWithoutNews(current, question, wishes, now)
    return past ?? this.#explain(wishes, deadline.isOver ? NO_TIME : current)
  }

  #currentStatus(question: RevocationQuestion, wishes: readonly Wish<Answer>[], now: Date): RevocationStatus {
    const answers = this.#answers(wishes).map(({ answer }) => answer)
    for (const wish of wishes) {
      const revoked = this.#keeper.evictedRevocation(wish)
      if (revoked !== null) return revoked
    }
    return this.#memo.find(question, answers, now, () => this.#kind.check(question, answers, now))
  }

  /**
   * Whether nobody need be asked any more. "Good" by the operator's answers alone is not enough while an address is named: the issuer may
   * have revoked the certificate since, and a list that was put there once would hide that for as long as it is in force.
   */
  #settles(
    status: RevocationStatus,
    question: RevocationQuestion,
    wishes: readonly Wish<Answer>[],
    now: Date,
  ): boolean {
    if (status.kind !== 'good' || wishes.length === 0 || this.#local.all.length === 0) return status.kind !== 'unknown'
    const answers = this.#fetched(wishes).map(({ answer }) => answer)
    const published = this.#memoOfFetched.find(question, answers, now, () => this.#kind.check(question, answers, now))
    return published.kind === 'good'
  }

  /** What holds as long as nothing newer is brought; null when nothing does. */
  #statusWithoutNews(
    current: RevocationStatus,
    question: RevocationQuestion,
    wishes: readonly Wish<Answer>[],
    now: Date,
  ): RevocationStatus | null {
    if (current.kind !== 'good') return lastGoodStatus(question, this.#answers(wishes), now, this.#kind.check)
    // The operator's answer must not undo what the issuer said after it, though that is out of date by now.
    const since = this.#fetched(wishes).filter(({ thisUpdate }) => thisUpdate >= current.thisUpdate)
    const past = lastGoodStatus(question, since, now, this.#kind.check)
    return past?.kind === 'revoked' ? past : current
  }

  #answers(wishes: readonly Wish<Answer>[]): readonly PastAnswer<Answer>[] {
    return [...this.#fetched(wishes), ...this.#local.all]
  }

  #fetched(wishes: readonly Wish<Answer>[]): readonly FetchedAnswer<Answer>[] {
    const held = wishes.flatMap((wish) => this.#keeper.find(wish) ?? [])
    return held.map(({ answer, span, acceptedAt, expiresAt }) => {
      return { answer, thisUpdate: span.thisUpdate, currentAt: acceptedAt, expiresAt }
    })
  }

  /** Why the status is unknown, for the operator. */
  #explain(wishes: readonly Wish<Answer>[], otherwise: RevocationStatus): RevocationStatus {
    const failures = wishes.flatMap((wish) => {
      const failed = this.#keeper.lastFailure(wish)
      return failed === null ? [] : [`${wish.url}: ${failed.failure.message}`]
    })
    return failures.length > 0 ? { kind: 'unknown', why: failures.join('; ') } : otherwise
  }
}

const NO_TIME: RevocationStatus = { kind: 'unknown', why: 'no answer within the time limit' }
