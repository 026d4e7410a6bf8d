import type { AnswerBytes, Wish } from './answer-kind.ts'
import type { AnswerSpan } from './answer-span.ts'

/** An answer that was judged and accepted. */
export interface HeldAnswer<Answer> {
  readonly answer: Answer
  readonly bytes: AnswerBytes
  readonly span: AnswerSpan
  /** When it was judged to be current. */
  readonly acceptedAt: Date
  /** Its end, or what stands for it where it names none. */
  readonly expiresAt: Date
}

/** An answer read back from disk; it proves itself to the first certificate that needs it, which says who must have signed it. */
export interface UnprovenAnswer<Answer> {
  readonly key: string
  readonly answer: Answer
  readonly bytes: AnswerBytes
  readonly acceptedAt: Date
}

/** A place in memory, with what is needed to fetch its answer anew. */
export interface Slot<Answer> {
  readonly key: string
  readonly held: HeldAnswer<Answer>
  /** The latest. */
  wish: Wish<Answer>
  /** The three below are of the clock's elapsed time. */
  readonly acceptedAtMs: number
  usedAtMs: number
  /** Its time to be fetched anew came while nobody used it. */
  isOverdue: boolean
  cancelRefresh: () => void
}
