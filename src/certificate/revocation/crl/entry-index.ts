import { readHeader } from '../../../asn1/read-header.ts'
import { readSerialNumber, scanCrlEntry } from './scan-crl-entry.ts'
import { serialNumberContents, serialNumberHash } from './serial-number-hash.ts'

/** One revoked certificate. */
export interface CrlEntry {
  readonly revokedAt: Date
  /** RFC 5280 section 5.3.1 name such as `keyCompromise`; null when none is given. */
  readonly reason: string | null
}

/** From an entry on, whose certificates are meant (RFC 5280 section 5.3.3). */
export interface IssuerChange {
  readonly from: number
  /** Matching keys of the issuer's names. */
  readonly issuerKeys: readonly string[]
}

/** More than any list has. Hashes of 32 bits and numbers of entries both fit the 53 bits of a double. */
export const ENTRY_LIMIT = 2 ** 21

/** The entries of a CRL as they lie in its bytes, every one of them well-formed, with an index of 12 bytes each. */
export class CrlEntries {
  readonly #source: Buffer
  readonly #starts: Uint32Array
  readonly #byHash: Float64Array
  readonly #issuerChanges: readonly IssuerChange[]

  /** `hashes` are those of the serial numbers, in the order of the entries; `issuerChanges` begin with the first entry. */
  constructor(
    source: Buffer,
    starts: readonly number[],
    hashes: readonly number[],
    issuerChanges: readonly IssuerChange[],
  ) {
    this.#source = source
    this.#starts = Uint32Array.from(starts)
    this.#byHash = Float64Array.from(hashes, (hash, number) => hash * ENTRY_LIMIT + number).sort()
    this.#issuerChanges = issuerChanges
  }

  get count(): number {
    return this.#starts.length
  }

  /** `serialNumber` as in CertificateFacts; null when it is not listed for that issuer. */
  find(serialNumber: string, issuerKey: string): CrlEntry | null {
    const first = serialNumberHash(serialNumberContents(serialNumber)) * ENTRY_LIMIT
    for (let at = lowerBound(this.#byHash, first); at < this.#byHash.length; at += 1) {
      const number = (this.#byHash[at] ?? 0) - first
      if (number >= ENTRY_LIMIT) return null
      const entry = this.#entryOf(number, serialNumber)
      if (entry !== null && this.#isOf(issuerKey, number)) return entry
    }
    return null
  }

  /** Null when another serial number has the same hash. */
  #entryOf(number: number, serialNumber: string): CrlEntry | null {
    const scanned = scanCrlEntry(this.#source, readHeader(this.#source, this.#starts[number] ?? 0))
    if (readSerialNumber(this.#source, scanned) !== serialNumber) return null
    return { revokedAt: scanned.revokedAt, reason: scanned.extensions?.reason ?? null }
  }

  #isOf(issuerKey: string, number: number): boolean {
    return this.#issuerChanges.findLast(({ from }) => from <= number)?.issuerKeys.includes(issuerKey) === true
  }
}

/** The first place whose value is not below the wanted one. */
function lowerBound(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
