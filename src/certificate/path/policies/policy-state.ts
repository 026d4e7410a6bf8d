import { ANY_POLICY } from '../../parse/extension-oids.ts'
import { isSelfIssued, type ParsedCertificate } from '../../parse/parsed-certificate.ts'
import type { PathInputs } from '../path-inputs.ts'
import {
  dropMapped,
  FIRST_LEVEL,
  hasAcceptedPolicy,
  mapLevel,
  nextLevel,
  type Acceptance,
  type PolicyLevel,
} from './policy-graph.ts'

/** State variables of RFC 5280 section 6.1.2 (a), (d), (e) and (f): how far down a path may go before each rule binds. */
export interface PolicyState {
  readonly level: PolicyLevel
  readonly accepts: Acceptance
  readonly explicitPolicy: number
  readonly policyMapping: number
  readonly inhibitAnyPolicy: number
}

/** `length` counts the certificates below the anchor. */
export function initialPolicyState(inputs: PathInputs, length: number): PolicyState {
  const allowed = inputs.initialPolicySet === null ? null : new Set(inputs.initialPolicySet)
  const anyAllowed = allowed === null || allowed.has(ANY_POLICY)
  return {
    level: FIRST_LEVEL,
    accepts: (policy) => anyAllowed || allowed.has(policy),
    explicitPolicy: inputs.explicitPolicyRequired ? 0 : length + 1,
    policyMapping: inputs.policyMappingInhibited ? 0 : length + 1,
    inhibitAnyPolicy: inputs.anyPolicyInhibited ? 0 : length + 1,
  }
}

/** RFC 5280 section 6.1.3 (d) and (e). */
export function withPoliciesOf(state: PolicyState, certificate: ParsedCertificate, isClient: boolean): PolicyState {
  const anyPolicyCounts = state.inhibitAnyPolicy > 0 || (!isClient && isSelfIssued(certificate))
  return { ...state, level: nextLevel(state.level, certificate.facts.policies, anyPolicyCounts, state.accepts) }
}

/** RFC 5280 section 6.1.3 (f). */
export function lacksDemandedPolicy({ explicitPolicy, level }: PolicyState): boolean {
  return explicitPolicy === 0 && level.size === 0
}

/** RFC 5280 section 6.1.4 (b), (h), (i) and (j), for the certificate that follows. */
export function belowAuthority(state: PolicyState, certificate: ParsedCertificate): PolicyState {
  const { policyMappings, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = certificate
  const map = state.policyMapping > 0 ? mapLevel : dropMapped
  const step = isSelfIssued(certificate) ? 0 : 1
  const counted = (left: number, limit: number | null): number =>
    Math.min(Math.max(left - step, 0), limit ?? Number.POSITIVE_INFINITY)
  return {
    ...state,
    level: policyMappings.length === 0 ? state.level : map(state.level, policyMappings, state.accepts),
    explicitPolicy: counted(state.explicitPolicy, requireExplicitPolicy),
    policyMapping: counted(state.policyMapping, inhibitPolicyMapping),
    inhibitAnyPolicy: counted(state.inhibitAnyPolicy, inhibitAnyPolicy),
  }
}

/** RFC 5280 section 6.1.5 (a), (b) and (g): whether the last certificate leaves a policy where one is demanded. */
export function endsWithPolicy(state: PolicyState, certificate: ParsedCertificate): boolean {
  const demanded = state.explicitPolicy <= 1 || certificate.requireExplicitPolicy === 0
  return !demanded || hasAcceptedPolicy(state.level)
}
