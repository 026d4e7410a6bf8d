import { isExactNumber } from './is-exact-number.ts'
import { JsonFault, type JsonReason } from './json-fault.ts'
import { writeJsonPath, type JsonPath } from './write-json-path.ts'

const SCALAR = /true|false|null|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y
/** What stands for itself in a string. A sticky pattern is faster here than a loop of charCodeAt. */
const PLAIN = /[^"\\\0-\x1f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
/** Under the `u` flag halves of a pair match only where the other half is missing. */
const UNSAFE = /[\0\p{Surrogate}]/u

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22

/** Reads the tokens of a JSON text (RFC 8259 section 2) one after the other; each method throws JsonFault unless its token is next. */
export class JsonTokens {
  readonly #text: string
  /** Where the reader is in the document: its owner moves it, faults name it. */
  readonly #path: JsonPath
  #offset = 0

  constructor(text: string, path: JsonPath) {
    this.#text = text
    this.#path = path
  }

  get offset(): number {
    return this.#offset
  }

  fail(reason: JsonReason, offset = this.#offset): never {
    throw new JsonFault(reason, writeJsonPath(this.#path), offset)
  }

  /** The next character after white space; empty at the end of the text. */
  peek(): string {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#offset)
      if (unit !== SPACE && unit !== LINE_FEED && unit !== CARRIAGE_RETURN && unit !== TAB) break
      this.#offset++
    }
    return this.#text.charAt(this.#offset)
  }

  accept(character: string): boolean {
    const accepted = this.peek() === character
    if (accepted) this.#offset++
    return accepted
  }

  expect(character: string): void {
    if (!this.accept(character)) this.fail('json-malformed')
  }

  /** The decoded text. */
  readString(): string {
    this.expect('"')
    const start = this.#offset
    const escaped = this.#skipToQuote()
    const raw = this.#text.slice(start, this.#offset++)
    return escaped ? this.#decode(raw, start) : raw
  }

  /** A number or one of the three literals; white space before it must be skipped already. */
  skipScalar(): void {
    SCALAR.lastIndex = this.#offset
    const match = SCALAR.exec(this.#text)
    if (match === null) return this.fail('json-malformed')
    if (match[1] !== undefined && !isExactNumber(match[1])) this.fail('json-number-unsafe')
    this.#offset = SCALAR.lastIndex
  }

  #skipToQuote(): boolean {
    let escaped = false
    for (;;) {
      PLAIN.lastIndex = this.#offset
      PLAIN.test(this.#text)
      this.#offset = PLAIN.lastIndex
      if (this.#text.charCodeAt(this.#offset) === QUOTE) return escaped
      this.#skipEscape()
      escaped = true
    }
  }

  #skipEscape(): void {
    ESCAPE.lastIndex = this.#offset
    if (!ESCAPE.test(this.#text)) this.fail('json-malformed')
    this.#offset = ESCAPE.lastIndex
  }

  /** Only escapes can spell U+0000 or half a pair: the one is malformed in raw text, the other in UTF-8. */
  #decode(raw: string, start: number): string {
    const text = JSON.parse(`"${raw}"`) as string
    if (UNSAFE.test(text)) this.fail('json-string-unsafe', start)
    return text
  }
}
