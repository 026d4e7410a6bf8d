/** Bytes that are no DER (X.690 section 10), or DER of another type than the reader asked for. */
export class DerSyntaxError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'DerSyntaxError'
  }
}
