import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { isText, type MemberType, type ObjectType } from '../../member-type.ts'
import { Fields } from './typed-values.ts'

/** Fields that JSON holds: only members that are declared, as values of expressions. */
export class JsonFields extends Fields {
  readonly #json: JsonObject
  readonly #types: ReadonlyMap<string, MemberType>

  constructor(json: JsonObject, types: ReadonlyMap<string, MemberType>) {
    super()
    this.#json = json
    this.#types = types
  }

  /** Texts and bools are what they are in JSON, and need not be kept; no object of JavaScript has any that nobody put there. */
  override read(name: string): unknown {
    const value = this.#json[name]
    if (typeof value !== 'string' && typeof value !== 'boolean')
      return value === undefined ? undefined : super.read(name)
    return this.#types.has(name) ? value : undefined
  }

  protected override make(name: string): unknown {
    const type = this.#types.get(name)
    const value = this.ownValue(name)
    return type === undefined || value === undefined ? undefined : toExpressionValue(value, type)
  }

  protected ownValue(name: string): Json | undefined {
    return Object.hasOwn(this.#json, name) ? this.#json[name] : undefined
  }
}

/** A value of one of the `types` of a policy, which may be shown and registered as the plain data that it is. */
export class DeclaredObject extends JsonFields {
  readonly type: ObjectType

  constructor(json: JsonObject, type: ObjectType) {
    super(json, type.fields)
    this.type = type
  }

  /** Members that are declared, as values of expressions. */
  toMap(): Readonly<Record<string, unknown>> {
    const members = [...this.type.fields.keys()].map((name) => [name, this.read(name)] as const)
    return Object.fromEntries(members.filter(([, value]) => value !== undefined))
  }

  /** Directories write null for what they have not. */
  protected override ownValue(name: string): Json | undefined {
    return super.ownValue(name) ?? undefined
  }
}

/** A value as expressions see it: whole numbers are `int` (BigInt), NumericDates are timestamps. The type must have been checked. */
export function toExpressionValue(value: Json, type: MemberType): unknown {
  switch (type.kind) {
    case 'timestamp':
      return new Date(Number(value) * 1000)
    case 'int':
      return BigInt(Number(value))
    case 'list':
      return isSame(type.of) ? value : (value as readonly Json[]).map((item) => toExpressionValue(item, type.of))
    case 'map':
      return mapValues(value, (item) => toExpressionValue(item, type.of))
    case 'object':
      return isJsonObject(value) ? new DeclaredObject(value, type) : value
    case 'dyn':
      return dynamicValue(value)
    default:
      return value
  }
}

/** Types whose values expressions see as JSON has them. */
function isSame(type: MemberType): boolean {
  return type.kind === 'string' || type.kind === 'bool' || type.kind === 'double' || isText(type)
}

function dynamicValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return (value as readonly Json[]).map(dynamicValue)
  return isJsonObject(value) ? mapValues(value, dynamicValue) : value
}

function mapValues(value: Json, change: (item: Json) => unknown): unknown {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, change(item)]))
    : value
}
