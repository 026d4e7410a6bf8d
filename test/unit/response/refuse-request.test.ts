import { describe, expect, it } from 'vitest'
import { REASONS, type Reason } from '../../../src/model/reasons.ts'
import { refuse, Refusal } from '../../../src/model/refusal.ts'
import { refuseRequest } from '../../../src/response/refuse-request.ts'

const overrides = {
  'client-certificate-required': { clause: '7.1 (1)', status: 400 },
  'statement-too-old': { error: 'invalid_client_metadata' },
} as const
const answer = (refusal: Refusal, decisionId: string): ReturnType<typeof refuseRequest> =>
  refuseRequest(refusal.wordedAs(overrides), decisionId)
const at = { at: 'somewhere', message: 'something is wrong' }

describe('the answer to a refused request', () => {
  it('shows every finding, and of each all but the detail', () => {
    const refusal = new Refusal([
      {
        reason: 'rule-broken',
        rule: 'one',
        clause: '1.1',
        at: 'redirect_uris',
        message: 'is wrong',
        wanted: 'a',
        found: 'b',
        detail: 'secret',
        error: 'invalid_redirect_uri',
        status: 422,
      },
      { reason: 'metadata-member-invalid', at: 'scope', message: 'is no string' },
    ])
    expect(answer(refusal, 'decision-1')).toEqual({
      status: 422,
      headers: { 'decision-id': 'decision-1' },
      body: {
        error: 'invalid_redirect_uri',
        error_description: 'redirect_uris: is wrong (and 1 more, see findings)',
        decision_id: 'decision-1',
        findings: [
          {
            rule: 'one',
            clause: '1.1',
            at: 'redirect_uris',
            message: 'is wrong',
            wanted: 'a',
            found: 'b',
          },
          {
            rule: 'metadata-member-invalid',
            at: 'scope',
            message: 'is no string',
            remedy: REASONS['metadata-member-invalid'].remedy,
          },
        ],
      },
    })
  })

  it('words built-in reasons as the regime does', () => {
    const { status, body } = answer(refuse({ reason: 'client-certificate-required', ...at }), 'd')
    expect({ status, error: body?.['error'], findings: body?.['findings'] }).toMatchObject({
      status: 400,
      error: 'invalid_client',
      findings: [{ clause: '7.1 (1)' }],
    })
    expect(answer(refuse({ reason: 'statement-too-old', ...at }), 'd').body?.['error']).toBe('invalid_client_metadata')
  })

  it('describes in printable ASCII without quotes and backslashes (RFC 6749 section 5.2)', () => {
    const { body } = answer(refuse({ reason: 'rule-broken', at: 'a"b\\c', message: 'é\n\u0000' }), 'd')
    expect(body?.['error_description']).toBe('a?b?c: ???')
  })

  it('describes in the very words that a regime fixes, when that finding decides', () => {
    const [fixed, other] = [{ ...at, description: 'The words of the regime' }, at].map((finding) => ({
      ...finding,
      reason: 'rule-broken' as const,
    }))
    if (fixed === undefined || other === undefined) throw new Error('two findings')
    const descriptionOf = (refusal: Refusal): unknown => answer(refusal, 'd').body?.['error_description']
    expect(descriptionOf(new Refusal([fixed, other]))).toBe('The words of the regime')
    expect(descriptionOf(new Refusal([other, fixed]))).toBe('somewhere: something is wrong (and 1 more, see findings)')
    expect(JSON.stringify(answer(new Refusal([fixed]), 'd').body?.['findings'])).not.toContain('words of the regime')
  })

  it.each(Object.keys(REASONS) as Reason[])(
    'has a client or server error status and an error code for %s',
    (reason) => {
      const { status, body } = answer(refuse({ reason, ...at }), 'd')
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body?.['error']).toMatch(/^[a-z_]+$/)
    },
  )

  it('says when to come back where waiting helps', () => {
    expect(answer(refuse({ reason: 'statement-keys-unavailable', ...at }), 'd')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
    })
  })

  it('challenges for the token, without an error code where none was sent (RFC 6750 section 3.1)', () => {
    expect(answer(refuse({ reason: 'management-token-required', ...at }), 'd')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
    expect(answer(refuse({ reason: 'management-token-rejected', ...at }), 'd').headers['www-authenticate']).toBe(
      'Bearer error="invalid_token"',
    )
    expect(answer(refuse({ reason: 'management-token-insufficient', ...at }), 'd')).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
    })
  })

  it('lists the methods that are allowed (RFC 9110 section 15.5.6)', () => {
    expect(answer(refuse({ reason: 'method-not-allowed', ...at, wanted: 'POST' }), 'd')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
    // No method is known that would be: an empty list says so, others would be a guess.
    expect(answer(refuse({ reason: 'method-not-allowed', ...at }), 'd').headers['allow']).toBe('')
  })
})
