import { describe, expect, it } from 'vitest'
import {
  FIRST_LEVEL,
  hasAcceptedPolicy,
  mapLevel,
  nextLevel,
  type PolicyLevel,
} from '../../../../../src/certificate/path/policies/policy-graph.ts'

const POLICIES = Array.from({ length: 200 }, (_, number) => `1.2.3.${String(number)}`)
const everyToEvery = POLICIES.flatMap((issuerDomainPolicy) =>
  POLICIES.map((subjectDomainPolicy) => ({ issuerDomainPolicy, subjectDomainPolicy })),
)

describe('the policy graph', () => {
  it('has at most one node a policy, however often policies are mapped to each other (CVE-2023-0464, RFC 9618)', () => {
    let level: PolicyLevel = nextLevel(FIRST_LEVEL, POLICIES, true, () => true)
    // In the tree of RFC 5280 this is 200 to the power of 8 nodes.
    for (let depth = 0; depth < 8; depth += 1)
      level = nextLevel(
        mapLevel(level, everyToEvery, () => true),
        POLICIES,
        true,
        () => true,
      )
    expect(level.size).toBe(POLICIES.length)
    expect(hasAcceptedPolicy(level)).toBe(true)
  })

  it('does not accept a policy that is accepted only under the name of another domain', () => {
    const mapping = [{ issuerDomainPolicy: '1.1', subjectDomainPolicy: '1.2' }]
    const accepts = (policy: string): boolean => policy === '1.2'
    const below = nextLevel(
      mapLevel(nextLevel(FIRST_LEVEL, ['1.1'], true, accepts), mapping, accepts),
      ['1.2'],
      true,
      accepts,
    )
    expect([...below.keys()]).toEqual(['1.2'])
    expect(hasAcceptedPolicy(below)).toBe(false)
  })
})
