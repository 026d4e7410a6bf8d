import type { Reason } from '../../../../../src/model/reasons.ts'
import { chooseTarget, isClient, withSpec, type Mutation } from '../mutation.ts'
import { NOW } from '../plan-hierarchy.ts'

const AGES_MS = [1_000, 3_600_000, 200 * 86_400_000] as const

/** RFC 5280 section 6.1.3 (a) (2). */
function outOfTime(name: string, field: 'notBefore' | 'notAfter', direction: 1 | -1, ofClient: Reason): Mutation {
  return {
    name,
    mutate: (plan, choose) => {
      const target = chooseTarget(plan, choose, () => true)
      if (target === null) return null
      const moment = new Date(NOW.getTime() + direction * choose(AGES_MS))
      const reason = isClient(target) ? ofClient : 'client-certificate-issuer-expired'
      return { plan: withSpec(plan, target, { [field]: moment }), reasons: [reason] }
    },
  }
}

export const dateMutations: readonly Mutation[] = [
  outOfTime('a certificate that has expired', 'notAfter', -1, 'client-certificate-expired'),
  outOfTime('a certificate that is not valid yet', 'notBefore', 1, 'client-certificate-not-yet-valid'),
]
