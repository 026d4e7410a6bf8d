import { describe, expect, it } from 'vitest'
import { createRouting } from '../../../src/request/match-route.ts'
import { refusalOf } from './refusal-of.ts'

const route = createRouting('/register')

describe('a registration', () => {
  it('is a POST to the endpoint itself (RFC 7591 section 3.1)', () => {
    expect(route({ method: 'POST', target: '/register' })).toEqual({ operation: 'create', location: null })
  })

  it.each(['/register?client_id=abc', '/register?x=1', '/register?'])('takes no query: %s', async (target) => {
    expect(await refusalOf(() => route({ method: 'POST', target }))).toMatchObject({ reason: 'request-target-invalid' })
  })
})

describe('a managed client (RFC 7592 section 2)', () => {
  it.each([
    ['GET', 'read'],
    ['PUT', 'update'],
    ['DELETE', 'delete'],
  ])('is taken for %s as: %s', (method, operation) => {
    const location = { suffix: '/abc', query: '', clientId: 'abc' }
    expect(route({ method, target: '/register/abc' })).toEqual({ operation, location })
  })

  it.each([
    ['/register/abc', { suffix: '/abc', query: '', clientId: 'abc' }],
    ['/register/a/b/c/d', { suffix: '/a/b/c/d', query: '', clientId: 'd' }],
    ['/register/a%62c', { suffix: '/a%62c', query: '', clientId: 'abc' }],
    ['/register/abc?tenant=x%2Fy', { suffix: '/abc', query: 'tenant=x%2Fy', clientId: 'abc' }],
    ['/register?client_id=abc', { suffix: '', query: 'client_id=abc', clientId: 'abc' }],
    [
      '/register?a=1&client_id=x%3A%2F%2Fy%2B%3D&b=',
      { suffix: '', query: 'a=1&client_id=x%3A%2F%2Fy%2B%3D&b=', clientId: 'x://y+=' },
    ],
    ['/register?client_id=a=b', { suffix: '', query: 'client_id=a=b', clientId: 'a=b' }],
    [`/register/${'a'.repeat(256)}`, { suffix: `/${'a'.repeat(256)}`, query: '', clientId: 'a'.repeat(256) }],
  ])('is found in %s, and kept as it was sent', (target, location) => {
    expect(route({ method: 'GET', target })).toEqual({ operation: 'read', location })
  })

  it.each([
    ['in an empty query', '/register?'],
    ['in a query without it', '/register?id=abc'],
    ['empty', '/register?client_id='],
    ['twice', '/register?client_id=abc&client_id=abc'],
    ['twice in another letter case', '/register?client_id=abc&Client_ID=def'],
    ['in another letter case alone', '/register?CLIENT_ID=abc'],
    ['without a value', '/register?client_id'],
    ['without a name', '/register?=abc&client_id=abc'],
    ['beside a parameter without a value', '/register?client_id=abc&flag'],
    ['beside an empty parameter', '/register?client_id=abc&'],
    ['beside a name with an escape', '/register?client%5Fid=def&client_id=abc'],
    ['beside a name with a dot, which some servers read as an underscore', '/register?client.id=def&client_id=abc'],
    ['beside a name of 65 characters', `/register?client_id=abc&${'a'.repeat(65)}=1`],
    ['with an encoded ampersand', '/register?client_id=abc%26client_id%3Ddef'],
    ['with an encoded space', '/register?client_id=a%20b'],
    ['with an encoded percent sign', '/register?client_id=a%2525'],
    ['in both path and query', '/register/abc?client_id=abc'],
    ['in both path and query under a name like it', '/register/abc?clientId=def'],
    ['twice under names like it', '/register?client_id=abc&client-id=def'],
    ['under a name like it alone', '/register?clientid=abc'],
    ['beside a parameter that comes twice', '/register/abc?v=1&v=2'],
    ['beside a parameter that comes twice in other cases', '/register/abc?rev=1&x=2&REV=3'],
    ...[
      ...['access_token', 'ACCESS-TOKEN', 'accessToken', 'token', 'authorization', 'client_secret', 'client_assertion'],
      ...['_method', 'X-HTTP-Method-Override', 'x_http_method', 'X-Method-Override', 'httpMethod'],
    ].map((name): [string, string] => [
      `beside ${name}, which would go on unjudged`,
      `/register/abc?v=1&${name}=DELETE`,
    ]),
    ['beside a token in the query form', '/register?client_id=abc&access_token=t'],
    ['behind a segment that http-proxy takes for a scheme', '/register/xhttp:/abc'],
    ['behind such a segment in other case', '/register/a/ahtTPs:/abc'],
    ['in both path and query in another letter case', '/register/abc?a=1&Client_Id=def'],
    ['below too many segments', '/register/a/b/c/d/e'],
    ['in a path with an empty query', '/register/abc?'],
    ['with more than 256 characters', `/register/${'a'.repeat(257)}`],
    ['in a query of more than 512 characters', `/register?client_id=abc&x=${'a'.repeat(500)}`],
    ['in a path that servers read differently', '/register/%2e%2e/abc'],
  ])('is refused where its id stands %s', async (_case, target) => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(await refusalOf(() => route({ method, target }))).toMatchObject({
        reason: 'request-target-invalid',
        at: 'request target',
      })
  })
})

describe('a method that the target does not take', () => {
  it.each([
    ['PATCH', '/register', 'POST'],
    ['HEAD', '/register', 'POST'],
    ['OPTIONS', '/register', 'POST'],
    ['post', '/register', 'POST'],
    ['POST', '/register/abc', 'GET, PUT, DELETE'],
    ['PATCH', '/register/abc', 'GET, PUT, DELETE'],
    ['TRACE', '/register?client_id=abc', 'GET, PUT, DELETE'],
  ])('is refused with those it takes: %s %s', async (method, target, wanted) => {
    expect(await refusalOf(() => route({ method, target }))).toMatchObject({
      reason: 'method-not-allowed',
      at: 'method',
      wanted,
      found: method,
    })
  })

  it.each(['GET', 'PUT', 'DELETE'])(
    'is not meant by %s on the endpoint itself, which takes registrations alone',
    async (method) => {
      expect(await refusalOf(() => route({ method, target: '/register' }))).toMatchObject({
        reason: 'method-not-allowed',
        wanted: 'POST',
      })
    },
  )
})
