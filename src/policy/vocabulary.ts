/** A closed list of words that the author of a policy may compare something with. */
export interface Vocabulary {
  /** As faults name it, such as `role` or `request.operation`. */
  readonly name: string
  /** Whole numbers only among the legal values of a parameter. */
  readonly words: readonly (string | bigint)[]
  /** Texts that count beside the words, such as the dotted OIDs of what has no name. */
  readonly beside?: RegExp
}

/** Whether an author may write the text. None at all is how expressions say "absent", and no misspelt word. */
export function admits({ words, beside }: Vocabulary, value: string | bigint): boolean {
  return value === '' || words.includes(value) || (typeof value === 'string' && beside?.test(value) === true)
}

/** The same for a space-delimited text: the first of its words that may not be written, or null. */
export function firstForeignWord(vocabulary: Vocabulary, text: string): string | null {
  return text.split(' ').find((word) => !admits(vocabulary, word)) ?? null
}
