import type { Reason } from '../../../../src/model/reasons.ts'
import type { HierarchyPlan } from '../../../support/mint-hierarchy.ts'
import type { Choose, Mutated, Mutation } from './mutation.ts'
import { MUTATIONS } from './mutations.ts'

export interface RandomMutation {
  readonly mutation: Mutation
  readonly mutated: Mutated
}

/** The first of the mutations, in random order, that can be made to this hierarchy. */
export function mutateAtRandom(
  plan: HierarchyPlan,
  choose: Choose,
  mutations: readonly Mutation[] = MUTATIONS,
): RandomMutation {
  for (;;) {
    const mutation = choose(mutations)
    const mutated = mutation.mutate(plan, choose)
    if (mutated !== null) return { mutation, mutated }
  }
}

/** Where names leave several ways up, the one that came closest to the client may have failed for another key of the same name. */
export function reasonsOf({ plan, reasons }: Mutated): readonly Reason[] {
  return plan.ambiguous ? [...reasons, 'client-certificate-signature-invalid'] : reasons
}
