import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildCaseFacts } from '../../../../src/policy/cases/build-case-facts.ts'
import type { CaseFacts } from '../../../../src/policy/cases/cases-file-schema.ts'
import { settleCaseLookups } from '../../../../src/policy/cases/settle-case-lookups.ts'
import { loadCases } from '../../../../src/policy/cases/load-cases.ts'
import { explainJudgement } from '../../../../src/policy/explain/explain-judgement.ts'
import type { ExplainedRule } from '../../../../src/policy/explain/explain-rule.ts'
import { loadPolicies } from '../../../../src/policy/load-policies.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { ROOT } from '../../../architecture/source-files.ts'

const { policies, resolved } = await loadPolicies(join(ROOT, 'policies'))
const { loaded } = await loadCases(join(ROOT, 'policies/uk-open-banking'))

/** One rule of uk-open-banking, about what its cases are given and this change. */
function explained(id: string, change: CaseFacts = {}, operation: Operation = 'create'): ExplainedRule {
  const policy = policies.get('uk-open-banking')
  const source = resolved.get('uk-open-banking')
  if (policy === undefined || source === undefined || loaded === null) throw new Error('no policy uk-open-banking')
  const facts = settleCaseLookups(policy, buildCaseFacts(policy, loaded.cases.given, change, operation))
  const rule = explainJudgement(policy, source, facts).rules.find((one) => one.id === id)
  return rule ?? expect.unreachable(`no rule ${id}`)
}

describe('explain', () => {
  it('says for which kinds of certificates a rule is, and of which kind this one is', () => {
    expect(explained('certificate-names-software')).toMatchObject({
      verdict: 'not-applicable',
      because: 'it is for certificates of the class legacy only, and this one is of obwac',
    })
    expect(explained('certificate-states-roles', { certificate: { qualified: { types: ['eseal'] } } })).toMatchObject({
      because: 'it is for certificates of the class obwac or qwac only, and this one is of none',
    })
  })

  it('says what a request would use up, and what it saw for that', () => {
    const { verdict, values } = explained('request-used-once')
    expect(verdict).toBe('held')
    expect(values.map(({ name }) => name)).toContain('request.claims.jti')
    expect(explained('statement-used-once')).toMatchObject({
      verdict: 'not-applicable',
      because: 'there is nothing to use up',
    })
    expect(explained('request-used-once', {}, 'read')).toMatchObject({
      verdict: 'not-applicable',
      because: 'it is for create, update only',
    })
  })

  it('says of what may happen only once that it cannot be told apart, or that it was not judged', () => {
    expect(explained('request-used-once', { request: { claims: { jti: null } } })).toMatchObject({
      verdict: 'broken',
      finding: { reason: 'rule-failed' },
    })
    expect(explained('request-used-once', { request: { claims: { jti: 5 } } })).toMatchObject({
      verdict: 'not-judged',
      because: 'it looks at what does not have its declared type: request.claims.jti',
    })
  })

  it('says which look-up a rule had to do without', () => {
    const change = { parameters: { certificateInDirectory: 'require' }, lookups: { softwareKeys: null } }
    expect(explained('certificate-in-directory', change)).toMatchObject({
      verdict: 'not-judged',
      because: 'it looks at what could not be had: lookups.softwareKeys',
    })
  })
})
