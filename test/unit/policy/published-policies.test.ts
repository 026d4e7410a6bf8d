import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildCaseFacts } from '../../../src/policy/cases/build-case-facts.ts'
import { loadCases } from '../../../src/policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../../../src/policy/compiled-policy.ts'
import { judge } from '../../../src/policy/judge/judge.ts'
import { loadPolicies } from '../../../src/policy/load-policies.ts'
import type { Finding } from '../../../src/model/refusal.ts'
import { ROOT } from '../../architecture/source-files.ts'
import { policyOf } from './policy-fixture.ts'

const FOLDER = join(ROOT, 'policies')
const { policies } = await loadPolicies(FOLDER)

/** Findings of all refusing cases of a policy. */
async function findingsOf(policy: CompiledPolicy): Promise<readonly Finding[]> {
  const { loaded } = await loadCases(join(FOLDER, policy.name))
  if (loaded === null) throw new Error(`no cases of ${policy.name}`)
  const { given, reject } = loaded.cases
  return reject.flatMap((test) =>
    (test.on ?? ['create' as const]).flatMap(
      (operation) => judge(policy, buildCaseFacts(policy, given, test, operation)).findings,
    ),
  )
}

describe.each([...policies.keys()])('the refusals of %s', (name) => {
  const policy = policyOf(policies, name)
  const find = (id: string | undefined): CompiledPolicy['rules'][number] | undefined =>
    policy.rules.find((rule) => rule.id === id)

  it('show what was wanted and found in every case, where the rule says it', async () => {
    const findings = await findingsOf(policy)
    const silent = findings.filter(
      ({ rule, reason, wanted, found }) =>
        ((find(rule)?.wanted ?? null) !== null && wanted === undefined) ||
        // A rule that failed may have failed for want of the very thing it would show, such as a certificate.
        ((find(rule)?.found ?? null) !== null && found === undefined && reason === 'rule-broken'),
    )
    expect(silent.map(({ rule }) => rule)).toEqual([])
  })

  it.each([
    'redirect-uris-required',
    'tls-client-auth-one-name',
    'client-credentials-need-a-secret',
    'fetched-uris-are-https',
    'subject-type',
    'authentication-method',
  ])('say of %s what was wanted', (id) => {
    expect(find(id)?.wanted ?? null).not.toBeNull()
  })
})
