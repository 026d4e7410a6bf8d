import type { AnswerSpan } from './answer-span.ts'
import { BoundedEntries } from '../../../egress/bounded-entries.ts'
import type { Slot } from './held-answer.ts'
import { ownerOfKey } from './issuer-id.ts'
import type { RevokedStatus } from '../revocation-status.ts'

/** What must not be undone by what comes after an answer. */
export interface Floor {
  readonly span: AnswerSpan
  /** Whether the answer alone told the status. */
  readonly tells: boolean
}

const BOUNDS = { maxEntries: 20_000, maxBytes: Infinity }
const OWNED = { ownerOf: ownerOfKey }

/**
 * What is left of answers that made room for others. Without it whoever floods the memory could have a known revocation forgotten, and
 * then bring a captured answer from before it.
 */
export class EvictedAnswers<Answer> {
  readonly #floors = new BoundedEntries<Floor>(BOUNDS, OWNED)
  readonly #revoked = new BoundedEntries<RevokedStatus>(BOUNDS, OWNED)

  remember({ key, held, wish }: Slot<Answer>): void {
    const { answer, span, acceptedAt } = held
    this.#floors.set(key, { span, tells: wish.tells(answer, acceptedAt) }, 0)
    const revoked = wish.finalRevocation(answer, acceptedAt)
    if (revoked !== null) this.#revoked.set(key, revoked, 0)
  }

  floor(key: string): Floor | undefined {
    return this.#floors.get(key)
  }

  revocation(key: string): RevokedStatus | null {
    return this.#revoked.get(key) ?? null
  }

  /** For what is held again. */
  forget(key: string): void {
    this.#floors.delete(key)
    this.#revoked.delete(key)
  }
}
