/** A value of a type with declared members: its own properties are its fields, and nothing else of it can be reached. The expression library tells types by their class. */
export class TypedObject {}

/** A value of one of the `types` of a policy, which is plain data and may be shown and registered as such. */
export class DeclaredObject extends TypedObject {}

/** Makes an object of a declared type; the expression library looks at own properties only. */
export type Maker = (values: Readonly<Record<string, unknown>>) => object

export interface TypedMaker {
  readonly ctor: new () => object
  readonly make: Maker
}

export function newMaker(name: string, base: new () => object = TypedObject): TypedMaker {
  const ctor = { [name]: class extends base {} }[name] ?? base
  return { ctor, make: (values) => Object.assign(new ctor(), values) }
}
