import type { Refusal } from '../model/refusal.ts'

/**
 * Word that what follows on the connection spoiled the request whose body is being read. An AbortSignal would do, but there is one of these
 * for every exchange and nearly all of them stay silent.
 */
export class Interruption {
  #refusal: Refusal | null = null
  #listener = (): void => undefined

  /** Null until it happened. */
  get refusal(): Refusal | null {
    return this.#refusal
  }

  happen(refusal: Refusal): void {
    this.#refusal = refusal
    this.#listener()
  }

  /** In place of whoever listened before. */
  listen(listener: () => void): void {
    this.#listener = listener
  }
}
