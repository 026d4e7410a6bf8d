import type { Priced } from '../call-cost.ts'
import { guardOfParameter, type Guard } from './guards.ts'
import type { NodeType } from './node-type.ts'

/** A function of the language; the receiver, where it has one, is the first of the values. */
export interface LanguageFunction extends Priced {
  /** As the expression library writes it: `string.startsWith(string): bool`. */
  readonly signature: string
  readonly handler: (...values: never[]) => unknown
  /** The handler gives a plain number where the language has an int. */
  readonly isSmall?: boolean
}

/** One way to call a function. */
export interface Overload {
  readonly handler: (...values: unknown[]) => unknown
  readonly isSmall: boolean
  /** Names of the types of the values, the receiver first. */
  readonly types: readonly string[]
  readonly guards: readonly Guard[]
  readonly priced: Priced
}

const SIGNATURE = /^(?:([\w.]+(?:<\w+>)?)\.)?(\w+)\(([^)]*)\)/

export type FunctionTable = ReadonlyMap<string, readonly Overload[]>

/** Overloads by name, with or without receiver, and number of values. */
export function tableOf(functions: readonly LanguageFunction[]): FunctionTable {
  const table = new Map<string, Overload[]>()
  for (const one of functions) {
    const { signature, handler, isSmall = false } = one
    const [, receiver, name = '', parameters = ''] = SIGNATURE.exec(signature) ?? []
    const types = [...(receiver === undefined ? [] : [receiver]), ...parameters.split(',').map((type) => type.trim())]
    const named = types.filter((type) => type !== '')
    const key = keyOf(name, receiver !== undefined, named.length)
    const overload = {
      handler: handler as Overload['handler'],
      isSmall,
      types: named,
      guards: named.map(guardOfParameter),
      priced: one,
    }
    table.set(key, [...(table.get(key) ?? []), overload])
  }
  return table
}

function keyOf(name: string, hasReceiver: boolean, count: number): string {
  return `${hasReceiver ? '.' : ''}${name}/${count}`
}

/** Whether values of a type that is known when the policy is loaded may be given; one that is not known may always turn out right. */
function mayTake(overload: Overload, types: readonly NodeType[]): boolean {
  return types.every((type, index) => type.hasDynType || isTaken(overload.types[index] ?? '', type))
}

function isTaken(wanted: string, { kind, name, valueType }: NodeType): boolean {
  if (wanted === 'dyn' || wanted === name || wanted === kind) return true
  // An empty list is one of everything.
  return kind === 'list' && wanted.startsWith('list<') && valueType?.kind === 'param'
}

/** Those that a call with values of these types may mean; the receiver, where it has one, is the first of them. */
export function overloadsFor(
  table: FunctionTable,
  name: string,
  hasReceiver: boolean,
  types: readonly NodeType[],
): readonly Overload[] {
  return (table.get(keyOf(name, hasReceiver, types.length)) ?? []).filter((one) => mayTake(one, types))
}
