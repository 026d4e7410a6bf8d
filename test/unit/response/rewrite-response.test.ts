import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { createRewriting } from '../../../src/response/rewrite-response.ts'
import { approvalOf } from './approvals.ts'

const rewrite = createRewriting({
  publicUrl: 'https://dcr.bank.example/register',
  registrationUrl: new URL('https://idp.internal:8443/op/reg'),
})
const location = { suffix: '/abc', query: 'x=1', clientId: 'abc' }

function answerTo(operation: Operation, status: number, body: JsonObject | null): ReturnType<typeof rewrite> {
  return rewrite(
    { kind: 'answer', status, body },
    approvalOf(operation, operation === 'create' ? null : location),
    'decision-1',
  )
}

function refusalOf(operation: Operation, status: number, body: JsonObject | null = null): Refusal['findings'][0] {
  try {
    answerTo(operation, status, body)
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.findings[0]
    throw refusal
  }
  throw new Error('not refused')
}

describe('the answer to the registrant', () => {
  it.each([
    ['below the endpoint', 'https://idp.internal:8443/op/reg/abc', 'https://dcr.bank.example/register/abc'],
    [
      'with a query',
      'https://idp.internal:8443/op/reg/abc?x=1&y=%2F',
      'https://dcr.bank.example/register/abc?x=1&y=%2F',
    ],
    [
      'by query alone',
      'https://idp.internal:8443/op/reg?client_id=abc',
      'https://dcr.bank.example/register?client_id=abc',
    ],
    [
      'under a host name the gateway does not know',
      'http://login.bank.example/op/reg/abc',
      'https://dcr.bank.example/register/abc',
    ],
    ['outside the endpoint', 'https://idp.internal:8443/clients/abc', 'https://dcr.bank.example/register/abc'],
    [
      'beside the endpoint under a longer name',
      'https://idp.internal:8443/op/registry/abc',
      'https://dcr.bank.example/register/abc',
    ],
    ['as no URL at all', 'abc', 'https://dcr.bank.example/register/abc'],
  ])(
    'leads the client URI through the gateway when the identity server names it %s (RFC 7592 section 3)',
    (_, issued, wanted) => {
      const body = { client_id: 'abc', registration_access_token: 't', registration_client_uri: issued }
      expect(answerTo('create', 201, body).body).toEqual({ ...body, registration_client_uri: wanted })
    },
  )

  it('gives the client URI in every answer about a managed client, and keeps the rest as it is', () => {
    const body = { client_id: 'abc', nested: { list: [1, 'two', null] } }
    expect(answerTo('read', 200, body).body).toEqual({
      ...body,
      registration_client_uri: 'https://dcr.bank.example/register/abc?x=1',
    })
    expect(answerTo('update', 200, body).body).toEqual({
      ...body,
      registration_client_uri: 'https://dcr.bank.example/register/abc?x=1',
    })
  })

  it('promises no management where the identity server offers none', () => {
    expect(answerTo('create', 201, { client_id: 'abc' }).body).toEqual({ client_id: 'abc' })
  })

  it('names the decision', () => {
    const { status, headers } = answerTo('create', 200, { client_id: 'abc' })
    expect({ status, headers }).toEqual({
      status: 201,
      headers: { 'decision-id': 'decision-1' },
    })
  })

  it('has no body after a deletion (RFC 7592 section 2.3)', () => {
    expect(answerTo('delete', 200, { deleted: true })).toMatchObject({ status: 204, body: null })
  })

  it.each([
    ['create', 400, 'upstream-refused'],
    ['update', 422, 'upstream-refused'],
    ['create', 401, 'upstream-failed'],
    ['create', 403, 'upstream-failed'],
    ['create', 404, 'upstream-failed'],
    ['create', 429, 'upstream-failed'],
    ['create', 302, 'upstream-failed'],
    ['create', 204, 'upstream-failed'],
    ['create', 500, 'upstream-failed'],
    ['read', 401, 'management-token-rejected'],
    ['update', 403, 'management-token-insufficient'],
    ['read', 404, 'management-token-rejected'],
    ['delete', 404, 'management-token-rejected'],
    ['update', 405, 'method-not-allowed'],
    ['delete', 501, 'method-not-allowed'],
    ['read', 201, 'upstream-failed'],
    ['read', 503, 'upstream-failed'],
  ] as const)('to a %s answered with %i is the refusal %s', (operation, status, reason) => {
    expect(refusalOf(operation, status).reason).toBe(reason)
  })

  it('never allows the method that the identity server declined (RFC 9110 section 15.5.6)', () => {
    expect(refusalOf('update', 405).wanted).toBe('GET, DELETE')
    expect(refusalOf('delete', 501).wanted).toBe('GET, PUT')
    expect(refusalOf('read', 405).wanted).toBe('PUT, DELETE')
  })

  it('relays what the identity server says about the metadata, made safe', () => {
    const body = { error: 'invalid_redirect_uri', error_description: 'no "quotes" or \\ or é' }
    expect(refusalOf('create', 400, body)).toMatchObject({
      error: 'invalid_redirect_uri',
      message: 'the identity server says: no ?quotes? or ? or ?',
    })
  })

  it('relays no error code that is none, and nothing of a failure', () => {
    expect(refusalOf('create', 400, { error: 'Bad Request!' }).error).toBeUndefined()
    const failure = refusalOf('create', 500, { error: 'db', error_description: 'password=1234' })
    expect(failure.message).toBe('the identity server gave no usable answer')
    expect(JSON.stringify(failure)).not.toContain('1234')
  })

  it.each([[{}], [{ client_id: '' }], [{ client_id: 7 }], [null]])(
    'takes a success without a client id for no answer: %j',
    (body) => {
      expect(refusalOf('create', 201, body).reason).toBe('upstream-answer-invalid')
    },
  )

  it('refuses with the finding of a silent identity server', () => {
    const finding = { reason: 'upstream-timeout', at: 'identity server', message: 'silent' } as const
    expect(() => rewrite({ kind: 'silence', sent: true, finding }, approvalOf('create'), 'd')).toThrow(
      'upstream-timeout',
    )
  })
})
