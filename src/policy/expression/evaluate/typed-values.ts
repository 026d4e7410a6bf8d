import { TypedObject } from '../../typed-object.ts'

/** A value of a declared type whose fields are made when they are first asked for: most expressions look at few of them. */
export abstract class Fields extends TypedObject {
  #known: Map<string, unknown> | null = null

  /** Undefined for a field that is not there. @throws what making it fails with; it is then tried again for whoever asks next */
  read(name: string): unknown {
    const known = this.#known?.get(name)
    if (known !== undefined) return known
    const value = this.make(name)
    this.#known ??= new Map()
    this.#known.set(name, value)
    return value
  }

  protected abstract make(name: string): unknown
}

/** Fields that are expressions of their own. */
export class LazyFields extends Fields {
  readonly #evaluate: (name: string) => unknown

  /** `evaluate` gives undefined for a name that is no field. */
  constructor(evaluate: (name: string) => unknown) {
    super()
    this.#evaluate = evaluate
  }

  protected override make(name: string): unknown {
    return this.#evaluate(name)
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
