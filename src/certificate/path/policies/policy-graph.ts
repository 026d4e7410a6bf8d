import { ANY_POLICY } from '../../parse/extension-oids.ts'
import type { PolicyMapping } from '../../parse/read-policy-extensions.ts'

/** One policy that is valid as far down as the path was followed. */
interface PolicyNode {
  /** What the policy is called in the next certificate. */
  readonly expected: ReadonlySet<string>
  /** Whether it goes back to a policy of the anchor's domain that whoever asks accepts. */
  readonly accepted: boolean
}

/**
 * The lowest level of the valid policy graph of RFC 9618 section 5, by policy; empty where that is NULL. The levels above only serve to
 * find out which policies of the anchor's domain the lowest ones go back to, and that is carried along, so neither the tree of RFC
 * 5280, which mappings can blow up exponentially (CVE-2023-0464), nor the graph is ever held.
 */
export type PolicyLevel = ReadonlyMap<string, PolicyNode>

/** Whether a policy of the anchor's domain is one of the user-initial-policy-set. */
export type Acceptance = (policy: string) => boolean

export const FIRST_LEVEL: PolicyLevel = new Map([[ANY_POLICY, { expected: new Set([ANY_POLICY]), accepted: true }]])

/** RFC 9618 section 5.3, step (d) of RFC 5280 section 6.1.3. */
export function nextLevel(
  level: PolicyLevel,
  policies: readonly string[],
  anyPolicyCounts: boolean,
  accepts: Acceptance,
): PolicyLevel {
  const expected = expectedPolicies(level)
  const next = new Map<string, PolicyNode>()
  const add = (policy: string, accepted: boolean): void =>
    void next.set(policy, { expected: new Set([policy]), accepted })
  for (const policy of policies) {
    const accepted = expected.get(policy) ?? (level.has(ANY_POLICY) ? accepts(policy) : undefined)
    if (policy !== ANY_POLICY && accepted !== undefined) add(policy, accepted)
  }
  if (!policies.includes(ANY_POLICY) || !anyPolicyCounts) return next
  for (const [policy, accepted] of expected) if (!next.has(policy)) add(policy, accepted)
  return next
}

/** Every policy that a node expects, with whether one of those nodes is accepted. */
function expectedPolicies(level: PolicyLevel): ReadonlyMap<string, boolean> {
  const policies = new Map<string, boolean>()
  for (const { expected, accepted } of level.values())
    for (const policy of expected) policies.set(policy, accepted || policies.get(policy) === true)
  return policies
}

/** RFC 9618 section 5.4, step (b) of RFC 5280 section 6.1.4. */
export function mapLevel(level: PolicyLevel, mappings: readonly PolicyMapping[], accepts: Acceptance): PolicyLevel {
  const mapped = new Map(level)
  for (const [policy, expected] of groupByIssuerPolicy(mappings)) {
    const node = level.get(policy)
    if (node !== undefined) mapped.set(policy, { ...node, expected })
    else if (level.has(ANY_POLICY)) mapped.set(policy, { expected, accepted: accepts(policy) })
  }
  return mapped
}

/** The same step where mapping is inhibited: a policy that goes by another name below is lost. */
export function dropMapped(level: PolicyLevel, mappings: readonly PolicyMapping[]): PolicyLevel {
  const mapped = groupByIssuerPolicy(mappings)
  return new Map([...level].filter(([policy]) => !mapped.has(policy)))
}

function groupByIssuerPolicy(mappings: readonly PolicyMapping[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>()
  for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
    const group = groups.get(issuerDomainPolicy) ?? new Set()
    groups.set(issuerDomainPolicy, group.add(subjectDomainPolicy))
  }
  return groups
}

/** Whether the user-constrained policy graph has anything left (RFC 9618 section 5.5). */
export function hasAcceptedPolicy(level: PolicyLevel): boolean {
  return [...level.values()].some(({ accepted }) => accepted)
}
