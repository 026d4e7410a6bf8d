import { describe, expect, it } from 'vitest'
import { evaluate } from './expression-fixture.ts'
import { hostnameOf, isLoopback, parseUrl } from '../../../../src/policy/expression/url.ts'

describe('parseUrl', () => {
  it.each([
    ['relative', '/cb'],
    ['no scheme', 'a.example/cb'],
    ['nothing after the scheme', 'com.example.app:'],
    ['a scheme that begins with a digit', '1https://a.example/'],
    ['a backslash for a slash', 'https:\\\\a.example\\cb'],
    ['a backslash before the host that counts', 'https://good.example\\@evil.example/'],
    ['one slash', 'https:/a.example/cb'],
    ['no slash', 'https:a.example'],
    ['one slash, scheme in upper case', 'HTTP:/a.example'],
    ['three slashes', 'https:///a.example/cb'],
    ['no host', 'https://'],
    ['a tab, which WHATWG parsers drop', 'https://a.exam\tple/cb'],
    ['a line break, which WHATWG parsers drop', 'https://a.example/cb\r\n'],
    ['a blank before', ' https://a.example/cb'],
    ['a blank within', 'https://a.example/c b'],
    ['a NUL', 'https://a.example/\0'],
    ['letters beyond ASCII in the host', 'https://b\u00fccher.example/'],
    ['a full-width full stop', 'https://a\uff0eexample/'],
    ['letters beyond ASCII in the path', 'https://a.example/\u00e9'],
    ['a percent sign without digits', 'https://a.example/%zz'],
    ['an angle bracket', 'https://a.example/<x>'],
    ['a quote', 'https://a.example/"'],
    ['a template', 'https://{tenant}.a.example/'],
    ['brackets outside the host', 'https://a.example/cb[0]'],
    ['brackets in a private-use scheme', 'com.example.app:/cb[0]'],
    ['two fragments', 'https://a.example/cb#a#b'],
    ['a port that is none', 'https://a.example:99999/'],
    ['an IPv4 address out of range', 'https://256.256.256.256/'],
    ['more than 2048 characters', `https://a.example/${'x'.repeat(2048)}`],
  ])('refuses %s', (_, text) => {
    expect(parseUrl(text)).toBeNull()
    expect(evaluate(`isURL(${JSON.stringify(text)})`)).toBe(false)
  })

  it.each([
    'https://a.example',
    'https://a.example:8443/cb?x=1&y=%2F#z',
    'HTTPS://A.EXAMPLE/cb',
    'https://xn--bcher-kva.example/',
    'https://[2001:db8::1]:8443/cb',
    'https://user:secret@a.example/',
    'http://127.0.0.1:1024/cb',
    'com.example.app:/oauth/cb',
    'com.example.app://oauth',
    'urn:ietf:wg:oauth:2.0:oob',
    'https://a.example/?a=b/c?d',
    `https://a.example/${'x'.repeat(2048 - 'https://a.example/'.length)}`,
  ])('accepts %s', (text) => {
    expect(parseUrl(text)?.text).toBe(text)
    expect(evaluate(`isURL(${JSON.stringify(text)})`)).toBe(true)
  })

  it('ends on a long text that almost fits', () => {
    expect(parseUrl(`https://${'a'.repeat(2000)} `)).toBeNull()
    expect(parseUrl(`https://${'%41'.repeat(600)}[`)).toBeNull()
  })

  it('makes url() fail, and with it the rule, where there is no URL', () => {
    expect(() => evaluate('url("https:/a.example").getHostname()')).toThrow(RangeError)
  })
})

describe('hosts', () => {
  it.each([
    ['https://A.Example/', 'a.example'],
    ['https://a.example./', 'a.example'],
    ['https://a.example../', 'a.example'],
    ['https://good.example@evil.example/', 'evil.example'],
    ['https://good.example%40evil.example/', null],
    ['https://[::FFFF:7f00:1]/', '::ffff:7f00:1'],
    ['https://0x7f000001/', '127.0.0.1'],
    ['com.example.app://OAuth/', 'oauth'],
    ['com.example.app:/oauth', ''],
  ])('of %s is %s', (text, host) => {
    const url = parseUrl(text)
    expect(url === null ? null : hostnameOf(url)).toBe(host)
  })

  it.each([
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://localhost../',
    'https://app.localhost/',
    'https://%6cocalhost/',
    'https://127.0.0.1/',
    'https://127.0.0.1./',
    'https://127.255.255.254/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://0/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f12:3456]/',
    'https://[::ffff:0.0.0.0]/',
    'https://user@localhost:8443/cb',
    'com.example.app://localhost/cb',
  ])('%s is this machine', (text) => {
    const url = parseUrl(text)
    expect(url !== null && isLoopback(url)).toBe(true)
    expect(evaluate(`url("${text}").isLoopback()`)).toBe(true)
  })

  it.each([
    'https://a.example/',
    'https://localhost.example/',
    'https://notlocalhost/',
    'https://128.0.0.1/',
    'https://126.255.255.255/',
    'https://127.0.0.1.a.example/',
    'https://localhost@a.example/',
    'https://a.example/localhost',
    'https://[::2]/',
    'https://[::ffff:128.0.0.1]/',
    'com.example.app:/localhost',
    'com.example.app:localhost',
  ])('%s is not this machine', (text) => {
    const url = parseUrl(text)
    expect(url !== null && !isLoopback(url)).toBe(true)
  })
})

describe('parts of a URL', () => {
  it.each([
    ['url("HTTPS://a.example/").getScheme()', 'https'],
    ['url("https://a.example:443/").getPort()', ''],
    ['url("http://a.example:443/").getPort()', '443'],
    ['url("https://a.example/%2e%2E/b").getEscapedPath()', '/b'],
    ['url("https://a.example/a%2Fb").getEscapedPath()', '/a%2Fb'],
    ['url("https://a.example/cb").hasFragment()', false],
    ['url("https://a.example/cb?x#y").hasFragment()', true],
    ['url("https://a.example/cb%23").hasFragment()', false],
    ['url("https://a.example/").hasUserinfo()', false],
    ['url("https://@a.example/").hasUserinfo()', true],
    ['url("https://:@a.example/").hasUserinfo()', true],
    ['url("https://:secret@a.example/").hasUserinfo()', true],
    ['url("https://a.example/@b").hasUserinfo()', false],
    ['url("https://a.example?@b").hasUserinfo()', false],
    ['url("com.example.app:user@host").hasUserinfo()', false],
  ])('%s gives %j', (expression, result) => {
    expect(evaluate(expression)).toEqual(result)
  })
})
