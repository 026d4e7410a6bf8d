import type { Wish } from './answer-kind.ts'
import { checkNotOlder } from './answer-span.ts'
import type { Floor } from './evicted-answers.ts'
import type { HeldAnswer } from './held-answer.ts'
import { RevocationFailure } from './revocation-failure.ts'

/**
 * Whether an answer that is to be believed may take the place of one that is held, or was before it made room. Genuine is not enough: whoever can answer in the
 * issuer's place could bring its list of other certificates, or a delta list, and so make what is known unknown. The other way round
 * nothing is lost, whatever the dates say. @throws RevocationFailure
 */
export function checkReplaces<Answer>(
  wish: Wish<Answer>,
  candidate: Pick<HeldAnswer<Answer>, 'answer' | 'span'>,
  held: Floor,
  now: Date,
): void {
  const candidateTells = wish.tells(candidate.answer, now)
  if (held.tells && !candidateTells) throw new RevocationFailure('unusable', 'says less than the one that is held')
  if (candidateTells === held.tells) checkNotOlder(candidate.span, held.span, now)
}
