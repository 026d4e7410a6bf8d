import type { AnswerSpan } from './answer-span.ts'
import type { Urgency } from './fetch-gate.ts'
import type { RevocationQuestion } from './revocation-functions.ts'
import type { RevocationSource, RevocationStatus, RevokedStatus } from '../revocation-status.ts'

/** Bytes as they came, from the network or from the disk. */
export interface AnswerBytes {
  readonly url: string
  readonly der: Buffer
  /** What the request carried, which the answer must repeat (RFC 8954); null where there was none. */
  readonly nonce: Buffer | null
}

/** An answer that somebody wants: where it is kept, how it is got, and how it is told from a false one. */
export interface Wish<Answer> {
  readonly key: string
  /** Of the first who would be asked. */
  readonly url: string
  /** Looks at the urgency before every address: whoever waited may have given up. @throws RevocationFailure */
  readonly load: (urgency: () => Urgency) => Promise<AnswerBytes>
  /** When the answer is current, by what its signer says. @throws RevocationFailure when it is not to be believed, or says nothing */
  readonly judge: (answer: Answer, asAt: Date) => AnswerSpan
  /** Whether the answer alone tells the status that is wanted; one that is to be believed may be about other certificates. */
  readonly tells: (answer: Answer, asAt: Date) => boolean
  /** A revocation that nothing ends, where the key stands for one certificate; null otherwise. */
  readonly finalRevocation: (answer: Answer, asAt: Date) => RevokedStatus | null
}

/** What tells CRLs and OCSP answers apart; everything else about keeping them is the same. */
export interface AnswerKind<Answer> {
  readonly source: RevocationSource
  /** @throws RevocationFailure */
  readonly parse: (bytes: AnswerBytes) => Answer
  /** What an answer says of its own time before anybody vouched for it, for display alone; null where that is not known. */
  readonly claimedSpan: (answer: Answer) => AnswerSpan | null
  /** Nothing for a certificate that names nobody to ask. */
  readonly wishes: (question: RevocationQuestion) => readonly Wish<Answer>[]
  readonly check: (question: RevocationQuestion, answers: readonly Answer[], asAt: Date) => RevocationStatus
}
