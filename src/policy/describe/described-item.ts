/** A key with its value as text. */
export type Field = readonly [key: string, text: string]

/** One thing a policy says, with inheritance resolved: a rule, a parameter, an effect. */
export interface DescribedItem {
  /** `rules`, `parameters`, or another key of policy.yaml. */
  readonly section: string
  readonly name: string
  /** Name of the policy that says it, be it this one or one that it extends. */
  readonly from: string
  readonly fields: readonly Field[]
  /** The same keys with values to compare, which differ where what is said differs. */
  readonly exact: ReadonlyMap<string, string>
}
