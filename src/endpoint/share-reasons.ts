import { isDeepStrictEqual } from 'node:util'
import type { Reason, ReasonOverrides } from '../model/reasons.ts'
import type { Candidates } from '../model/stages.ts'

/** What may be said in the name of several endpoints: each reason in the words on which all of their policies agree. */
export function shareReasons([first, ...others]: readonly Candidates[]): ReasonOverrides {
  const words = Object.entries(first?.reasons ?? {})
  return Object.fromEntries(
    words.filter(([reason, override]) =>
      others.every(({ reasons }) => isDeepStrictEqual(reasons[reason as Reason], override)),
    ),
  )
}
