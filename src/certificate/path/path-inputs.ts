import type { CertificatePolicyDemand } from '../../model/policy.ts'

/** What whoever asks demands of a path's certificate policies (RFC 5280 section 6.1.1 (c), (e), (f) and (g)). */
export interface PathInputs {
  /** Dotted OIDs; null accepts any policy. It refuses nothing unless an explicit policy is required, here or by a certificate. */
  readonly initialPolicySet: readonly string[] | null
  readonly explicitPolicyRequired: boolean
  readonly policyMappingInhibited: boolean
  readonly anyPolicyInhibited: boolean
}

/** A policy that names certificate policies means that one of them must hold. */
export function pathInputsOf(demand: CertificatePolicyDemand | null): PathInputs {
  if (demand === null) return NO_POLICY_DEMANDED
  return {
    initialPolicySet: demand.anyOf,
    explicitPolicyRequired: true,
    policyMappingInhibited: demand.inhibitMapping,
    anyPolicyInhibited: demand.inhibitAnyPolicy,
  }
}

export const NO_POLICY_DEMANDED: PathInputs = {
  initialPolicySet: null,
  explicitPolicyRequired: false,
  policyMappingInhibited: false,
  anyPolicyInhibited: false,
}
