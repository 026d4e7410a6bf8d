import { describe, expect, it } from 'vitest'
import type { AnswerPlan } from '../../../src/model/answer.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { Refusal } from '../../../src/model/refusal.ts'
import { createRouting } from '../../../src/request/match-route.ts'
import { createRewriting } from '../../../src/response/rewrite-response.ts'
import { approvalOf } from './approvals.ts'

const rewrite = createRewriting({
  publicUrl: 'https://dcr.bank.example/register',
  registrationUrl: new URL('https://idp.internal:8443/op/reg'),
  route: createRouting('/register'),
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

  it.each([
    ['outside the endpoint', 'https://idp.internal:8443/clients/abc'],
    ['in a place that the gateway does not take', 'https://idp.internal:8443/op/reg/a%20b'],
  ])('keeps the URI under which a client is managed when the identity server names one %s', (_, issued) => {
    for (const operation of ['read', 'update'] as const)
      expect(answerTo(operation, 200, { client_id: 'abc', registration_client_uri: issued }).body).toEqual({
        client_id: 'abc',
        registration_client_uri: 'https://dcr.bank.example/register/abc?x=1',
      })
  })

  it('promises no management where the identity server offers none, whatever the client is called', () => {
    for (const clientId of ['abc', 'a b/c'])
      expect(answerTo('create', 201, { client_id: clientId }).body).toEqual({ client_id: clientId })
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

  const BELOW = 'the path /op/reg or one below it'
  const TAKEN = expect.stringMatching(/^one that can be asked for through the gateway \(the .*\)$/) as unknown
  it.each([
    ['outside the endpoint', 'https://idp.internal:8443/clients/abc', BELOW, 'the path "/clients/abc"'],
    ['under a longer name', 'https://idp.internal:8443/op/registry/abc', BELOW, 'the path "/op/registry/abc"'],
    ['in no URI', 'abc', BELOW, 'a registration_client_uri that is no absolute URI'],
    ['in no text', 7, BELOW, 'a registration_client_uri that is no absolute URI'],
    ['with a space', 'https://idp.internal/op/reg/a%20b', TAKEN, 'the path "/op/reg/a%20b"'],
    ['with a slash in an escape', 'https://idp.internal/op/reg/a%2Fb', TAKEN, 'the path "/op/reg/a%2Fb"'],
    ['without the client', 'https://idp.internal/op/reg', TAKEN, 'the path "/op/reg"'],
    ['with a token', 'https://idp.internal/op/reg/a?access_token=t', TAKEN, 'the path "/op/reg/a" with a query'],
    ['with the token in its path', 'https://idp.internal/op/reg/rat-4711/x%20', TAKEN, 'a path with the token in it'],
    ['by an id with a space and a slash', undefined, TAKEN, 'no registration_client_uri, and the client_id "a b/?"'],
  ])('takes a new client that is to be managed %s for no answer, and says why', (_case, issued, wanted, found) => {
    const uri = issued === undefined ? {} : { registration_client_uri: issued }
    const body = { client_id: 'a b/é', registration_access_token: 'rat-4711', ...uri }
    const { reason, message, detail = '' } = refusalOf('create', 201, body)
    expect({ reason, message }).toEqual({
      reason: 'upstream-answer-invalid',
      message: 'the identity server gave no usable answer',
    })
    const parts = /^management of the new client: wanted (.*), found (.*) \(see upstream\.registrationUrl\)$/.exec(
      detail,
    )
    expect(parts?.slice(1)).toEqual([wanted, found])
    expect(detail).not.toMatch(/rat-4711|access_token/)
  })

  it('refuses with the finding of a silent identity server', () => {
    const finding = { reason: 'upstream-timeout', at: 'identity server', message: 'silent' } as const
    expect(() => rewrite({ kind: 'silence', sent: true, finding }, approvalOf('create'), 'd')).toThrow(
      'upstream-timeout',
    )
  })
})

describe('the answer as a policy plans it', () => {
  const said = { client_id: 'abc', client_secret: 's', inner: 1, scope: 'openid' }
  interface Given {
    readonly operation?: Operation
    readonly status?: number
    readonly statement?: string | null
    readonly body?: JsonObject
  }
  const planned = (
    plan: Partial<AnswerPlan>,
    { operation = 'create', status = 201, statement = null, body = said }: Given = {},
  ): ReturnType<typeof rewrite> => {
    const known = operation === 'create' ? null : location
    return rewrite({ kind: 'answer', status, body }, approvalOf(operation, known, { plan, statement }), 'decision-1')
  }

  it('keeps members back, gives others, and fills in what is missing', () => {
    const plan = { removes: ['inner'], sets: { software_id: 'x', inner: 2 }, fills: { scope: 'filled', org_id: 'o' } }
    expect(planned(plan).body).toEqual({
      ...{ client_id: 'abc', client_secret: 's', scope: 'openid' },
      ...{ software_id: 'x', inner: 2, org_id: 'o' },
    })
  })

  it('has the statement of the request to the letter, whatever the identity server makes of it (RFC 7591 section 3.2.1)', () => {
    const statement = 'eyJhbGciOiJQUzI1NiJ9.e30.c2ln'
    const body = { ...said, software_statement: 'another' }
    expect(planned({ echoesStatement: true }, { statement, body }).body?.['software_statement']).toBe(statement)
    expect(planned({ echoesStatement: false }, { statement }).body).toEqual(said)
    expect(planned({ echoesStatement: true }).body).toEqual(said)
  })

  it.each([
    [202, said],
    [200, said],
    [204, null],
  ])('has the status %i where the regime wants it, and with 204 no body', (status, body) => {
    expect(planned({ status })).toMatchObject({ status, body })
  })

  it('needs a client from the identity server even where the registrant hears nothing of it', () => {
    expect(() => planned({ status: 204 }, { body: {} })).toThrow('upstream-answer-invalid')
  })

  it('has a body after a deletion where the regime wants one', () => {
    const plan = { status: 200, deletionBody: { gone: true } }
    expect(planned(plan, { operation: 'delete', status: 204 })).toMatchObject({ status: 200, body: { gone: true } })
  })

  it('has the headers of the policy, and the decision id of the gateway', () => {
    const headers = { 'x-fapi-interaction-id': 'b', 'decision-id': 'forged' }
    expect(planned({ headers }).headers).toEqual({ 'x-fapi-interaction-id': 'b', 'decision-id': 'decision-1' })
    expect(planned({ headers }, { operation: 'delete', status: 204 }).headers).toHaveProperty('x-fapi-interaction-id')
  })

  it('is put right before it is shown: scopes as text, times in seconds', () => {
    const body = { ...said, scope: ['openid', 'accounts'], client_id_issued_at: 1_767_268_800_000 }
    expect(planned({}, { body }).body).toMatchObject({ scope: 'openid accounts', client_id_issued_at: 1_767_268_800 })
  })

  it('is a refusal all the same where the identity server refuses, with nothing of the plan', () => {
    expect(() => planned({ status: 200, sets: { a: 1 } }, { status: 400 })).toThrow('upstream-refused')
  })
})
