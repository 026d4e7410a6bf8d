/** Text that is no distinguished name of RFC 4514. The message does not repeat the text, which may be a registrant's. */
export class DistinguishedNameSyntaxError extends Error {
  /** Where in the text, counted in UTF-16 units from 0. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(`${message} at offset ${offset}`)
    this.name = 'DistinguishedNameSyntaxError'
    this.offset = offset
  }
}
