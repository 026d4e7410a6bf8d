import { TypedObject } from '../../typed-object.ts'

/** A value of a declared type whose fields are made when they are first asked for: most expressions look at few of them. */
export abstract class Fields extends TypedObject {
  #known: Map<string, unknown> | null = null

  /** Undefined for a field that is not there. @throws what making it fails with */
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
  /** What fails once is not tried again: loops go on after a failure, so that each variable beneath another would cost a hundred times as much. */
  #failures: Map<string, unknown> | null = null

  /** `evaluate` gives undefined for a name that is no field. */
  constructor(evaluate: (name: string) => unknown) {
    super()
    this.#evaluate = evaluate
  }

  protected override make(name: string): unknown {
    if (this.#failures?.has(name) === true) throw this.#failures.get(name)
    try {
      return this.#evaluate(name)
    } catch (failure) {
      this.#failures ??= new Map()
      this.#failures.set(name, failure)
      throw failure
    }
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
