import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REASONS, type Reason } from '../../../src/model/reasons.ts'
import { buildCaseFacts } from '../../../src/policy/cases/build-case-facts.ts'
import { judge } from '../../../src/policy/judge/judge.ts'
import { loadPolicies } from '../../../src/policy/load-policies.ts'
import { ROOT } from '../../architecture/source-files.ts'
import { policyOf } from './policy-fixture.ts'

const { policies } = await loadPolicies(join(ROOT, 'policies'))
const policy = policyOf(policies, 'open-finance-brasil')
const ORGANISATION = '7e1b2a90-4c1d-4c57-9f39-0d6f3b8a5c44'

/** Headers of a read under a certificate of this subject. */
function headersOf(subject: string): Readonly<Record<string, string>> {
  const verdict = judge(policy, buildCaseFacts(policy, { certificate: { subject } }, {}, 'read'))
  expect(verdict.findings).toEqual([])
  return verdict.headers
}

/** What cases.yaml cannot say: it names rules, not their words. */
describe('the Open Finance Brasil policy', () => {
  it('refuses webhooks in the very words of the regime (BR-REQ-27)', () => {
    expect(policy.rules.find(({ id }) => id === 'webhook-uris-of-statement')).toMatchObject({
      error: 'invalid_webhook_uris',
      description:
        'The content of the webhook_uris field different from what was Registered in the software_statement noted via the JWS software_api_webhook_uris',
    })
  })

  it.each([
    ['an old certificate, by its one unit', `CN=a,OU=${ORGANISATION},C=BR`, ORGANISATION],
    [
      'a newer one, by its organizationIdentifier',
      `CN=a,organizationIdentifier=OFBBR-${ORGANISATION},OU=b`,
      ORGANISATION,
    ],
    [
      'no certificate with two units, since either could be meant',
      `CN=a,OU=${ORGANISATION},OU=Open Banking,C=BR`,
      undefined,
    ],
    ['none with two identifiers', 'CN=a,organizationIdentifier=OFBBR-a,organizationIdentifier=OFBBR-b', undefined],
    ['none whose identifier has another prefix', `CN=a,organizationIdentifier=PSDBR-${ORGANISATION}`, undefined],
  ])('names the organisation of a read by %s', (_, subject, organisation) => {
    expect(headersOf(subject)['X-Verified-Organisation-Id']).toBe(organisation)
  })

  it('gives a clause, if only that of the gateway, for whatever is built in and refuses a certificate, statement or token', () => {
    const judged = Object.keys(REASONS).filter((reason) =>
      /^(client-certificate|statement|management-token)-/.test(reason),
    )
    const without = judged.filter((reason) => policy.reasons[reason as Reason]?.clause === undefined)
    expect(without).toEqual([])
    expect(judged.length).toBeGreaterThan(30)
  })

  it('never answers 403 to whoever manages a client (BR-DCM-01)', () => {
    expect(policy.reasons['management-token-insufficient']).toMatchObject({ status: 401, error: 'invalid_token' })
  })
})
