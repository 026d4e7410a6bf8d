/** A value of a type with declared members: its own properties are its fields, and nothing else of it can be reached. The expression library tells types by their class. */
export class TypedObject {}

/** Makes an object of a declared type; the expression library looks at own properties only. */
export type Maker = (values: Readonly<Record<string, unknown>>) => object

export interface TypedMaker {
  readonly ctor: new () => object
  readonly make: Maker
}

export function newMaker(name: string): TypedMaker {
  const ctor = { [name]: class extends TypedObject {} }[name] ?? TypedObject
  return { ctor, make: (values) => Object.assign(new ctor(), values) }
}
