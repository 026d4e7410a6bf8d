/** What happened to the world, for the report of a violation. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly what: string
}

export class Timeline {
  readonly #happenings: Happening[] = []

  note(what: string): void {
    this.#happenings.push({ at: Date.now(), what })
  }

  between(from: number, to: number): readonly Happening[] {
    return this.#happenings.filter(({ at }) => at >= from && at <= to)
  }
}
