import { describe, expect, it } from 'vitest'
import { buildUpstreamRequest } from '../../../src/forward/build-upstream-request.ts'
import type { ReservedRegistration } from '../../../src/model/decision.ts'
import { placeOfLocation } from '../../../src/model/client-place.ts'
import type { ClientLocation } from '../../../src/model/registration-request.ts'
import { createRouting } from '../../../src/request/match-route.ts'
import { buildClientUri, rewriteClientUri } from '../../../src/response/rewrite-client-uri.ts'

const URLS = {
  publicUrl: 'https://dcr.example/bank/register',
  registrationUrl: new URL('https://idp.internal:8443/oauth/reg'),
}

const route = createRouting('/bank/register')

/** Where a request of the registrant to this URI arrives at the identity server. */
function targetOf(location: ClientLocation | null): string {
  const request = { operation: 'read', location, managementToken: null, passedHeaders: {} }
  const approved = { evidence: { request, client: null, managed: null }, metadata: null, headers: {} }
  const reserved = { approved, registration: 'r', token: null } as unknown as ReservedRegistration
  const { registrationUrl } = URLS
  const target = { registrationUrl, initialAccessToken: null, markMember: null }
  return registrationUrl.origin + buildUpstreamRequest(reserved, target, 'id').path
}

const ISSUED = [
  ['/abc', 'https://idp.internal:8443/oauth/reg/abc'],
  ['/a/b%3Ac', 'https://idp.internal:8443/oauth/reg/a/b%3Ac'],
  ['?client_id=x%3A%2F%2Fy&v=1', 'https://idp.internal:8443/oauth/reg?client_id=x%3A%2F%2Fy&v=1'],
  ['/abc?v=1//2', 'https://idp.internal:8443/oauth/reg/abc?v=1//2'],
] as const

describe('the URI of a client from the identity server', () => {
  it.each(ISSUED)('leads through the gateway, keeping %s', (rest, issued) => {
    expect(rewriteClientUri(issued, URLS)).toBe(`https://dcr.example/bank/register${rest}`)
  })

  it.each(ISSUED)('comes out the same when the client is asked for again: %s', (_rest, issued) => {
    const given = rewriteClientUri(issued, URLS) ?? ''
    const { location } = route({ method: 'GET', target: given.slice('https://dcr.example'.length) })
    expect(targetOf(location)).toBe(issued)
    expect(location === null ? null : buildClientUri(URLS, { place: placeOfLocation(location) })).toBe(given)
  })

  it.each(['http://localhost/oauth/reg/abc', 'https://other.example/oauth/reg/abc'])(
    'leads through the gateway whatever the identity server calls itself: %s',
    (issued) => {
      expect(rewriteClientUri(issued, URLS)).toBe('https://dcr.example/bank/register/abc')
    },
  )

  it('loses its fragment and its user, which no request carries', () => {
    expect(rewriteClientUri('https://user:pw@idp.internal/oauth/reg/abc#x', URLS)).toBe(
      'https://dcr.example/bank/register/abc',
    )
  })

  it.each([
    ['another path', 'https://idp.internal:8443/clients/abc'],
    ['a path that only begins alike', 'https://idp.internal:8443/oauth/registrations/abc'],
    ['a path that climbs out', 'https://idp.internal:8443/oauth/reg/../admin'],
    ['a path that climbs out in disguise', 'https://idp.internal:8443/oauth/reg/%2e%2E/admin'],
    ['the path elsewhere', 'https://idp.internal:8443/x/oauth/reg/abc'],
    ['another letter case', 'https://idp.internal:8443/OAuth/reg/abc'],
    ['a relative reference', '/oauth/reg/abc'],
    ['no URI', 'abc'],
    ['nothing', ''],
  ])('is none below the endpoint: %s', (_case, issued) => {
    expect(rewriteClientUri(issued, URLS)).toBeNull()
  })
})

describe('the URI of a client that the gateway makes itself', () => {
  it.each(['/a%20b', '?client_id=a%20b', '/a%20b?x=y'])(
    'is the place of the client, where one is known: %s',
    (place) => {
      expect(buildClientUri(URLS, { place })).toBe(`https://dcr.example/bank/register${place}`)
    },
  )

  it.each([
    ['abc', '/abc'],
    ['a/b?c#d e', '/a%2Fb%3Fc%23d%20e'],
    ['Zoë', '/Zo%C3%AB'],
  ])('holds the id %s as one segment of the path', (id, rest) => {
    expect(buildClientUri(URLS, id)).toBe(`https://dcr.example/bank/register${rest}`)
  })
})
