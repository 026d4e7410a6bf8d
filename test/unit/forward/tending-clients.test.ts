import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAdministration } from '../../../src/forward/administration.ts'
import { createRecordReading, createUpkeep, type UpkeepOptions } from '../../../src/forward/client-upkeep.ts'
import type { Removal } from '../../../src/model/client-upkeep.ts'
import { Upstream } from '../../../src/forward/upstream.ts'
import { Secret } from '../../../src/model/secret.ts'

const cleanups: (() => unknown)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

interface Told {
  readonly status: number
  readonly body?: unknown
}

/** An identity server that answers all alike; null for one that breaks off. */
async function tend(told: Told | null, given: Partial<UpkeepOptions> = {}) {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? 'nobody'}`)
    if (told === null) request.socket.destroy()
    else response.writeHead(told.status).end(told.body === undefined ? '' : JSON.stringify(told.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const limits = { timeoutMs: 2000, maxSockets: 4, responseLimitBytes: 10_000 }
  const upstream = new Upstream({ origin, ca: null, clientCertificate: null, onEvent: () => undefined, ...limits })
  cleanups.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => upstream.close(),
  )
  const options: UpkeepOptions = {
    ...{ upstream, registrationUrl: new URL('/op/reg', origin), jsonLimits: { depth: 8, values: 100 } },
    ...{ administration: null, management: 'forward', rotatesOnRead: false, ...given },
  }
  const administration = createAdministration({
    ...{ upstream, jsonLimits: options.jsonLimits, token: new Secret('admin'), markMember: 'mark' },
    ...{ searchUrl: `${origin}/clients?mark={mark}`, removeUrl: `${origin}/clients/{client_id}` },
    lookUpUrl: `${origin}/one?client={client_id}`,
  })
  return { asked, upkeep: createUpkeep(options), readRecord: createRecordReading(options), administration }
}

const TOKEN = new Secret('t')

describe('a client that the gateway made', () => {
  it.each<[Told | null, Removal]>([
    [{ status: 204 }, 'gone'],
    [{ status: 200 }, 'gone'],
    [{ status: 401 }, 'denied'],
    [{ status: 404 }, 'gone'],
    [{ status: 410 }, 'gone'],
    [{ status: 403 }, 'failed'],
    [{ status: 405 }, 'failed'],
    [{ status: 500 }, 'failed'],
    [null, 'failed'],
  ])('is removed by its own token, and gone or not after %o: %s', async (told, removal) => {
    const { upkeep, asked } = await tend(told)
    expect(await upkeep.remove('/abc?x=1', TOKEN)).toBe(removal)
    expect(asked).toEqual(['DELETE /op/reg/abc?x=1 Bearer t'])
  })

  it.each<[Told | null, boolean | null]>([
    [{ status: 200, body: {} }, true],
    [{ status: 401 }, false],
    [{ status: 404 }, false],
    [{ status: 410 }, false],
    [{ status: 403 }, null],
    [{ status: 503 }, null],
    [null, null],
  ])('is there, or not, or nobody knows after %o: %s', async (told, isLive) => {
    const { upkeep, asked } = await tend(told)
    expect(await upkeep.isLive('/abc', TOKEN)).toBe(isLive)
    expect(asked).toEqual(['GET /op/reg/abc Bearer t'])
  })

  it('is not read to see whether it is there where that would change its token', async () => {
    const { upkeep, asked } = await tend({ status: 401 }, { rotatesOnRead: true })
    expect(await upkeep.isLive('/abc', TOKEN)).toBe(true)
    expect(asked).toEqual([])
  })

  it.each(['record', 'none'] as const)('is asked for in no place where management is %s', async (management) => {
    const body = { client_id: 'a', registration_access_token: 't', registration_client_uri: 'https://idp/op/reg/a' }
    expect((await tend({ status: 200 })).upkeep.locate(body)).toBe('/a')
    expect((await tend({ status: 200 }, { management })).upkeep.locate(body)).toBeNull()
  })
})

describe('the record of a client that was there before', () => {
  const location = { suffix: '/abc', query: '', clientId: 'abc' }

  it('is what the identity server answers to its token', async () => {
    const { readRecord, asked } = await tend({ status: 200, body: { client_id: 'abc' } })
    expect(await readRecord(location, TOKEN)).toEqual({ client_id: 'abc' })
    expect(asked).toEqual(['GET /op/reg/abc Bearer t'])
  })

  it.each([401, 403, 404])('is none after %d', async (status) => {
    expect(await (await tend({ status })).readRecord(location, TOKEN)).toBeNull()
  })

  it.each([[null], [{ status: 500 }], [{ status: 200, body: [] }], [{ status: 200 }]])(
    'is unknown, and the request refused, after %o',
    async (told) => {
      await expect((await tend(told)).readRecord(location, TOKEN)).rejects.toThrow('upstream-failed')
    },
  )
})

describe("the operator's own way to clients", () => {
  it('lists those with a mark, and removes one', async () => {
    const { administration, asked } = await tend({ status: 200, body: [{ client_id: 'a', mark: 'm 1' }] })
    expect(await administration.search('m 1')).toEqual(['a'])
    expect(await administration.remove('a/b')).toBe(true)
    expect(asked).toEqual(['GET /clients?mark=m%201 Bearer admin', 'DELETE /clients/a%2Fb Bearer admin'])
  })

  it.each<[string, Told | null]>([
    ['shows another mark, as one that lists whatever it has', { status: 200, body: [{ client_id: 'a', mark: 'x' }] }],
    ['shows no mark', { status: 200, body: [{ client_id: 'a' }] }],
    ['has no id', { status: 200, body: [{ mark: 'm' }] }],
    ['is one of too many', { status: 200, body: Array.from({ length: 21 }, () => ({ client_id: 'a', mark: 'm' })) }],
    ['is no list', { status: 200, body: { client_id: 'a', mark: 'm' } }],
    ['is an error', { status: 404, body: [] }],
    ['never comes', null],
  ])('believes nothing that %s', async (_, told) => {
    expect(await (await tend(told)).administration.search('m')).toBeNull()
  })

  it.each(['.', '..', '\ud800'])('asks for no client called %j, which would lead elsewhere', async (clientId) => {
    const { administration, asked } = await tend({ status: 204 })
    expect(await administration.remove(clientId)).toBe(false)
    expect(await administration.isThere?.(clientId)).toBeNull()
    expect(asked).toEqual([])
  })

  it.each<[Told | null, boolean | null]>([
    [{ status: 200, body: {} }, true],
    [{ status: 404 }, false],
    [{ status: 410 }, false],
    [{ status: 401 }, null],
    [{ status: 204 }, null],
    [{ status: 503 }, null],
    [null, null],
  ])('looks one up, which is there, or not, or nobody knows after %o: %s', async (told, isThere) => {
    const { administration, asked } = await tend(told)
    expect(await administration.isThere?.('a b')).toBe(isThere)
    expect(asked).toEqual(['GET /one?client=a%20b Bearer admin'])
  })

  it('takes 404 and 410 for gone, and anything else for unknown', async () => {
    for (const status of [404, 410]) expect(await (await tend({ status })).administration.remove('a')).toBe(true)
    for (const told of [{ status: 401 }, { status: 500 }, null])
      expect(await (await tend(told)).administration.remove('a')).toBe(false)
  })
})
