import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../../../src/model/decision.ts'
import { prove } from '../../../../src/model/proof.ts'
import { Refusal } from '../../../../src/model/refusal.ts'
import { bindPolicy } from '../../../../src/policy/bind-policy.ts'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import { settleCaseLookups } from '../../../../src/policy/cases/settle-case-lookups.ts'
import { loadCases } from '../../../../src/policy/cases/load-cases.ts'
import type { CompiledPolicy } from '../../../../src/policy/compiled-policy.ts'
import { explainJudgement } from '../../../../src/policy/explain/explain-judgement.ts'
import type { PresentedFacts } from '../../../../src/policy/judge/judge.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'
import { ROOT } from '../../../architecture/source-files.ts'

const FOLDER = join(ROOT, 'policies')
const { policies, resolved } = await loadPolicies(FOLDER)

/** The facts as the stages before the policy hand them over. */
function evidenceOf(facts: PresentedFacts): Evidence {
  const { operation, clientId, sent, certificate, claims, statementIssuer: directory } = facts
  const { contentType, headers, signature, lookups: values, failedLookups: failures, server } = facts
  return {
    request: prove('request', {
      contentType,
      signature: signature === null ? null : { ...signature, keysUri: null },
      operation,
      location: operation === 'create' ? null : { suffix: `/${clientId}`, query: '', clientId },
      managementToken: null,
      metadata: sent,
      softwareStatement: null,
      passedHeaders: headers,
      bodyBytes: 0,
    }),
    lookups: prove('lookups', { values, failures, server, outcomes: [] }),
    managed: null,
    client: certificate === null ? null : prove('client', { certificate } as never),
    statement: claims === null ? null : prove('statement', { claims, directory } as never),
  }
}

/** What the stage that serves says. */
function decided(policy: CompiledPolicy, facts: PresentedFacts): object {
  try {
    const { metadata, headers, clientKey, owner, reported } = bindPolicy(policy, facts.parameters).decide(
      evidenceOf(facts),
      facts.now,
    )
    return { findings: [], metadata, headers, clientKey, owner, reported }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { findings: refusal.findings }
  }
}

describe.each([...policies.values()])('of every case of $name explain', (policy) => {
  it('says what the gateway would say, and names the same broken rules one by one', async () => {
    const { loaded } = await loadCases(join(FOLDER, policy.name))
    const source = resolved.get(policy.name)
    if (loaded === null || source === undefined) return expect.unreachable()
    const { given, approve, reject } = loaded.cases
    let count = 0
    for (const test of [...approve, ...reject]) {
      for (const operation of test.on ?? ['create' as const]) {
        const facts = settleCaseLookups(policy, buildCaseFacts(policy, given, test, operation))
        const { verdict, rules } = explainJudgement(policy, source, facts)
        expect(verdict, test.name).toMatchObject(decided(policy, facts))
        const broken = [...verdict.findings, ...verdict.reported].flatMap(({ rule }) => rule ?? [])
        const told = rules.filter((rule) => rule.verdict === 'broken' || rule.verdict === 'reported')
        expect(told.map(({ id }) => id).sort(), test.name).toEqual(broken.sort())
        expect(rules.filter((rule) => rule.because === 'it does not apply to this request')).toEqual([])
        count += 1
      }
    }
    expect(count).toBeGreaterThan(10)
  }, 60_000)
})
