import type { AnswerKind } from './answer-kind.ts'
import type { AnswerSpan } from './answer-span.ts'
import type { RememberedFailure } from './failure-memory.ts'
import type { Slot, UnprovenAnswer } from './held-answer.ts'
import type { RevocationProblem } from './revocation-failure.ts'
import type { RevocationSource } from '../revocation-status.ts'

/** How one source stands, for operators; the age of what is held is counted from `thisUpdate`. */
export interface KeptState {
  readonly source: RevocationSource
  readonly url: string
  /** Issuer and address, or issuer and serial number. */
  readonly key: string
  /** `on-disk` is not judged yet. */
  readonly state: 'held' | 'on-disk' | 'missing'
  readonly thisUpdate: Date | null
  readonly nextUpdate: Date | null
  readonly acceptedAt: Date | null
  readonly lastFailure: { readonly problem: RevocationProblem; readonly detail: string; readonly at: Date } | null
}

type Telling = Omit<KeptState, 'lastFailure'>

/** Every place that is held, on disk only, or known for nothing but a failure. */
export function describeEntries<Answer>(
  { source, claimedSpan }: AnswerKind<Answer>,
  slots: readonly Slot<Answer>[],
  unproven: readonly UnprovenAnswer<Answer>[],
  failures: readonly RememberedFailure[],
): readonly KeptState[] {
  const states = new Map<string, Telling>()
  for (const { key, url } of failures) states.set(key, { ...NOTHING, source, key, url, state: 'missing' })
  for (const { key, answer, bytes, acceptedAt } of unproven) {
    const { url } = bytes
    states.set(key, { source, key, url, state: 'on-disk', acceptedAt, ...timesOf(claimedSpan(answer)) })
  }
  for (const { key, held } of slots) {
    const { span, acceptedAt, bytes } = held
    states.set(key, { source, key, url: bytes.url, state: 'held', acceptedAt, ...timesOf(span) })
  }
  const failed = new Map(failures.map((failure) => [failure.key, failure]))
  return [...states.values()].map((state) => ({ ...state, lastFailure: describeFailure(failed.get(state.key)) }))
}

const NOTHING = { thisUpdate: null, nextUpdate: null, acceptedAt: null }

function timesOf(span: AnswerSpan | null): Pick<KeptState, 'thisUpdate' | 'nextUpdate'> {
  return { thisUpdate: span?.thisUpdate ?? null, nextUpdate: span?.nextUpdate ?? null }
}

function describeFailure(remembered: RememberedFailure | undefined): KeptState['lastFailure'] {
  if (remembered === undefined) return null
  const { problem, detail } = remembered.failure
  return { problem, detail, at: remembered.at }
}
