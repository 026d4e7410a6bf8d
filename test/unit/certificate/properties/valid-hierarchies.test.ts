import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { certificatesOf, type CertificatePath } from '../../../../src/certificate/path/certificate-path.ts'
import { verifyPresented } from '../../../../src/certificate/verify-presented.ts'
import { mintHierarchy } from '../../../support/mint-hierarchy.ts'
import { hierarchyShapes } from './hierarchy-shape.ts'
import { judge, trustOf } from './judge-hierarchy.ts'
import { planHierarchy } from './plan-hierarchy.ts'

const short = (der: Buffer): string => createHash('sha256').update(der).digest('hex').slice(0, 16)
const pathOf = (path: CertificatePath): string =>
  certificatesOf(path)
    .map(({ der }) => short(der))
    .join(' ')

const RUNS = 3_000

describe('a random valid hierarchy', () => {
  it(`always validates, by exactly the paths that were made (${String(RUNS)} runs)`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(hierarchyShapes, (shape) => {
        const minted = mintHierarchy(planHierarchy(shape, 'w'))
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
})
