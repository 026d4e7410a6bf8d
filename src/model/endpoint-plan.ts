import type { EndpointTraits } from './endpoint-traits.ts'
import type { Directory, Policy } from './policy.ts'

/** One endpoint with everything that decides there, found, checked and bound. */
export interface EndpointPlan extends EndpointTraits {
  /** Unlike that of any other endpoint. */
  readonly name: string
  readonly policy: Policy
  /** Name of the issuers trusted there. */
  readonly trust: string
  /** None where the policy takes no statement. */
  readonly directories: readonly Directory[]
  /** As registrants see it, without a slash at the end. */
  readonly publicUrl: string
  /** Registration endpoint of the identity server. */
  readonly registrationUrl: string
}
