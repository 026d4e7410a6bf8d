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

/** A member that its type does not declare, by where it stands, such as `authorisations[0].note`. */
export interface UndeclaredMember {
  readonly at: string
  readonly value: Json
}

/** All that keepDeclared() leaves out, in order; members that are null count as left out already. */
export function findUndeclared(at: string, value: Json, type: MemberType): readonly UndeclaredMember[] {
  if (!holdsObjects(type)) return []
  if (type.kind === 'list' && Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => findUndeclared(`${at}[${index}]`, item, type.of))
  if (!isJsonObject(value)) return []
  return Object.entries(value).flatMap(([name, item]) => {
    const declared = type.kind === 'map' ? type.of : type.kind === 'object' ? type.fields.get(name) : undefined
    const place = `${at}.${name}`
    if (declared !== undefined) return findUndeclared(place, item, declared)
    return item === null ? [] : [{ at: place, value: item }]
  })
}

function holdsObjects(type: MemberType): boolean {
  return type.kind === 'object' || ((type.kind === 'list' || type.kind === 'map') && holdsObjects(type.of))
}
