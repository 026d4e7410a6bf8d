import { describe, expect, it } from 'vitest'
import { REASON_GROUPS, REASONS } from '../../../../src/model/reasons.ts'
import { loadSound, loadTexts, policyOf } from '../policy-fixture.ts'

describe('the words of a policy for built-in checks', () => {
  it('speak for a group, and for single reasons of it otherwise, whichever stands first', async () => {
    const policies = await loadSound({
      one: 'reasons: { statement-too-old: { clause: "3" }, statement-*: { clause: "2", error: invalid_request } }',
    })
    const { reasons } = policyOf(policies, 'one')
    expect(reasons['statement-too-old']).toEqual({ clause: '3' })
    expect(reasons['statement-malformed']).toEqual({ clause: '2', error: 'invalid_request' })
    expect(Object.keys(reasons).every((reason) => reason.startsWith('statement-'))).toBe(true)
  })

  it('are those of the policy that extends, where both speak', async () => {
    const policies = await loadSound({
      base: 'reasons: { statement-too-old: { clause: base }, client-certificate-*: { clause: base } }',
      heir: 'extends: [base]\nreasons: { statement-*: { clause: heir }, client-certificate-expired: { clause: heir } }',
    })
    const { reasons } = policyOf(policies, 'heir')
    expect(reasons['statement-too-old']).toEqual({ clause: 'heir' })
    expect(reasons['client-certificate-expired']).toEqual({ clause: 'heir' })
    expect(reasons['client-certificate-required']).toEqual({ clause: 'base' })
  })

  it('are a fault for a group that there is not', async () => {
    const { faults } = await loadTexts({ one: 'reasons: { statment-*: { clause: "2" } }' })
    expect(faults).toMatchObject([{ hint: 'did you mean statement-*?' }])
  })

  it.each(REASON_GROUPS)('have reasons to speak for in %s', (group) => {
    expect(Object.keys(REASONS).some((reason) => reason.startsWith(group.slice(0, -1)))).toBe(true)
  })
})
