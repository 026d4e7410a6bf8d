import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'

/**
 * Lays the claims of a directory under the names that the policy declares. A claim with a path of its own is what stands there, or
 * absent: nothing else of that name counts, or one directory could say a thing twice.
 */
export function nameClaims(claims: JsonObject, paths: Readonly<Record<string, string>>): JsonObject {
  const named: Record<string, Json> = { ...claims }
  for (const [name, path] of Object.entries(paths)) {
    const value = valueAt(claims, path.split('.'))
    if (value === undefined) Reflect.deleteProperty(named, name)
    else named[name] = value
  }
  return named
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [name, ...rest] = path
  if (name === undefined) return value
  return isJsonObject(value) && Object.hasOwn(value, name) ? valueAt(value[name], rest) : undefined
}
