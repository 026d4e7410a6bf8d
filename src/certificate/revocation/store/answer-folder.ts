import type { AnswerBytes } from './answer-kind.ts'
import type { FileProblem } from './revocation-event.ts'
import type { RevocationSource } from '../revocation-status.ts'

/** An accepted answer as it lies on disk; whoever reads it back must judge it as if the network had brought it. */
export interface StoredAnswer extends AnswerBytes {
  readonly source: RevocationSource
  readonly key: string
  readonly acceptedAt: Date
}

/** What survives a restart. Nothing of it throws or rejects: without a disk memory goes on alone. */
export interface AnswerFolder {
  /** What is there, the oldest first; once, before anything is saved. */
  readonly load: (now: Date) => Promise<readonly StoredAnswer[]>
  /** Returns at once. */
  readonly save: (answer: StoredAnswer) => void
  /** For what was read back and turned out to be of no use. */
  readonly remove: (source: RevocationSource, key: string, problem: FileProblem) => void
  /** Ends when all that was saved is written. */
  readonly close: () => Promise<void>
}
