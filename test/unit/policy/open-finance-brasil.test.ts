import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPolicies } from '../../../src/policy/load-policies.ts'
import { ROOT } from '../../architecture/source-files.ts'

const { policies } = await loadPolicies(join(ROOT, 'policies'))
const policy = policies.get('open-finance-brasil')

/** What cases.yaml cannot say: it names rules, not their words. */
describe('the Open Finance Brasil policy', () => {
  it('refuses webhooks in the very words of the regime (BR-REQ-27)', () => {
    expect(policy?.rules.find(({ id }) => id === 'webhook-uris-of-statement')).toMatchObject({
      error: 'invalid_webhook_uris',
      description:
        'The content of the webhook_uris field different from what was Registered in the software_statement noted via the JWS software_api_webhook_uris',
    })
  })
})
