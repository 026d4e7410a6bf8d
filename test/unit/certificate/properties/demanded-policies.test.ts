import fc from 'fast-check'
import { describe, it } from 'vitest'
import { NO_POLICY_DEMANDED, type PathInputs } from '../../../../src/certificate/path/path-inputs.ts'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import { mintHierarchy, type HierarchyPlan, type MintedHierarchy } from '../../../support/mint-hierarchy.ts'
import { POLICY } from './extensions-of-shapes.ts'
import { hierarchyShapes } from './hierarchy-shape.ts'
import { trustOf } from './judge-hierarchy.ts'
import { planHierarchy } from './plan-hierarchy.ts'

const RUNS = 600
const NOT_PERMITTED = 'client-certificate-policy-not-permitted'

const demanding = (changes: Partial<PathInputs>): PathInputs => ({
  ...NO_POLICY_DEMANDED,
  explicitPolicyRequired: true,
  ...changes,
})

function judgeWith(minted: MintedHierarchy, inputs: PathInputs): string {
  const verdict = verifyPresented(minted.own, minted.others, trustOf(minted), inputs)
  return 'refused' in verdict ? verdict.refused.reason : 'accepted'
}

/** Whether the policy of the anchor's domain goes by another name further down. */
function isMapped({ certificates, paths }: HierarchyPlan): boolean {
  return paths.some((path) => path.some((index) => certificates[index]?.spec.extensions.policyMappings !== undefined))
}

describe('whoever asks for a certificate policy (RFC 5280 6.1.1)', () => {
  it(
    `gets it from every random hierarchy that has it, and from no other (${String(RUNS)} runs)`,
    { timeout: 300_000 },
    () => {
      fc.assert(
        fc.property(hierarchyShapes, (shape) => {
          const plan = planHierarchy({ ...shape, crossSignedAt: null }, 'w')
          const minted = mintHierarchy(plan)
          const expected: readonly (readonly [PathInputs, string])[] = [
            [demanding({}), shape.policies === null ? NOT_PERMITTED : 'accepted'],
            [demanding({ initialPolicySet: [POLICY, '1.9'] }), shape.policies === null ? NOT_PERMITTED : 'accepted'],
            [demanding({ initialPolicySet: ['1.9'] }), NOT_PERMITTED],
            [
              demanding({ policyMappingInhibited: true }),
              shape.policies === null || isMapped(plan) ? NOT_PERMITTED : 'accepted',
            ],
          ]
          for (const [inputs, wanted] of expected) {
            const found = judgeWith(minted, inputs)
            if (found !== wanted && !(plan.ambiguous && wanted !== 'accepted' && found !== 'accepted'))
              throw new Error(`${JSON.stringify(inputs)}: wanted ${wanted}, found ${found}\n${minted.describe()}`)
          }
        }),
        { numRuns: RUNS },
      )
    },
  )
})
