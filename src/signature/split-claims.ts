import type { Json, JsonObject } from '../model/json.ts'
import { REGISTERED_CLAIMS } from '../model/registered-claims.ts'

/** What is left of a payload when claims (`declared` ones too) and statement are taken away is what the registrant wants registered. */
export function splitClaims(
  payload: JsonObject,
  declared: readonly string[],
): { readonly claims: JsonObject; readonly metadata: JsonObject } {
  const isClaim = (name: string): boolean => REGISTERED_CLAIMS.has(name) || declared.includes(name)
  const pick = (wanted: (name: string) => boolean): Record<string, Json> =>
    Object.fromEntries(Object.entries(payload).filter(([name]) => wanted(name)))
  return {
    claims: pick(isClaim),
    metadata: pick((name) => !isClaim(name) && name !== 'software_statement'),
  }
}
