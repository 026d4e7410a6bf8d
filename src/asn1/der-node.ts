export type TagClass = 'universal' | 'application' | 'context' | 'private'

/** Where a value lies in its source. */
export interface DerExtent {
  readonly start: number
  readonly contentsStart: number
  readonly end: number
}

/** One tag-length-value; immutable as long as nobody writes to the bytes that were read, which it shares. */
export class DerNode {
  readonly tagClass: TagClass
  readonly tag: number
  readonly constructed: boolean
  /** Empty for a primitive value. */
  readonly children: readonly DerNode[]
  readonly #source: Buffer
  readonly #extent: DerExtent

  constructor(tagClass: TagClass, tag: number, children: readonly DerNode[] | null, source: Buffer, extent: DerExtent) {
    this.tagClass = tagClass
    this.tag = tag
    this.constructed = children !== null
    this.children = children ?? []
    this.#source = source
    this.#extent = extent
  }

  /** Without tag and length. */
  get contents(): Buffer {
    return this.#source.subarray(this.#extent.contentsStart, this.#extent.end)
  }

  /** Bytes of the whole, tag and length included. */
  get length(): number {
    return this.#extent.end - this.#extent.start
  }

  /** Tag and length included. */
  get raw(): Buffer {
    return this.#source.subarray(this.#extent.start, this.#extent.end)
  }
}
