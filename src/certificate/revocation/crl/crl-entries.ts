import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { CrlSyntaxError } from './crl-syntax-error.ts'
import type { CrlEntry } from './entry-index.ts'
import type { ParsedEntries } from './parse-crl-entries.ts'

/**
 * The entries of a CRL, read when somebody first asks: whoever answers in the issuer's place could send millions that nobody signed.
 * Ask only once the signature is verified. Everything here throws CrlSyntaxError when an entry is malformed.
 */
export class CrlEntries {
  readonly #read: () => ParsedEntries
  #outcome: ParsedEntries | CrlSyntaxError | null = null

  /** `read` may throw DerSyntaxError, and is called once at most. */
  constructor(read: () => ParsedEntries) {
    this.#read = read
  }

  /** @throws CrlSyntaxError */
  get count(): number {
    return this.#parsed().index.count
  }

  /** A critical extension of an entry that nobody here understands. @throws CrlSyntaxError */
  get notUnderstood(): string | null {
    return this.#parsed().notUnderstood
  }

  /** Whether more entries could mean the serial number than are looked at. @throws CrlSyntaxError */
  isCrowded(serialNumber: string): boolean {
    return this.#parsed().index.isCrowded(serialNumber)
  }

  /** `serialNumber` as in CertificateFacts; null when it is not listed for that issuer. @throws CrlSyntaxError also where it is crowded */
  find(serialNumber: string, issuerKey: string): CrlEntry | null {
    const { index } = this.#parsed()
    if (index.isCrowded(serialNumber)) throw new CrlSyntaxError('too many entries for one serial number')
    return index.find(serialNumber, issuerKey)
  }

  /** A failure is kept as well: it must not be had again for every certificate. */
  #parsed(): ParsedEntries {
    this.#outcome ??= this.#attempt()
    if (this.#outcome instanceof CrlSyntaxError) throw this.#outcome
    return this.#outcome
  }

  #attempt(): ParsedEntries | CrlSyntaxError {
    try {
      return this.#read()
    } catch (failure) {
      if (failure instanceof DerSyntaxError) return new CrlSyntaxError(failure.message, { cause: failure })
      throw failure
    }
  }
}
