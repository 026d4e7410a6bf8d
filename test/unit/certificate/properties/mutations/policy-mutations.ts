import type { HierarchyPlan } from '../../../../support/mint-hierarchy.ts'
import {
  chooseTarget,
  isAnchor,
  isClient,
  targetsOf,
  withExtensions,
  withoutExtension,
  type Mutation,
} from '../mutation.ts'

/** Whether an intermediate on every path demands a policy. */
function demandsPolicy(plan: HierarchyPlan): boolean {
  return targetsOf(plan).some(
    (target) => !isAnchor(target) && target.certificate.spec.extensions.policyConstraints !== undefined,
  )
}

/** Whether an intermediate on every path issues under one policy and not under any. */
function namesPolicy(plan: HierarchyPlan): boolean {
  const intermediates = targetsOf(plan).filter((target) => !isAnchor(target) && !isClient(target))
  return intermediates.some(({ certificate }) => certificate.spec.extensions.policies?.includes(ANY_POLICY) === false)
}

const REASONS = ['client-certificate-policy-not-permitted'] as const
const ANY_POLICY = '2.5.29.32.0'

export const policyMutations: readonly Mutation[] = [
  {
    name: 'a certificate without the policy that is demanded (RFC 5280 6.1.3 (f), 6.1.5 (g))',
    mutate: (plan, choose) => {
      const target = demandsPolicy(plan) ? chooseTarget(plan, choose, (one) => !isAnchor(one)) : null
      return target && { plan: withoutExtension(plan, target, 'policies'), reasons: REASONS }
    },
  },
  {
    name: 'a client under another policy than the one that is demanded (RFC 5280 6.1.5 (g))',
    mutate: (plan, choose) => {
      const target = demandsPolicy(plan) && namesPolicy(plan) ? chooseTarget(plan, choose, isClient) : null
      return target && { plan: withExtensions(plan, target, { policies: ['1.2.3.4.99'] }), reasons: REASONS }
    },
  },
  {
    name: 'a policy demanded from a client without one (RFC 5280 6.1.5 (g))',
    mutate: (plan, choose) => {
      const client = targetsOf(plan).find(isClient)
      if (client?.certificate.spec.extensions.policies !== undefined) return null
      const target = chooseTarget(plan, choose, (one) => !isClient(one) && !isAnchor(one))
      return (
        target && {
          plan: withExtensions(plan, target, { policyConstraints: { requireExplicitPolicy: 0 } }),
          reasons: REASONS,
        }
      )
    },
  },
  {
    name: 'a mapping from or to any policy (RFC 5280 6.1.4 (a))',
    // It looks at mappings only in certificates that have policies.
    opensslDiffers: true,
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, (one) => !isClient(one) && !isAnchor(one))
      const policyMappings = [
        choose([
          [ANY_POLICY, '1.2.3.4.1'],
          ['1.2.3.4.1', ANY_POLICY],
        ] as const),
      ]
      return target && { plan: withExtensions(plan, target, { policyMappings }), reasons: REASONS }
    },
  },
]
