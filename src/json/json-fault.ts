import type { Reason } from '../model/reasons.ts'

export type JsonReason = Exclude<Extract<Reason, `json-${string}`>, 'json-not-an-object'>

/** A document that strict JSON does not let through; whoever asked for it decides whose fault that is. */
export class JsonFault extends Error {
  readonly reason: JsonReason
  /** `redirect_uris[1]`; empty for the document as a whole. */
  readonly at: string
  /** UTF-16 units from the start of the text; bytes for `json-invalid-utf8`. */
  readonly offset: number

  constructor(reason: JsonReason, at: string, offset: number) {
    super(`${reason} at offset ${offset}`)
    this.name = 'JsonFault'
    this.reason = reason
    this.at = at
    this.offset = offset
  }
}
