import { describe, expect, it } from 'vitest'
import { buildUpstreamRequest, type UpstreamRequest } from '../../../src/forward/build-upstream-request.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { ClientLocation } from '../../../src/model/registration-request.ts'
import { Secret } from '../../../src/model/secret.ts'

const TARGET = {
  registrationUrl: new URL('https://idp.example:8443/oauth/reg'),
  initialAccessToken: new Secret('gateway-token'),
  markMember: null,
}
const MANAGED: ClientLocation = { suffix: '/a%20b', query: '', clientId: 'a b' }
const ASKED = { client_name: 'asked', scope: 'everything' }
const APPROVED = { client_name: 'Zoë €', scope: 'openid' }

interface Given {
  readonly operation: Operation
  readonly location?: ClientLocation
  readonly managementToken?: Secret
  readonly managed?: { readonly token: Secret | null; readonly place: string | null }
  /** What manages the client now; that of `managed` when left out. */
  readonly token?: Secret
  readonly metadata?: JsonObject
  readonly passedHeaders?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

function reservationOf(given: Given): ReservedRegistration {
  const {
    operation,
    location = null,
    managementToken = null,
    managed = null,
    token = managed?.token ?? null,
    passedHeaders = {},
    headers = {},
    metadata = null,
  } = given
  const request = { operation, location, managementToken, passedHeaders, metadata: ASKED, softwareStatement: 'a.b.c' }
  const approved = { evidence: { request, client: null, managed }, metadata, headers }
  return { approved, registration: 'registration-1', token } as unknown as ReservedRegistration
}

function build(given: Given, target: Parameters<typeof buildUpstreamRequest>[1] = TARGET): UpstreamRequest {
  return buildUpstreamRequest(reservationOf(given), target, 'decision-1')
}

const CREATE: Given = { operation: 'create', metadata: APPROVED }
const READ: Given = {
  ...{ operation: 'read', location: MANAGED, managementToken: new Secret('sealed-token') },
  managed: { token: new Secret('client-token'), place: '/a%20b' },
}
const UPDATE: Given = { ...READ, operation: 'update', metadata: APPROVED }
const DELETE: Given = { ...READ, operation: 'delete' }

describe('the request to the identity server', () => {
  it.each([
    ['POST', CREATE, '/oauth/reg'],
    ['GET', READ, '/oauth/reg/a%20b'],
    ['PUT', UPDATE, '/oauth/reg/a%20b'],
    ['DELETE', DELETE, '/oauth/reg/a%20b'],
  ])('is a %s to the place of its operation (RFC 7591 3.1, RFC 7592 2)', (method, given, path) => {
    expect(build(given)).toMatchObject({ method, path, headers: { host: 'idp.example:8443' } })
  })

  it.each([
    [{ suffix: '', query: 'client_id=a%2Fb', clientId: 'a/b' }, '/oauth/reg?client_id=a%2Fb'],
    [{ suffix: '/x/y', query: 'v=1//2&w=%3f', clientId: 'x' }, '/oauth/reg/x/y?v=1//2&w=%3f'],
  ])('keeps suffix and query of the client as they were: %o', (location, path) => {
    expect(build({ ...READ, location, managed: { token: null, place: null } }).path).toBe(path)
  })

  it('carries the approved metadata, never the members that were asked for', () => {
    for (const given of [CREATE, UPDATE]) expect(JSON.parse(build(given).body.toString())).toEqual(APPROVED)
  })

  it.each([
    ['create', CREATE],
    ['update', UPDATE],
  ])('counts bytes, not characters, for the length of a %s', (_operation, given) => {
    const { headers, body } = build(given)
    expect(headers['content-length']).toBe(String(Buffer.byteLength('{"client_name":"Zoë €","scope":"openid"}')))
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['content-type']).toBe('application/json')
  })

  it.each([
    ['read', READ],
    ['delete', DELETE],
  ])('says length zero and no type for the empty body of a %s', (_operation, given) => {
    const { headers, body } = build(given)
    expect(body).toHaveLength(0)
    expect(headers['content-length']).toBe('0')
    expect(headers).not.toHaveProperty('content-type')
  })

  it.each([CREATE, READ, UPDATE, DELETE])(
    'has one framing, its own, whatever was passed (request smuggling): $operation',
    (given) => {
      const passedHeaders = {
        'transfer-encoding': 'chunked',
        'Transfer-Encoding': 'chunked',
        'Content-Length': '9',
        CONTENT_LENGTH: '9',
        Host: 'evil',
      }
      const { headers, body } = build({ ...given, passedHeaders })
      const names = Object.keys(headers).map((name) => name.toLowerCase().replaceAll('_', '-'))
      expect(names).not.toContain('transfer-encoding')
      expect(names.filter((name) => name === 'content-length')).toHaveLength(1)
      expect(names.filter((name) => name === 'host')).toHaveLength(1)
      expect(headers['content-length']).toBe(String(body.length))
    },
  )

  it('presents the token of the gateway to create, even beside one of the registrant', () => {
    const headers = { authorization: 'Bearer gateway-token' }
    expect(build(CREATE)).toMatchObject({ headers })
    expect(build({ ...CREATE, managementToken: new Secret('client-token') })).toMatchObject({ headers })
  })

  it.each([READ, UPDATE, DELETE])(
    'presents the token of the identity server to $operation, never the one that the registrant holds (RFC 7592 2)',
    (given) => {
      expect(build(given).headers['authorization']).toBe('Bearer client-token')
      expect(JSON.stringify(build(given))).not.toContain('sealed-token')
    },
  )

  it('presents no token where there is none, and never one that was passed', () => {
    const passedHeaders = { Authorization: 'Bearer stolen', authorization: 'Bearer stolen' }
    const { operation, location } = { operation: 'read', location: MANAGED } as const
    const requests = [
      build({ ...CREATE, passedHeaders }, { ...TARGET, initialAccessToken: null }),
      build({ operation, location, passedHeaders }),
      build({ ...READ, managed: { token: null, place: null }, passedHeaders }),
    ]
    for (const { headers } of requests)
      expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('authorization')
  })

  it('has exactly these headers and those that were verified or let through', () => {
    expect(
      build({ ...CREATE, passedHeaders: { traceparent: '00-1', 'Decision-Id': 'x' }, headers: { 'x-org': 'o' } })
        .headers,
    ).toEqual({
      traceparent: '00-1',
      'x-org': 'o',
      authorization: 'Bearer gateway-token',
      host: 'idp.example:8443',
      accept: 'application/json',
      'decision-id': 'decision-1',
      'content-length': '43',
      'content-type': 'application/json',
    })
  })

  it.each([READ, UPDATE, DELETE])('names the decision, so that both logs can be joined: $operation', (given) => {
    expect(build(given).headers['decision-id']).toBe('decision-1')
  })
})
