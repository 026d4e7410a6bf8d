/** What a call costs at worst, in steps; for a function that goes through its texts as fast as memory allows, nothing need be said. */
export interface CallCost {
  /** Whatever its values are; 1 when left out. */
  readonly perCall?: number
  /** For each character of its texts, as measured on the worst of them; a sixteenth when left out. With 0 it looks at none of its values. */
  readonly perCharacter?: number
  /** It refuses more characters than that at once. */
  readonly characterLimit?: number
}

/**
 * How large what a call gives may be, where its type does not tell: as `all` its values together, which is what holds when nothing is
 * said; as the largest `one` of them; a list of all `words` or of all `parts` of a text, of which the latter may be empty; the elements of
 * a list `joined` by a text.
 */
export type Gives = 'all' | 'one' | 'words' | 'parts' | 'joined'

/** What stands in the table of functions beside each of them. */
export interface Priced {
  readonly cost?: CallCost
  readonly gives?: Gives
  /** The list that it gives has no more elements than that. */
  readonly elementLimit?: number
}
