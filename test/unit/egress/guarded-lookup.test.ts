import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import type { ResolveHost } from '../../../src/egress/egress-rules.ts'
import { guardedLookup } from '../../../src/egress/guarded-lookup.ts'
import { failureOf, get, startServer } from './egress-fixture.ts'

const addresses = (...list: string[]): LookupAddress[] =>
  list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const answering =
  (...list: string[]): ResolveHost =>
  () =>
    Promise.resolve(addresses(...list))

function lookUp(resolve: ResolveHost, all: boolean, allowPrivateAddresses = false): Promise<unknown> {
  const lookup = guardedLookup({ allowPrivateAddresses }, resolve)
  return new Promise((done) =>
    lookup('responder.example', { all }, (error, address, family) => done(error?.message ?? { address, family })),
  )
}

const FORBIDDEN = 'address-forbidden: the name of the host leads to no permitted address'

describe('a name that is looked up', () => {
  it('leads to permitted addresses alone, all others are dropped', async () => {
    const mixed = answering('10.0.0.1', '8.8.8.8', '::1', '2606:4700::1111', '169.254.169.254', '::ffff:127.0.0.1')
    expect(await lookUp(mixed, true)).toEqual({ address: addresses('8.8.8.8', '2606:4700::1111'), family: undefined })
    expect(await lookUp(mixed, false)).toEqual({ address: '8.8.8.8', family: 4 })
  })

  it.each([[[]], [['127.0.0.1']], [['::1', '10.0.0.1']], [['0.0.0.0']], [['fe80::1%eth0']], [['not an address']]])(
    'leads nowhere when there is none: %j',
    async (list) => {
      expect(await lookUp(answering(...list), true)).toBe(FORBIDDEN)
      expect(await lookUp(answering(...list), false)).toBe(FORBIDDEN)
    },
  )

  it('fails as the look-up fails', async () => {
    expect(await lookUp(() => Promise.reject(new Error('no such name')), true)).toBe('no such name')
  })
})

describe('a fetch by name', () => {
  const urlOf = (port: number): string => `http://responder.example:${String(port)}/`

  it('connects to the address that was checked: the name is asked once (DNS rebinding)', async () => {
    const server = await startServer('http', (_, response) => response.end('inside'))
    const answers = [['127.0.0.1'], ['169.254.169.254']]
    const asked: string[] = []
    const resolveHost: ResolveHost = (hostname) => {
      asked.push(hostname)
      return Promise.resolve(addresses(...(answers.shift() ?? [])))
    }
    expect((await get(urlOf(server.port), { resolveHost })).toString()).toBe('inside')
    expect(asked).toEqual(['responder.example'])
    expect(server.requests[0]?.message.headers.host).toBe(`responder.example:${String(server.port)}`)
  })

  it.each([
    ['loopback', ['127.0.0.1']],
    ['loopback in IPv6', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['unspecified', ['0.0.0.0']],
    ['several', ['127.0.0.1', '10.0.0.1']],
  ])('does not reach this machine through a name: %s', async (_, list) => {
    const server = await startServer('http', (_request, response) => response.end('inside'))
    const rules = { allowPrivateAddresses: false, resolveHost: answering(...list) }
    expect(await failureOf(get(urlOf(server.port), rules))).toEqual({
      problem: 'address-forbidden',
      detail: 'the name of the host leads to no permitted address',
    })
    expect(server.connections()).toBe(0)
  })

  it('goes to what is permitted among several answers', async () => {
    const server = await startServer('http', (_, response) => response.end('inside'))
    const resolveHost = answering('169.254.169.254', '127.0.0.1')
    expect((await get(urlOf(server.port), { resolveHost })).toString()).toBe('inside')
  })

  it.each(['http', 'https'] as const)(
    'does not reach localhost, which the system itself looks up (%s)',
    async (scheme) => {
      const server = await startServer(scheme, (_, response) => response.end('inside'))
      const url = `${scheme}://localhost:${String(server.port)}/`
      expect(await failureOf(get(url, { allowPrivateAddresses: false }))).toMatchObject({
        problem: 'address-forbidden',
      })
      expect(server.connections()).toBe(0)
      expect((await get(url)).toString()).toBe('inside')
    },
  )

  it('checks the certificate of the server against the name', async () => {
    const server = await startServer('https', (_, response) => response.end('inside'))
    const rules = { resolveHost: answering('127.0.0.1') }
    expect((await get(`https://responder.example:${String(server.port)}/`, rules)).toString()).toBe('inside')
    expect(await failureOf(get(`https://other.example:${String(server.port)}/`, rules))).toEqual({
      problem: 'unreachable',
      detail: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('ends in time though the name is never answered', async () => {
    const resolveHost: ResolveHost = () => new Promise(() => undefined)
    expect(await failureOf(get('http://responder.example/', { resolveHost, timeoutMs: 200 }))).toEqual({
      problem: 'timeout',
      detail: 'no complete answer in 200 ms',
    })
  })

  it('says when there is no such name', async () => {
    const failure = Object.assign(new Error('getaddrinfo ENOTFOUND secret.example'), { code: 'ENOTFOUND' })
    const resolveHost: ResolveHost = () => Promise.reject(failure)
    expect(await failureOf(get('http://responder.example/', { resolveHost }))).toEqual({
      problem: 'unreachable',
      detail: 'ENOTFOUND',
    })
  })
})
