import { refuse, type Refusal } from '../model/refusal.ts'

/** Header fields by lower-case name, each with all its values. */
export class RequestHeaders {
  readonly #values = new Map<string, string[]>()

  /** @param raw name, value, name, value ... as received */
  constructor(raw: readonly string[]) {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = (raw[index] ?? '').toLowerCase()
      const value = raw[index + 1] ?? ''
      const values = this.#values.get(name)
      if (values === undefined) this.#values.set(name, [value])
      else values.push(value)
    }
  }

  /**
   * The value of a field that may stand there once; null when it does not. Which of two values counts is for each server to say, so that
   * two are refused.
   *
   * @throws Refusal `request-malformed`
   */
  single(name: string): string | null {
    const [value, second] = this.#values.get(name) ?? []
    if (second !== undefined) throw malformedHeader(name, 'the header stands there more than once')
    return value ?? null
  }
}

/** Fields by which a message is framed, read or authorised. */
const SINGLETONS = ['authorization', 'content-encoding', 'content-length', 'content-type', 'transfer-encoding']

/** @throws Refusal `request-malformed` when one of them stands there twice, whether the operation needs it or not */
export function checkSingletons(headers: RequestHeaders): void {
  for (const name of SINGLETONS) headers.single(name)
}

/** @param name must be one of ours, not one that was sent */
export function malformedHeader(name: string, message: string): Refusal {
  return refuse({ reason: 'request-malformed', at: `header ${name}`, message })
}
