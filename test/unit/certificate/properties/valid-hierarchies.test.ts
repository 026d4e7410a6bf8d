import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certificatesOf, type CertificatePath } from '../../../../src/certificate/path/certificate-path.ts'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import { mintHierarchy, type HierarchyPlan } from '../../../support/mint-hierarchy.ts'
import { hierarchyShapes } from './hierarchy-shape.ts'
import { judge, trustOf } from './judge-hierarchy.ts'
import { planHierarchy } from './plan-hierarchy.ts'

const short = (der: Buffer): string => createHash('sha256').update(der).digest('hex').slice(0, 16)
const pathOf = (path: CertificatePath): string =>
  certificatesOf(path)
    .map(({ der }) => short(der))
    .join(' ')

const RUNS = 3_000

/** What makes a hierarchy more than a row of certificates. */
const FEATURES: Readonly<Record<string, (plan: HierarchyPlan) => boolean>> = {
  'four intermediates': ({ certificates }) => certificates.some(({ role }) => role === 'intermediate 4'),
  'none at all': ({ paths }) => paths[0]?.length === 2,
  'a new key of the root': ({ certificates }) => certificates.some(({ role }) => role === 'new key of level 0'),
  'a new key of an intermediate': ({ certificates }) => certificates.some(({ role }) => /level [1-4]$/.test(role)),
  'two valid paths': ({ paths }) => paths.length === 2,
  'a way to an anchor that is not trusted': ({ certificates }) =>
    certificates.some(({ role, place }) => role === 'other root' && place !== 'anchor'),
  'namesakes of the anchor': ({ certificates }) => certificates.some(({ role }) => role === 'namesake of the root'),
  decoys: ({ certificates }) => certificates.some(({ role }) => role.startsWith('decoy')),
  'held intermediates': ({ certificates }) => certificates.some(({ place }) => place === 'held'),
  garbage: ({ garbage }) => garbage.length > 0,
  'name constraints': ({ certificates }) =>
    certificates.some(({ spec }) => spec.extensions.nameConstraints !== undefined),
  'a demanded policy': ({ certificates }) =>
    certificates.some(({ spec }) => spec.extensions.policyConstraints !== undefined),
  'a mapped policy': ({ certificates }) =>
    certificates.some(({ spec }) => spec.extensions.policyMappings !== undefined),
}

describe('a random valid hierarchy', () => {
  const seen = new Map(Object.keys(FEATURES).map((feature) => [feature, 0]))

  it(`always validates, by exactly the paths that were made (${String(RUNS)} runs)`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(hierarchyShapes, (shape) => {
        const plan = planHierarchy(shape, 'w')
        for (const [feature, has] of Object.entries(FEATURES))
          if (has(plan)) seen.set(feature, (seen.get(feature) ?? 0) + 1)
        const minted = mintHierarchy(plan)
        const trust = trustOf(minted)
        const verdict = verifyPresented(minted.own, minted.others, trust)
        const found = 'refused' in verdict ? [verdict.refused.reason] : verdict.paths.map(pathOf).sort()
        const wanted = minted.paths.map((path) => path.map(short).join(' ')).sort()
        const word = judge(minted, trust)
        if (found.join() !== wanted.join() || word !== 'accepted')
          throw new Error(`wanted ${wanted.join()}, found ${found.join()}, ${word}\n${minted.describe()}`)
      }),
      { numRuns: RUNS },
    )
  })
  it('had every feature in one of fifty at least', () => {
    expect([...seen].filter(([, count]) => count < RUNS / 50)).toEqual([])
  })
})
