import type { ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { mintAuthority } from '../../support/mint-certificates.ts'
import { failureOf, get, startServer } from './egress-fixture.ts'

const stranger = await mintAuthority({ subject: [['CN', 'Egress CA']] })
const CLOSED = { allowPrivateAddresses: false }

describe('ports', () => {
  it('that somebody else chose are the usual ones or none', async () => {
    const server = await startServer('http', (_, response) => response.end('reached'))
    const failure = await failureOf(get(server.url, { allowedPorts: [80, 443] }))
    expect(failure.problem).toBe('address-forbidden')
    expect(server.requests).toEqual([])
    expect((await get(server.url, { allowedPorts: null })).toString()).toBe('reached')
  })
})

describe.each(['http', 'https'] as const)('a fetch over %s', (scheme) => {
  it('gives the bytes of the answer', async () => {
    const bytes = Buffer.from([0, 255, 128, 10])
    const server = await startServer(scheme, (_, response) => response.end(bytes))
    expect(await get(`${server.url}path?query=1`, {}, { accept: 'application/pkix-crl' })).toEqual(bytes)
    const [{ message } = { message: null }] = server.requests
    expect([message?.method, message?.url, message?.headers.accept]).toEqual([
      'GET',
      '/path?query=1',
      'application/pkix-crl',
    ])
  })

  it('posts a body with its type', async () => {
    const server = await startServer(scheme, (_, response) => response.end('ok'))
    const body = Buffer.from([1, 2, 3])
    const request = { method: 'POST', body, contentType: 'application/ocsp-request' } as const
    expect((await get(server.url, {}, request)).toString()).toBe('ok')
    expect(server.requests[0]?.body).toEqual(body)
    expect(server.requests[0]?.message.headers).toMatchObject({
      'content-type': 'application/ocsp-request',
      'content-length': '3',
    })
  })

  it('takes an answer of exactly the limit and none that is longer', async () => {
    const server = await startServer(scheme, ({ url = '/' }, response) =>
      response.end(Buffer.alloc(Number(url.slice(1)))),
    )
    expect(await get(`${server.url}1000`)).toHaveLength(1000)
    expect(await failureOf(get(`${server.url}1001`))).toEqual({ problem: 'too-large', detail: 'more than 1000 bytes' })
  })

  it('stops reading an answer without end, and lets the connection go', async () => {
    const server = await startServer(scheme, (_, response) => fill(response.on('drain', () => fill(response))))
    expect(await failureOf(get(server.url))).toMatchObject({ problem: 'too-large' })
    await vi.waitUntil(() => server.open() === 0)
  })

  it.each([201, 204, 206, 301, 302, 307, 308, 400, 404, 500, 503])('fails with status %i', async (status) => {
    const elsewhere = await startServer(scheme, (_, response) => response.end('elsewhere'))
    const server = await startServer(scheme, (_, response) =>
      response.writeHead(status, { location: elsewhere.url }).end(status === 204 ? undefined : 'secret'),
    )
    expect(await failureOf(get(server.url))).toEqual({ problem: 'status', detail: String(status) })
    expect(elsewhere.connections()).toBe(0)
  })

  it.each(['silent', 'stalled', 'dripping'])('ends in time when the server is %s', async (kind) => {
    const timers: NodeJS.Timeout[] = []
    const server = await startServer(scheme, (_, response) => {
      if (kind !== 'silent') response.writeHead(200).write('x')
      if (kind === 'dripping') timers.push(setInterval(() => response.write('x'), 20))
    })
    expect(await failureOf(get(server.url, { timeoutMs: 300 }))).toEqual({
      problem: 'timeout',
      detail: 'no complete answer in 300 ms',
    })
    timers.forEach(clearInterval)
    await vi.waitUntil(() => server.open() === 0)
  })

  it('fails when the connection breaks, before and within the answer', async () => {
    const server = await startServer(scheme, ({ url, socket }, response) => {
      if (url === '/within') response.writeHead(200, { 'content-length': 100 }).write('x')
      setTimeout(() => socket.destroy(), 20)
    })
    for (const path of ['before', 'within'])
      expect(await failureOf(get(server.url + path))).toMatchObject({ problem: 'unreachable' })
  })

  it('does not decompress: a small answer stays small', async () => {
    const bomb = gzipSync(Buffer.alloc(900_000))
    const server = await startServer(scheme, (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    expect(await get(server.url)).toEqual(bomb)
  })

  it('makes a connection of its own and leaves none behind', async () => {
    const server = await startServer(scheme, (_, response) => response.end('ok'))
    await get(server.url)
    await get(server.url)
    expect(server.connections()).toBe(2)
    await vi.waitUntil(() => server.open() === 0)
  })

  it('fails where nobody listens', async () => {
    const port = await freePort()
    expect(await failureOf(get(`${scheme}://127.0.0.1:${String(port)}/`))).toEqual({
      problem: 'unreachable',
      detail: 'ECONNREFUSED',
    })
  })
})

describe('the certificate of a server', () => {
  it.each([
    ['of another authority of the same name', stranger.pem, /SELF_SIGNED_CERT|UNABLE_TO|CERT_SIGNATURE_FAILURE/],
    ['of no public authority', null, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
  ])('is refused when it is %s', async (_, ca, detail) => {
    const server = await startServer('https', (_request, response) => response.end('ok'))
    const failure = await failureOf(get(server.url, { ca }))
    expect(failure.problem).toBe('unreachable')
    expect(failure.detail).toMatch(detail)
    expect(server.requests).toEqual([])
  })

  it('is checked even when the environment says not to', async () => {
    const server = await startServer('https', (_, response) => response.end('ok'))
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    expect(await failureOf(get(server.url, { ca: null }))).toMatchObject({ problem: 'unreachable' })
    vi.unstubAllEnvs()
  })
})

describe('a URL', () => {
  const SPELLINGS = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    '127。0。0。1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[::1]',
    '[::]',
    '0.0.0.0',
    '0',
    '10.1.2.3',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00::1]',
  ]
  it.each(SPELLINGS)('does not reach inside by an address: %s', async (host) => {
    const server = await startServer('http', (_, response) => response.end('inside'))
    const url = `http://${host}:${String(server.port)}/`
    expect(await failureOf(get(url, { ...CLOSED, timeoutMs: 1000 }))).toEqual({
      problem: 'address-forbidden',
      detail: 'the address in the URL is not permitted',
    })
    expect(server.connections()).toBe(0)
  })

  it('reaches inside by an address when that is said', async () => {
    const server = await startServer('http', (_, response) => response.end('inside'))
    for (const host of ['127.1', '2130706433', '[::ffff:127.0.0.1]'])
      expect((await get(`http://${host}:${String(server.port)}/`)).toString()).toBe('inside')
  })

  it('does not reach the credentials of a cloud even when private addresses are open', async () => {
    for (const host of ['169.254.169.254', '[::ffff:169.254.169.254]', '[64:ff9b::a9fe:a9fe]', '[fe80::1]'])
      expect(await failureOf(get(`http://${host}/`))).toMatchObject({ problem: 'address-forbidden' })
  })

  const REFUSED: readonly (readonly [url: string, problem: string, detail: string])[] = [
    ['ftp://127.0.0.1/', 'scheme', 'only http and https is allowed'],
    ['file:///etc/passwd', 'scheme', 'only http and https is allowed'],
    ['ldap://127.0.0.1/cn=ca', 'scheme', 'only http and https is allowed'],
    ['data:text/plain,x', 'scheme', 'only http and https is allowed'],
    ['//127.0.0.1/', 'scheme', 'not an absolute URL'],
    ['', 'scheme', 'not an absolute URL'],
    ['http://', 'scheme', 'not an absolute URL'],
    ['http://[fe80::1%25eth0]/', 'scheme', 'not an absolute URL'],
    ['http://127.0.0.1%00.example/', 'scheme', 'not an absolute URL'],
    ['http://user@127.0.0.1/', 'scheme', 'credentials in the URL'],
    ['http://:secret@127.0.0.1/', 'scheme', 'credentials in the URL'],
  ]
  it.each(REFUSED)('%j is refused', async (url, problem, detail) => {
    expect(await failureOf(get(url))).toEqual({ problem, detail })
  })

  it('over http is refused where https alone is allowed', async () => {
    const server = await startServer('http', (_, response) => response.end('ok'))
    expect(await failureOf(get(server.url, { schemes: ['https'] }))).toEqual({
      problem: 'scheme',
      detail: 'only https is allowed',
    })
    expect(server.connections()).toBe(0)
  })

  it('leads to the hosts of the list alone, however they are written', async () => {
    const server = await startServer('http', (_, response) => response.end('ok'))
    const allowedHosts = ['LOCALHOST', '127.0.0.1']
    for (const host of ['localhost', 'LocalHost', '127.0.0.1', '0x7f.1'])
      expect((await get(`http://${host}:${String(server.port)}/`, { allowedHosts })).toString()).toBe('ok')
    expect(await failureOf(get(`http://127.0.0.2:${String(server.port)}/`, { allowedHosts }))).toEqual({
      problem: 'host-not-allowed',
      detail: 'the host is not one of those allowed',
    })
  })

  it('of a host of the list has to lead outside all the same', async () => {
    const rules = { ...CLOSED, allowedHosts: ['localhost'] }
    expect(await failureOf(get('http://localhost/', rules))).toMatchObject({ problem: 'address-forbidden' })
  })
})

function fill(response: ServerResponse): void {
  while (response.write(Buffer.alloc(16_384)));
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
