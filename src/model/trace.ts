import type { Answer } from './answer.ts'
import type { Arrival } from './arrival.ts'
import type { Clock } from './clock.ts'
import type { ReasonOverrides } from './reasons.ts'
import type { Refusal } from './refusal.ts'
import type { Candidates, Exchange, Known } from './stages.ts'

/** Writes down, beside the flow, what became known and when, and whose words hold; no stage reads it. */
export class Trace {
  readonly #arrival: Arrival
  readonly #clock: Clock
  readonly #started: number
  readonly #timings: Record<string, number> = {}
  #known: Partial<Known> = {}
  #inTheirName: Pick<Candidates, 'reasons' | 'refuse'> = { reasons: {}, refuse: null }

  constructor(arrival: Arrival, clock: Clock) {
    this.#arrival = arrival
    this.#clock = clock
    this.#started = clock.elapsedMs()
  }

  /** Hands its value through, so that the flow reads as if nobody were watching. */
  note<Name extends keyof Known, Value extends Known[Name]>(name: Name, value: Value): Value {
    this.#known = { ...this.#known, [name]: value }
    this.#lap(name)
    return value
  }

  /** From here on only these may take the request: what is refused now is refused in their name. */
  among<Some extends Candidates>(candidates: Some): Some {
    this.#inTheirName = candidates
    this.#known = { ...this.#known, endpoints: candidates.endpoints }
    return candidates
  }

  get reasons(): ReasonOverrides {
    return this.#inTheirName.reasons
  }

  get refuse(): Candidates['refuse'] {
    return this.#inTheirName.refuse
  }

  finish(answer: Answer, refusal?: Refusal): Exchange {
    this.#lap('answer')
    const end = refusal === undefined ? { answer } : { answer, refusal }
    return { ...this.#known, ...end, arrival: this.#arrival, timings: this.#timings }
  }

  #lap(name: string): void {
    this.#timings[name] = Math.round((this.#clock.elapsedMs() - this.#started) * 1000) / 1000
  }
}
