import { describe, expect, it } from 'vitest'
import type { Peer } from '../../../src/model/arrival.ts'
import { createSelection, type Address, type Location } from '../../../src/request/select-endpoint.ts'
import { refusalOf } from './refusal-of.ts'

const selectAt = createSelection(
  ['/register', '/register/brasil', '/uk/register'].map((path) => ({ host: null, path })),
)
const select = (target: string): Location => selectAt(addressed(target))

/** A request to a target, with the host of the handshake where there is one. */
function addressed(target: string, host = 'dcr.bank.example', serverName: string | null = null): Address {
  return { target, rawHeaders: ['Host', host], peer: { serverName } as Peer }
}

describe('the endpoint of a request target', () => {
  it.each([
    ['/register', '/register'],
    ['/register?client_id=abc', '/register'],
    ['/register/abc', '/register'],
    ['/register/a%62c', '/register'],
    ['/register/.well-known', '/register'],
    ['/register/abc?x=%2F', '/register'],
    ['/register/brasil', '/register/brasil'],
    ['/register/brasil/abc', '/register/brasil'],
    ['/register/brasilia', '/register'],
    ['/uk/register', '/uk/register'],
  ])('of %s is %s: the longest path it has or stands below', (target, path) => {
    expect(select(target).path).toBe(path)
  })

  it.each(['/registered', '/Register', '/%72egister', '/uk', '/uk/registers', '/x/register'])(
    'is unknown for %s',
    async (target) => {
      expect(await refusalOf(() => select(target))).toMatchObject({ reason: 'endpoint-unknown', at: 'request target' })
    },
  )
})

describe('where endpoints have hosts', () => {
  const places = [
    { host: 'a.bank.example', path: '/register' },
    { host: 'b.bank.example', path: '/register' },
    { host: 'b.bank.example', path: '/b' },
    { host: '[::1]', path: '/register' },
  ]
  const choose = createSelection(places)

  it.each([
    ['a.bank.example', 'a.bank.example', '/register', 0],
    ['b.bank.example', 'b.bank.example', '/register', 1],
    ['B.Bank.Example', 'b.bank.example', '/register/abc', 1],
    ['b.bank.example:8443', 'b.bank.example', '/b', 2],
    ['b.bank.example:', 'b.bank.example', '/b', 2],
    ['[::1]:8443', null, '/register', 3],
    ['a.bank.example', null, '/register', 0],
  ])('a request to %s over a connection for %s, path %s, goes to place %d', (host, serverName, target, index) => {
    expect(choose(addressed(target, host, serverName))).toBe(places[index])
  })

  it.each([
    ['of another host', 'c.bank.example', 'host-unknown'],
    ['of a host below', 'x.a.bank.example', 'host-unknown'],
    ['with a dot at its end, which is another name to some', 'a.bank.example.', 'host-unknown'],
    ['of an address', '127.0.0.1', 'host-unknown'],
    ['with a user', 'a.bank.example@b.bank.example', 'request-malformed'],
    ['with a path', 'a.bank.example/register', 'request-malformed'],
    ['with two ports', 'a.bank.example:1:2', 'request-malformed'],
    ['that is empty', '', 'request-malformed'],
  ])('refuses a Host %s [RFC 9110 7.2, 15.5.20]', async (_case, host, reason) => {
    expect(await refusalOf(() => choose(addressed('/register', host)))).toMatchObject({ reason, at: 'header host' })
  })

  it('refuses a request over a connection that was opened for another host [RFC 9110 7.4]', async () => {
    const address = addressed('/register', 'a.bank.example', 'b.bank.example')
    expect(await refusalOf(() => choose(address))).toMatchObject({ reason: 'request-misdirected', at: 'header host' })
  })

  it('knows no path of one host at another', async () => {
    const address = addressed('/b', 'a.bank.example', 'a.bank.example')
    expect(await refusalOf(() => choose(address))).toMatchObject({ reason: 'endpoint-unknown' })
  })
})

it('where endpoints have none, whatever the registrant calls the gateway leads to the same', () => {
  expect(selectAt(addressed('/register', 'any.example', 'other.example')).path).toBe('/register')
})

describe('a request target that servers read differently is refused', () => {
  it.each([
    ['nothing', ''],
    ['asterisk-form', '*'],
    ['absolute-form', 'https://dcr.bank.example/register'],
    ['absolute-form of another scheme', 'file:///register'],
    ['authority-form', 'dcr.bank.example:443'],
    ['a relative path', 'register'],
    ['the root', '/'],
    ['an authority in front of the path', '//evil.example/register'],
    ['an empty segment', '/register//abc'],
    ['a slash at the end', '/register/'],
    ['a fragment', '/register#x'],
    ['a backslash', '/register\\..\\admin'],
    ['a dot segment', '/register/./abc'],
    ['a climbing dot segment', '/register/../admin'],
    ['a dot segment at the end', '/register/..'],
    ['a scheme, which http-proxy takes for a URL', '/register/http:/abc'],
    ['a scheme in capitals', '/register/HTTPS:'],
    ['an encoded dot segment', '/register/%2e%2e/admin'],
    ['a half encoded dot segment', '/register/.%2E/admin'],
    ['three dots', '/register/.../admin'],
    ['a path parameter', '/register/..;/admin'],
    ['an encoded path parameter', '/register/..%3B/admin'],
    ['an encoded slash', '/register/a%2Fb'],
    ['an encoded backslash', '/register/a%5cb'],
    ['an encoded question mark', '/register/abc%3Fx=1'],
    ['an encoded number sign', '/register/abc%23'],
    ['an encoded NUL', '/register/abc%00'],
    ['an encoded newline', '/register/abc%0d%0aX-A:1'],
    ['an encoded delete', '/register/abc%7F'],
    ['an encoded space', '/register/abc%20'],
    ['a doubly encoded dot segment', '/register/%252e%252e/admin'],
    ['an overlong slash', '/register/a%c0%afb'],
    ['an escape that is cut off', '/register/abc%2'],
    ['an escape that is none', '/register/abc%zz'],
    ['a space', '/register/a b'],
    ['a control character', '/register/a\u0001b'],
    ['a tab', '/register/a\tb'],
    ['a newline', '/register/abc\n'],
    ['a character beyond ASCII', '/register/\u00e9'],
    ['a plus, which is a space to some', '/register/a+b'],
    ['a fragment in the query', '/register?client_id=a#b'],
    ['a second question mark', '/register?a=1?client_id=b'],
    ['a semicolon in the query', '/register?a=1;client_id=b'],
    ['a plus in the query', '/register?client_id=a+b'],
    ['a control character in the query', '/register?client_id=a%0a'],
    ['a character beyond ASCII in the query', '/register?client_id=%c3%a9'],
    ['too many characters', `/register/${'a'.repeat(2039)}`],
  ])('for %s', async (_case, target) => {
    expect(await refusalOf(() => select(target))).toMatchObject({
      reason: 'request-target-invalid',
      at: 'request target',
    })
  })

  it('and said of it is only what is wrong, never how it reads', async () => {
    const finding = await refusalOf(() => select('/register/<script>'))
    expect(JSON.stringify(finding)).not.toContain('script')
  })

  it('but 2048 characters go through', () => {
    expect(select(`/register/${'a'.repeat(2038)}`).path).toBe('/register')
  })
})
