import { DistinguishedNameSyntaxError } from './distinguished-name-syntax-error.ts'

/** Walks a text once from left to right. */
export class TextScanner {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  get offset(): number {
    return this.#offset
  }

  get atEnd(): boolean {
    return this.#offset >= this.#text.length
  }

  /** The next UTF-16 unit; empty at the end. */
  peek(): string {
    return this.#text.charAt(this.#offset)
  }

  /** Goes over an ASCII character if it is the next one. */
  skip(character: string): boolean {
    if (this.peek() !== character) return false
    this.#offset += 1
    return true
  }

  skipSpaces(): void {
    while (this.skip(' '));
  }

  /** What a sticky pattern matches here; empty when it does not match. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#offset += found.length
    return found
  }

  fail(message: string): DistinguishedNameSyntaxError {
    return new DistinguishedNameSyntaxError(message, this.#offset)
  }
}
