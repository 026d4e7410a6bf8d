import { describe, expect, it } from 'vitest'
import { placeInUri, placeOfClient, placeOfLocation, placeToAsk } from '../../../src/model/client-place.ts'
import type { ClientLocation } from '../../../src/model/registration-request.ts'

const ENDPOINT = new URL('https://idp.example:8443/oauth/reg')
const byPath = (suffix: string, query = ''): ClientLocation => ({ suffix, query, clientId: suffix.slice(1) })
const byQuery = (query: string): ClientLocation => ({ suffix: '', query, clientId: 'abc' })

describe('the place of a client', () => {
  it.each([
    ['https://idp.example:8443/oauth/reg/abc', '/abc'],
    ['http://localhost/oauth/reg/abc?x=y', '/abc?x=y'],
    ['https://idp.example/oauth/reg?client_id=abc', '?client_id=abc'],
    ['https://idp.example/oauth/reg', ''],
    ['https://idp.example/oauth/reg/a%2Fb', '/a%2Fb'],
    ['https://idp.example/oauth/register/abc', null],
    ['https://idp.example/oauth/reg/../admin/abc', null],
    ['https://idp.example/oauth/reg/%2e%2e/admin', null],
    ['/oauth/reg/abc', null],
    ['', null],
  ])('in %s is %s', (uri, place) => {
    expect(placeInUri(uri, ENDPOINT)).toBe(place)
  })

  it.each<[string, Record<string, unknown>, string | null]>([
    [
      'by its URI',
      { registration_client_uri: 'https://x/oauth/reg?client_id=abc', client_id: 'abc' },
      '?client_id=abc',
    ],
    ['by its id where it has a token and no URI', { client_id: 'a/b?c', registration_access_token: 't' }, '/a%2Fb%3Fc'],
    [
      'nowhere with a URI that is not below the endpoint',
      { registration_client_uri: 'https://x/y', client_id: 'a', registration_access_token: 't' },
      null,
    ],
    ['nowhere without a token', { client_id: 'abc' }, null],
    ['nowhere without an id', { registration_access_token: 't' }, null],
  ])('that the identity server answered with is known %s', (_, body, place) => {
    expect(placeOfClient(body as never, ENDPOINT)).toBe(place)
  })

  it('that a registrant names is what he named', () => {
    expect(placeOfLocation(byPath('/abc'))).toBe('/abc')
    expect(placeOfLocation(byPath('/abc', 'x=y'))).toBe('/abc?x=y')
    expect(placeOfLocation(byQuery('client_id=abc&x=y'))).toBe('?client_id=abc&x=y')
  })
})

describe('a client is asked for', () => {
  it.each<[string, ClientLocation, string | null, string]>([
    ['where the registrant says, as nobody knows better', byPath('/abc', 'x=y'), null, '/abc?x=y'],
    ['where he says, in the form of the identity server', byPath('/abc', 'x=y'), '/abc', '/abc?x=y'],
    ['where he says, in its other form', byQuery('client_id=abc&x=y'), '?client_id=abc', '?client_id=abc&x=y'],
    ['by path, though he asks by query', byQuery('client_id=abc'), '/abc', '/abc'],
    ['by path, and what he added comes along', byQuery('client_id=abc&x=y&z'), '/abc', '/abc?x=y&z'],
    ['by path, and what he added comes along, wherever it stood', byQuery('x=y&client_id=abc'), '/abc', '/abc?x=y'],
    ['by query, though he asks by path', byPath('/abc'), '?client_id=abc', '?client_id=abc'],
    ['by query, and what he added comes along', byPath('/abc', 'x=y'), '?client_id=abc', '?client_id=abc&x=y'],
    ['with what the identity server has in its own query', byQuery('client_id=abc&x=y'), '/abc?v=1', '/abc?v=1&x=y'],
    ['deeper below the endpoint than he asks', byPath('/abc', 'x=y'), '/clients/abc', '/clients/abc?x=y'],
    ['with what he added as he wrote it', byQuery('client_id=abc&q=a%20b//c'), '/abc', '/abc?q=a%20b//c'],
  ])('%s', (_, location, issued, place) => {
    expect(placeToAsk(location, issued)).toBe(place)
  })

  it('by one id, in whatever form: his own never comes along beside that of the identity server', () => {
    expect(placeToAsk(byQuery('client_id=abc'), '/abc')).not.toContain('client_id')
    expect(placeToAsk(byQuery('client_id=abc&x=y'), '/abc?client_ref=1')).toBe('/abc?client_ref=1&x=y')
  })
})
