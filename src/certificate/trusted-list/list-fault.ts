import type { Fault } from '../../model/fault.ts'

/** What is wrong, without the file it is wrong in. */
export interface ListFlaw {
  readonly wanted: string
  readonly found: string
  /** 1-based; 0 or absent when it is the list as a whole. */
  readonly line?: number
  /** Where in the list, such as `Signature/SignedInfo`. */
  readonly at?: string
  readonly hint?: string
}

/** Ends the reading of a list that is not shown to be its operator's: nothing further in it is worth a word. */
export class ListFault extends Error {
  readonly flaw: ListFlaw

  constructor(flaw: ListFlaw, options?: { cause?: unknown }) {
    super(`wanted ${flaw.wanted}, found ${flaw.found}`, options)
    this.name = 'ListFault'
    this.flaw = flaw
  }
}

export function faultIn(file: string, { wanted, found, line = 0, at = '', hint }: ListFlaw): Fault {
  const fault = { file, line, column: line === 0 ? 0 : 1, path: at, wanted, found }
  return hint === undefined ? fault : { ...fault, hint }
}
