import type { JsonObject } from './json.ts'

/** A compact JWS taken apart; nothing in it is true yet. */
export interface UnverifiedJws {
  readonly compact: string
  readonly header: JsonObject
  readonly payload: Buffer
  /** The payload read as JSON. */
  readonly claims: JsonObject
}
