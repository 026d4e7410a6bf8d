/** One policy.yaml, and where it stands for whoever must mend it. */
export interface PolicyText {
  /** Name of its folder. */
  readonly name: string
  readonly file: string
  /** Null where it could not be read, which is a fault already. */
  readonly text: string | null
  /** Text of another file of the policy; rejects with what keeps it from being read, in words. */
  readonly readBeside: (name: string) => Promise<string>
}
