/** Values of declared types: their own properties are their fields, and nothing else of them can be reached. */
export class Typed {}

/** Fields that are computed when first asked for, and then kept. */
export class LazyFields extends Typed {
  readonly #evaluate: (name: string) => unknown
  readonly #known = new Map<string, unknown>()

  /** `evaluate` gives undefined for a name that is no field. */
  constructor(evaluate: (name: string) => unknown) {
    super()
    this.#evaluate = evaluate
  }

  /** @throws what the evaluation fails with; it is then tried again for whoever asks next */
  read(name: string): unknown {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const value = this.#evaluate(name)
    this.#known.set(name, value)
    return value
  }
}

/** A type as a value, as `type(x)` gives it. */
export class TypeName {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Objects that came out of JSON or of a map in an expression. */
export function isPlainMap(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
