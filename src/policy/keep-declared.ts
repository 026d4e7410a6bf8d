import { isJsonObject, type Json } from '../model/json.ts'
import type { MemberType } from './member-type.ts'

/** The value without the members that its type does not declare: nobody judged them. The type must have been checked. */
export function keepDeclared(value: Json, type: MemberType): Json {
  if (!holdsObjects(type)) return value
  if (type.kind === 'list' && Array.isArray(value))
    return (value as readonly Json[]).map((item) => keepDeclared(item, type.of))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value)
  if (type.kind === 'map') return Object.fromEntries(entries.map(([name, item]) => [name, keepDeclared(item, type.of)]))
  if (type.kind !== 'object') return value
  return Object.fromEntries(
    entries.flatMap(([name, item]) => {
      const declared = type.fields.get(name)
      return declared === undefined || item === null ? [] : [[name, keepDeclared(item, declared)]]
    }),
  )
}

/** Where the first member stands that its type does not declare, such as `authorisations[0].note`; null for none. */
export function findUndeclared(at: string, value: Json, type: MemberType): string | null {
  if (!holdsObjects(type)) return null
  if (type.kind === 'list' && Array.isArray(value))
    return firstOf((value as readonly Json[]).entries(), ([index, item]) =>
      findUndeclared(`${at}[${index}]`, item, type.of),
    )
  if (!isJsonObject(value)) return null
  return firstOf(Object.entries(value), ([name, item]) => {
    const declared = type.kind === 'map' ? type.of : type.kind === 'object' ? type.fields.get(name) : undefined
    return declared === undefined ? `${at}.${name}` : findUndeclared(`${at}.${name}`, item, declared)
  })
}

function holdsObjects(type: MemberType): boolean {
  return type.kind === 'object' || ((type.kind === 'list' || type.kind === 'map') && holdsObjects(type.of))
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item)
    if (found !== null) return found
  }
  return null
}
