import { ANY_POLICY } from '../../parse/extension-oids.ts'
import { problem, type PathProblem, type PathStep } from '../path-step.ts'
import {
  belowAuthority,
  endsWithPolicy,
  lacksDemandedPolicy,
  withPoliciesOf,
  type PolicyState,
} from './policy-state.ts'

/** The certificate policies of one certificate below the anchor (RFC 5280 section 6.1, as RFC 9618 amends it). */
export function checkPolicies(step: PathStep, above: PolicyState): PathProblem | PolicyState {
  const { certificate, isClient } = step
  const state = withPoliciesOf(above, certificate, isClient)
  if (lacksDemandedPolicy(state)) return notPermitted(step, describePolicies(step))
  if (isClient) return endsWithPolicy(state, certificate) ? state : notPermitted(step, describePolicies(step))
  // RFC 5280 section 6.1.4 (a): otherwise one certificate could declare every policy to be every other.
  const mapsAny = certificate.policyMappings.some(
    ({ issuerDomainPolicy, subjectDomainPolicy }) =>
      issuerDomainPolicy === ANY_POLICY || subjectDomainPolicy === ANY_POLICY,
  )
  return mapsAny ? notPermitted(step, 'a mapping from or to anyPolicy') : belowAuthority(state, certificate)
}

function notPermitted(step: PathStep, found: string): PathProblem {
  return problem(step, {
    reason: 'client-certificate-policy-not-permitted',
    message: 'was not issued under a certificate policy that is demanded',
    wanted: 'a certificate policy that every issuer passes on and that is accepted here',
    found,
  })
}

function describePolicies({ certificate }: PathStep): string {
  const { policies } = certificate.facts
  return policies.length === 0 ? 'no certificate policy' : `certificate policies ${policies.join(' ')}`
}
