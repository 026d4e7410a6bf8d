import { JsonTokens } from './json-tokens.ts'

export interface JsonLimits {
  /** Levels of objects and arrays; `[[]]` has two. The scan recurses, so keep it within a few hundred. */
  readonly depth: number
  /** Values of the whole document: scalars, objects and arrays, but not member names. */
  readonly values: number
}

/**
 * Walks a JSON text once, from left to right, and stops at the first thing that strict JSON does not let through; builds nothing.
 *
 * @throws JsonFault
 */
export function scanJson(text: string, limits: JsonLimits): void {
  new Scan(text, limits).scanDocument()
}

class Scan {
  readonly #path: (string | number)[] = []
  readonly #tokens: JsonTokens
  readonly #limits: JsonLimits
  #values = 0

  constructor(text: string, limits: JsonLimits) {
    this.#tokens = new JsonTokens(text, this.#path)
    this.#limits = limits
  }

  scanDocument(): void {
    this.#scanValue(1)
    if (this.#tokens.peek() !== '') this.#tokens.fail('json-malformed')
  }

  #scanValue(depth: number): void {
    const first = this.#tokens.peek()
    if (++this.#values > this.#limits.values) this.#tokens.fail('json-too-many-values')
    if (first === '"') this.#tokens.readString()
    else if (first === '{') this.#scanObject(depth)
    else if (first === '[') this.#scanArray(depth)
    else this.#tokens.skipScalar()
  }

  #scanObject(depth: number): void {
    this.#open('{', depth)
    if (this.#tokens.accept('}')) return
    const names = new Set<string>()
    do this.#scanMember(names, depth)
    while (this.#tokens.accept(','))
    this.#tokens.expect('}')
  }

  #scanMember(names: Set<string>, depth: number): void {
    this.#tokens.peek()
    const start = this.#tokens.offset
    const name = this.#tokens.readString()
    this.#path.push(name)
    // Names are compared decoded: "a" and "\u0061" are one (RFC 8259 section 8.3).
    if (names.has(name)) this.#tokens.fail('json-duplicate-member', start)
    // Copying such a member by assignment would set a prototype, here or in whoever reads the document next.
    if (name === '__proto__') this.#tokens.fail('json-forbidden-member', start)
    names.add(name)
    this.#tokens.expect(':')
    this.#scanValue(depth + 1)
    this.#path.pop()
  }

  #scanArray(depth: number): void {
    this.#open('[', depth)
    if (this.#tokens.accept(']')) return
    let index = 0
    do {
      this.#path.push(index++)
      this.#scanValue(depth + 1)
      this.#path.pop()
    } while (this.#tokens.accept(','))
    this.#tokens.expect(']')
  }

  #open(bracket: '{' | '[', depth: number): void {
    if (depth > this.#limits.depth) this.#tokens.fail('json-too-deep')
    this.#tokens.expect(bracket)
  }
}
