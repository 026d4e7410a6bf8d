import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import { REASONS, type Reason } from '../../../src/model/reasons.ts'
import { refuse, Refusal, type Finding } from '../../../src/model/refusal.ts'
import type { ShownError } from '../../../src/model/policy.ts'
import { createRefusing, refuseRequest } from '../../../src/response/refuse-request.ts'

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

  it('says when to come again as exactly as its finding knows, else as its reason does', () => {
    const exceeded = { reason: 'rate-exceeded', ...at } as const
    const inSeconds = (finding: Finding): unknown => answer(refuse(finding), 'decision-1').headers['retry-after']
    expect(inSeconds({ ...exceeded, retryAfterSeconds: 7 })).toBe('7')
    expect(inSeconds(exceeded)).toBe('30')
    expect(inSeconds({ reason: 'state-unavailable', ...at })).toBe('30')
    expect(inSeconds({ reason: 'endpoint-unknown', ...at })).toBeUndefined()
    // The decisive finding alone speaks for the answer.
    const late = new Refusal([
      { reason: 'state-unavailable', ...at },
      { ...exceeded, retryAfterSeconds: 7 },
    ])
    expect(answer(late, 'decision-1').headers['retry-after']).toBe('30')
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

  it.each([
    ['invalid_token', 401],
    ['insufficient_scope', 403],
    ['invalid_request', 401],
  ])('challenges where a rule answers %s with %i (RFC 6750 section 3.1)', (error, status) => {
    const { headers } = answer(refuse({ reason: 'rule-broken', rule: 'one', ...at, error, status }), 'd')
    expect(headers['www-authenticate']).toBe(`Bearer error="${error}"`)
  })

  it.each([
    ['a request that is malformed', 'invalid_request', 400],
    ['a client that is not let in', 'invalid_client', 401],
    ['metadata', 'invalid_client_metadata', 403],
  ])('does not challenge for a token where a rule is about %s', (_, error, status) => {
    const { headers } = answer(refuse({ reason: 'rule-broken', rule: 'one', ...at, error, status }), 'd')
    expect(headers).not.toHaveProperty('www-authenticate')
  })

  it('challenges with an error of RFC 6750, whatever the regime calls it and whichever status it gives', () => {
    const regime = { 'management-token-rejected': { error: 'token_unknown', status: 400 } }
    const refusal = refuse({ reason: 'management-token-rejected', ...at }).wordedAs(regime)
    expect(refuseRequest(refusal, 'd')).toMatchObject({
      status: 400,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      body: { error: 'token_unknown' },
    })
  })

  it('challenges for the decisive finding alone', () => {
    const token = { reason: 'rule-broken', rule: 'one', ...at, error: 'invalid_token', status: 401 } as const
    const other = { reason: 'rule-broken', rule: 'two', ...at } as const
    expect(answer(new Refusal([other, token]), 'd').headers).not.toHaveProperty('www-authenticate')
    expect(answer(new Refusal([token, other]), 'd').headers).toHaveProperty('www-authenticate')
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

describe('the answer in the form of a regime', () => {
  const failures: unknown[] = []
  const refusing = (write: (error: ShownError) => JsonObject): ReturnType<typeof createRefusing> =>
    createRefusing({
      form: { contentType: 'application/problem+json', write },
      onFailure: (failure, decisionId) => failures.push([failure, decisionId]),
    })
  const token = { reason: 'rule-broken', rule: 'one', ...at, error: 'invalid_token', status: 401 } as const

  it('has its body and content type, and the status, challenge and decision id of every refusal', () => {
    expect(refusing(() => ({ problem: true }))(new Refusal([token]), 'decision-1')).toEqual({
      status: 401,
      headers: {
        'content-type': 'application/problem+json',
        'decision-id': 'decision-1',
        'www-authenticate': 'Bearer error="invalid_token"',
      },
      body: { problem: true },
    })
  })

  it('is written of what the registrant may know, in texts that cannot turn a line around', () => {
    const shown: ShownError[] = []
    const hostile = { ...token, at: 'a\u202eb', message: 'm\nn', found: '\0', clause: '1', detail: 'secret' }
    refusing((error) => (shown.push(error), {}))(
      new Refusal([hostile, { reason: 'metadata-member-invalid', ...at }]),
      'decision-1',
    )
    expect(shown).toEqual([
      {
        code: 'invalid_token',
        description: 'a?b: m?n (and 1 more, see findings)',
        status: 401,
        decisionId: 'decision-1',
        findings: [
          {
            ...{ rule: 'one', reason: 'rule-broken', clause: '1', error: 'invalid_token' },
            ...{ at: 'a\\u{202e}b', message: 'm\\u{a}n', found: '\\u{0}' },
          },
          {
            ...{ rule: 'metadata-member-invalid', reason: 'metadata-member-invalid', ...at },
            error: 'invalid_client_metadata',
          },
        ],
      },
    ])
  })

  it('falls back to the form of RFC 7591 where it cannot be written, and the operator hears of it', () => {
    const fault = new TypeError('no such key')
    const failing = refusing(() => {
      throw fault
    })
    expect(failing(new Refusal([token]), 'decision-2')).toEqual(refuseRequest(new Refusal([token]), 'decision-2'))
    expect(failures).toEqual([[fault, 'decision-2']])
  })
})
