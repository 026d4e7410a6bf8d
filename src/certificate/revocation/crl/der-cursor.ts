import type { DerExtent } from '../../../asn1/der-node.ts'
import { DerSyntaxError } from '../../../asn1/der-syntax-error.ts'
import { readHeader } from '../../../asn1/read-header.ts'

/** Walks the parts of one constructed value without building a node for each: lists run to hundreds of thousands of entries. */
export class DerCursor {
  readonly source: Buffer
  #position: number
  readonly #end: number

  /** Over the contents of `whole`. */
  constructor(source: Buffer, whole: DerExtent) {
    this.source = source
    this.#position = whole.contentsStart
    this.#end = whole.end
  }

  get atEnd(): boolean {
    return this.#position >= this.#end
  }

  /** `identifier` is the whole first byte: 0x30 for SEQUENCE. @throws DerSyntaxError when the next part is another one */
  take(identifier: number, what: string): DerExtent {
    const extent = this.takeOptional(identifier)
    if (extent === undefined) throw new DerSyntaxError(`${what} is missing or has the wrong type`)
    return extent
  }

  takeOptional(...identifiers: readonly number[]): DerExtent | undefined {
    if (this.atEnd || !identifiers.includes(this.source[this.#position] ?? 0)) return undefined
    const extent = readHeader(this.source, this.#position)
    if (extent.end > this.#end) throw new DerSyntaxError('a value is longer than the whole it is part of')
    this.#position = extent.end
    return extent
  }

  /** @throws DerSyntaxError when parts are left */
  end(what: string): void {
    if (!this.atEnd) throw new DerSyntaxError(`${what} has unexpected parts`)
  }
}
