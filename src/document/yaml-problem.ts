/** Something wrong with the text itself, before any schema looks at it. */
export interface YamlProblem {
  /** Characters from the start of the text. */
  readonly offset: number
  readonly wanted: string
  readonly found: string
  readonly hint?: string
}
