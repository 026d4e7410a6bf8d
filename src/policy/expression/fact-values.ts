import { newMaker } from '../typed-object.ts'
import { ERROR_TYPES, FIXED_TYPES, type FACTS, type FactName } from './facts.ts'
import type { TIMESTAMP } from './evaluate/node-type.ts'
import type { LazyFields } from './evaluate/typed-values.ts'

const TYPES = { ...FIXED_TYPES, ...ERROR_TYPES }
type Types = typeof TYPES
type TypeName = keyof Types

declare const TYPE: unique symbol

/** A value of one of the types of the table; its maker alone gives it. */
export interface Made<Name extends TypeName> {
  readonly [TYPE]: Name
}

interface Plain {
  readonly string: string
  readonly bool: boolean
  readonly int: bigint
  readonly Variables: LazyFields
  readonly [TIMESTAMP]: Date
}

/** What stands for a value of a type in the library's words; types that each policy declares for itself are objects. */
type ValueOf<Type extends string> = Type extends keyof Plain
  ? Plain[Type]
  : Type extends `list<${infer Of}>`
    ? readonly ValueOf<Of>[]
    : Type extends `map<string, ${infer Of}>`
      ? Readonly<Record<string, ValueOf<Of>>>
      : Type extends TypeName
        ? Made<Type>
        : object

type Present<Fields> = {
  readonly [F in keyof Fields as Fields[F] extends `${string}?` ? never : F]: FieldValue<Fields[F]>
}
/** Whoever writes them all out says `undefined`: to expressions that is as absent as what is left out. */
type Absent<Fields> = {
  readonly [F in keyof Fields as Fields[F] extends `${string}?` ? F : never]?: FieldValue<Fields[F]> | undefined
}
type FieldValue<Type> = Type extends `${infer Of}?` ? ValueOf<Of> : Type extends string ? ValueOf<Type> : object

/** Values of all facts; none can be forgotten, and one that there may be none of is said to be undefined. */
export type FactValues = {
  readonly [Name in FactName]: (typeof FACTS)[Name]['type'] extends `${infer Of}?`
    ? ValueOf<Of> | undefined
    : ValueOf<(typeof FACTS)[Name]['type']>
}

/** All fields that the table has of a type; those that may be absent may be left out. */
export type FieldsOf<Name extends TypeName> = Present<Types[Name]> & Absent<Types[Name]>

type Makers = { readonly [Name in TypeName as Uncapitalize<Name>]: (values: FieldsOf<Name>) => Made<Name> }

const makers = Object.keys(TYPES).map((name) => [name, newMaker(name)] as const)

/** Makers of values of the types of the table, which take nothing less than all its fields. */
export const make = Object.fromEntries(
  makers.map(([name, maker]) => [name.charAt(0).toLowerCase() + name.slice(1), maker.make]),
) as unknown as Makers

const classes = Object.fromEntries(makers.map(([name, { ctor }]) => [name, ctor]))

/** A type as the expression library wants it declared. */
export function declarationOf(name: TypeName): {
  readonly ctor: new () => object
  readonly fields: Record<string, string>
} {
  const ctor = classes[name]
  if (ctor === undefined) throw new Error(`no type ${name}`)
  const fields = Object.entries<string>(TYPES[name]).map(([field, type]) => [field, declaredType(type)])
  return { ctor, fields: Object.fromEntries(fields) as Record<string, string> }
}

/** The type of the table in the library's words: whether there may be none, it does not want to know. */
export function declaredType(type: string): string {
  return type.replace(/\?$/, '')
}
