import { authorityMutations } from './mutations/authority-mutations.ts'
import { byteMutations } from './mutations/byte-mutations.ts'
import { chainMutations } from './mutations/chain-mutations.ts'
import { dateMutations } from './mutations/date-mutations.ts'
import { extensionMutations } from './mutations/extension-mutations.ts'
import { nameMutations } from './mutations/name-mutations.ts'
import { policyMutations } from './mutations/policy-mutations.ts'
import type { Mutation } from './mutation.ts'

/** Every single thing that can be wrong with a valid hierarchy; each of them has to get it refused. */
export const MUTATIONS: readonly Mutation[] = [
  ...byteMutations,
  ...chainMutations,
  ...authorityMutations,
  ...dateMutations,
  ...extensionMutations,
  ...nameMutations,
  ...policyMutations,
]
