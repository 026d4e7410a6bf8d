/** One thing that is wrong with a file an operator or a regulator wrote. All faults of a load are shown together. */
export interface Fault {
  readonly file: string
  /** 1-based; 0 when the fault is not at a place in the file. */
  readonly line: number
  readonly column: number
  /** Dotted path of the key, such as `endpoints[0].policy`; empty for the whole file. */
  readonly path: string
  readonly wanted: string
  readonly found: string
  /** What to do, such as the nearest legal name. */
  readonly hint?: string
  /** The line it stands in, of files whose text may be shown. */
  readonly excerpt?: Excerpt
}

/** Part of a line, safe to print, and how many characters stand before the place in it. */
export interface Excerpt {
  readonly text: string
  readonly caret: number
}
