import { describe, expect, it } from 'vitest'
import { createRouting } from '../../../src/request/match-route.ts'
import { findClientUri } from '../../../src/response/find-client-uri.ts'

const ENDPOINT = {
  publicUrl: 'https://dcr.example/register',
  registrationUrl: new URL('https://idp.internal/reg'),
  route: createRouting('/register'),
}
const CREATE = { request: { operation: 'create', location: null }, managed: null } as const
const found = (clientId: string, uri: string): string | null =>
  findClientUri({ client_id: clientId, registration_access_token: 't', registration_client_uri: uri }, CREATE, ENDPOINT)

describe('the URI of a new client', () => {
  it.each([
    ['abc', 'https://idp.internal/reg/abc', '/abc'],
    ['abc', 'https://idp.internal/reg?client_id=abc', '?client_id=abc'],
    ['abc', 'https://idp.internal/reg/of/abc?x=1', '/of/abc?x=1'],
    ['b:c', 'https://idp.internal/reg/b%3Ac', '/b%3Ac'],
  ])('leads through the gateway, for %j from %s', (clientId, uri, rest) => {
    expect(found(clientId, uri)).toBe(`https://dcr.example/register${rest}`)
  })

  it.each([
    ['a/b', 'https://idp.internal/reg/a/b'],
    ['z', 'https://idp.internal/reg/c1'],
    ['z', 'https://idp.internal/reg/../reg/c1'],
    ['z', 'https://idp.internal/reg?client_id=c1'],
  ])('is refused where it names another client than %j: %s', (clientId, uri) => {
    expect(() => found(clientId, uri)).toThrow('upstream-answer-invalid')
  })
})
