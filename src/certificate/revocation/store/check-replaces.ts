import type { Wish } from './answer-kind.ts'
import { checkNotOlder } from './answer-span.ts'
import type { HeldAnswer } from './held-answer.ts'
import { RevocationFailure } from './revocation-failure.ts'

/**
 * Whether an answer that is to be believed may take the place of one that is held. Genuine is not enough: whoever can answer in the
 * issuer's place could bring its list of other certificates, or a delta list, and so make what is known unknown. The other way round
 * nothing is lost, whatever the dates say. @throws RevocationFailure
 */
export function checkReplaces<Answer>(
  wish: Wish<Answer>,
  candidate: Pick<HeldAnswer<Answer>, 'answer' | 'span'>,
  held: HeldAnswer<Answer>,
  now: Date,
): void {
  const candidateTells = wish.tells(candidate.answer, now)
  const heldTells = wish.tells(held.answer, held.acceptedAt)
  if (heldTells && !candidateTells) throw new RevocationFailure('unusable', 'says less than the one that is held')
  if (candidateTells === heldTells) checkNotOlder(candidate.span, held.span, now)
}
