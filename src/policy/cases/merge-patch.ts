import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'

/** Applies a JSON merge patch (RFC 7396): null removes, objects merge, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const merged: Record<string, Json> = isJsonObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, name)
    else merged[name] = mergePatch(merged[name], value)
  }
  return merged
}

/** Merges where the result is known to be an object again. */
export function mergeObjects(target: JsonObject | undefined, patch: JsonObject | undefined): JsonObject {
  return mergePatch(target ?? {}, patch ?? {}) as JsonObject
}
