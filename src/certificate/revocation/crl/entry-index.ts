import { readHeader } from '../../../asn1/read-header.ts'
import { scanCrlEntry } from './scan-crl-entry.ts'
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
/** Entries whose serial numbers have the same hash: an indirect list may hold one serial number of several issuers, not of thousands. */
export const CROWD_LIMIT = 1_000

/** The entries of a CRL as they lie in its bytes, every one of them well-formed, with an index of 12 bytes each. */
export class EntryIndex {
  readonly #source: Buffer
  readonly #starts: Uint32Array
  readonly #byHash: Float64Array
  readonly #issuerChanges: readonly IssuerChange[]
  readonly #changeStarts: Uint32Array

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
    this.#changeStarts = Uint32Array.from(issuerChanges, ({ from }) => from)
  }

  get count(): number {
    return this.#starts.length
  }

  /** Whether more entries could mean the serial number than are looked at; `find` would be a walk that the list's signer chose the length of. */
  isCrowded(serialNumber: string): boolean {
    const { from, to } = this.#rangeOf(hashOf(serialNumber))
    return to - from > CROWD_LIMIT
  }

  /** `serialNumber` as in CertificateFacts; null when it is not listed for that issuer. */
  find(serialNumber: string, issuerKey: string): CrlEntry | null {
    const contents = serialNumberContents(serialNumber)
    const hash = serialNumberHash(contents)
    const { from, to } = this.#rangeOf(hash)
    for (let at = from; at < to; at += 1) {
      const number = (this.#byHash[at] ?? 0) - hash * ENTRY_LIMIT
      if (this.#isOf(issuerKey, number) && this.#hasSerialNumber(contents, number)) return this.#entryOf(number)
    }
    return null
  }

  #rangeOf(hash: number): { readonly from: number; readonly to: number } {
    const [from, to] = [hash, hash + 1].map((one) => lowerBound(this.#byHash, one * ENTRY_LIMIT))
    return { from: from ?? 0, to: to ?? 0 }
  }

  /** Another one may have the same hash. Both are in the fewest bytes, so there is no need to read either. */
  #hasSerialNumber(contents: Buffer, number: number): boolean {
    const entry = readHeader(this.#source, this.#starts[number] ?? 0)
    const { contentsStart, end } = readHeader(this.#source, entry.contentsStart)
    return this.#source.subarray(contentsStart, end).equals(contents)
  }

  #entryOf(number: number): CrlEntry {
    const scanned = scanCrlEntry(this.#source, readHeader(this.#source, this.#starts[number] ?? 0))
    return { revokedAt: scanned.revokedAt, reason: scanned.extensions?.reason ?? null }
  }

  #isOf(issuerKey: string, number: number): boolean {
    const change = this.#issuerChanges[lowerBound(this.#changeStarts, number + 1) - 1]
    return change?.issuerKeys.includes(issuerKey) === true
  }
}

function hashOf(serialNumber: string): number {
  return serialNumberHash(serialNumberContents(serialNumber))
}

/** The first place whose value is not below the wanted one. */
function lowerBound(sorted: Float64Array | Uint32Array, wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
