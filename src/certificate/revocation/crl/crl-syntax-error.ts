/** Bytes that are no certificate revocation list of RFC 5280 section 5; the message names the part and repeats nothing. */
export class CrlSyntaxError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CrlSyntaxError'
  }
}
