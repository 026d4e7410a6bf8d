import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintHierarchy, type HierarchyPlan, type MintedHierarchy } from '../../../support/mint-hierarchy.ts'
import { hierarchyShapes, type HierarchyShape } from './hierarchy-shape.ts'
import { judge, trustOf } from './judge-hierarchy.ts'
import { mutateAtRandom } from './mutate-at-random.ts'
import { chooserOf } from './mutation.ts'
import { MUTATIONS } from './mutations.ts'
import { verifyWithOpenssl } from './openssl-batch.ts'
import { planHierarchy } from './plan-hierarchy.ts'

const BATCHES = 4
const VALID_EACH = 150
const MUTATED_EACH = 350
const SHARED_MUTATIONS = MUTATIONS.filter(({ opensslDiffers }) => opensslDiffers !== true)

interface Case {
  readonly what: string
  readonly minted: MintedHierarchy
}

/**
 * What OpenSSL judges differently is left out: it does not try a second key of the same name, so identifiers have to tell which one it
 * is.
 */
function planForBoth(shape: HierarchyShape, word: string): HierarchyPlan {
  const plan = planHierarchy(shape, word)
  return plan.ambiguous && !shape.identifiers ? planHierarchy({ ...shape, identifiers: true }, word) : plan
}

function drawCases(seed: number): readonly Case[] {
  const shapes = fc.sample(hierarchyShapes, { seed, numRuns: VALID_EACH + MUTATED_EACH })
  return shapes.map((shape, index): Case => {
    const valid = planForBoth(shape, `w${String(index)}`)
    if (index < VALID_EACH) return { what: 'nothing wrong', minted: mintHierarchy(valid) }
    const { mutation, mutated } = mutateAtRandom(valid, chooserOf(seed + index), SHARED_MUTATIONS)
    return { what: mutation.name, minted: mintHierarchy(mutated.plan) }
  })
}

describe('`openssl verify -purpose sslclient -policy_check`', () => {
  it.each(Array.from({ length: BATCHES }, (_, batch) => batch + 1))(
    `comes to the same verdict on random hierarchies, valid ones and others (batch %i, ${String(VALID_EACH + MUTATED_EACH)} runs)`,
    { timeout: 300_000 },
    async (batch) => {
      const seed = (Date.now() + batch) & 0x7fffffff
      const cases = drawCases(seed)
      const verdicts = await verifyWithOpenssl(cases.map(({ minted }) => minted))
      const disagreements = cases.flatMap(({ what, minted }, index) => {
        const ours = judge(minted, trustOf(minted))
        const openssl = verdicts[index] ?? null
        const expected = what === 'nothing wrong'
        const agreed = (ours === 'accepted') === expected && (openssl === null) === expected
        return agreed ? [] : [`${what}: we say ${ours}, OpenSSL ${openssl ?? 'accepted'}\n${minted.describe()}`]
      })
      expect(disagreements.slice(0, 3), `seed ${String(seed)}, ${String(disagreements.length)} in all`).toEqual([])
    },
  )
})
