import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { EgressEvent } from '../../../src/egress/egress-event.ts'
import { FetchFailure } from '../../../src/egress/fetch-failure.ts'
import { FetchedValues, type FetchedValuesOptions } from '../../../src/egress/fetched-values.ts'
import { DEFAULT_GATE_LIMITS, HostGate } from '../../../src/egress/host-gate.ts'
import { RULES, startServer } from './egress-fixture.ts'

const TIMES = { minFreshMs: 1_000, maxFreshMs: 60_000, defaultFreshMs: 10_000, staleMs: 100_000, coolDownMs: 5_000 }

interface Opened {
  readonly values: FetchedValues<string>
  readonly events: EgressEvent[]
  readonly pass: (ms: number) => void
}

/** Values whose time stands still unless told otherwise. */
function openValues(options: Partial<FetchedValuesOptions<string>> = {}): Opened {
  let nowMs = 0
  const events: EgressEvent[] = []
  const onEvent = (event: EgressEvent): number => events.push(event)
  const values = new FetchedValues<string>({
    ...{
      choice: 'any-host',
      purpose: 'lookup',
      accept: 'application/json',
      rules: RULES,
      times: TIMES,
      maxEntries: 10,
      onEvent,
    },
    clock: { now: () => new Date(nowMs), elapsedMs: () => nowMs },
    gate: new HostGate(DEFAULT_GATE_LIMITS, onEvent),
    parse: (document) => {
      if (document.toString() === 'nonsense') throw new Error('it is nonsense')
      return document.toString()
    },
    ...options,
  })
  return { values, events, pass: (ms) => (nowMs += ms) }
}

/** Answers one after the other, the last one for good. */
function answering(...answers: readonly ((response: ServerResponse) => unknown)[]) {
  const left = [...answers]
  return startServer('https', (_, response) => void (left.length > 1 ? left.shift() : left[0])?.(response))
}

const text = (body: string, cacheControl?: string) => (response: ServerResponse) =>
  response.writeHead(200, cacheControl === undefined ? {} : { 'cache-control': cacheControl }).end(body)
const broken = (response: ServerResponse) => response.writeHead(500).end()

async function problemOf(got: Promise<unknown>): Promise<string> {
  const outcome = await got.then(String, (error: unknown) => error)
  return outcome instanceof FetchFailure ? outcome.problem : String(outcome)
}

describe('a value', () => {
  it('is fetched once for all who want it at the same time', async () => {
    const server = await answering(text('one'))
    const { values } = openValues()
    expect(await Promise.all([1, 2, 3].map(() => values.get(server.url)))).toEqual(['one', 'one', 'one'])
    expect(server.requests).toHaveLength(1)
  })

  it('serves as long as its server says, and is fetched again then', async () => {
    const server = await answering(text('one', 'max-age=20'), text('two'))
    const { values, pass } = openValues()
    expect(await values.get(server.url)).toBe('one')
    pass(19_999)
    expect(await values.get(server.url)).toBe('one')
    pass(1)
    expect(await values.get(server.url)).toBe('two')
    expect(server.requests).toHaveLength(2)
  })

  it('that must not be kept serves for the least time all the same: nobody makes us ask for every request', async () => {
    const server = await answering(text('one', 'no-store'), text('two'))
    const { values, pass } = openValues()
    await values.get(server.url)
    pass(999)
    expect(await values.get(server.url)).toBe('one')
    pass(1)
    expect(await values.get(server.url)).toBe('two')
  })

  it.each([
    ['cannot be fetched', broken],
    ['is nonsense', text('nonsense')],
  ])('goes on serving for a while when a newer one %s', async (_, answer) => {
    const server = await answering(text('one'), answer)
    const { values, events, pass } = openValues()
    await values.get(server.url)
    pass(10_000)
    expect(await values.get(server.url)).toBe('one')
    expect(events.map(({ kind }) => kind)).toEqual(['fetched', 'fetch-failed', 'fetch-stale-used'])
    pass(100_000)
    expect(await problemOf(values.get(server.url))).not.toBe('one')
  })

  it('that is forgotten, as too many others came after it, is fetched again', async () => {
    const server = await answering(text('one'))
    const { values } = openValues({ maxEntries: 2 })
    for (const path of ['a', 'b', 'c', 'a', 'a']) await values.get(server.url + path)
    expect(server.requests.map(({ message }) => message.url)).toEqual(['/a', '/b', '/c', '/a'])
  })

  it('is the same one whatever stands behind the # of its address', async () => {
    const server = await answering(text('one'))
    const { values } = openValues()
    await values.get(`${server.url}#a`)
    await values.get(`${server.url}#b`)
    expect(server.requests).toHaveLength(1)
  })
})

describe('an address that fails', () => {
  it('is not asked again before it cooled down', async () => {
    const server = await answering(broken, text('one'))
    const { values, pass } = openValues()
    expect(await problemOf(values.get(server.url))).toBe('status')
    pass(4_999)
    expect(await problemOf(values.get(server.url))).toBe('status')
    expect(server.requests).toHaveLength(1)
    pass(1)
    expect(await values.get(server.url)).toBe('one')
  })

  it('says with what status', async () => {
    const server = await answering((response) => response.writeHead(404).end())
    const failure = await openValues()
      .values.get(server.url)
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ problem: 'status', status: 404 })
  })

  it('does not make others on its host fail', async () => {
    const server = await startServer('https', ({ url }, response) => (url === '/bad' ? broken : text('one'))(response))
    const { values } = openValues()
    expect(await problemOf(values.get(`${server.url}bad`))).toBe('status')
    expect(await values.get(`${server.url}good`)).toBe('one')
  })

  it('by redirecting is not followed, be it to its own host', async () => {
    const server = await startServer('https', ({ url }, response) =>
      url === '/' ? response.writeHead(302, { location: '/elsewhere' }).end() : text('elsewhere')(response),
    )
    expect(await problemOf(openValues().values.get(server.url))).toBe('status')
    expect(server.requests).toHaveLength(1)
  })

  it('is told with host, time and problem, and with nothing of its path or of what it answered', async () => {
    const server = await answering(text('nonsense'))
    const { values, events } = openValues()
    expect(await problemOf(values.get(`${server.url}secret?token=secret`))).toBe('malformed')
    const host = `127.0.0.1:${server.port}`
    const told = { purpose: 'lookup', host, ms: 0, problem: 'malformed', detail: 'it is nonsense' }
    expect(events).toEqual([{ kind: 'fetch-failed', ...told }])
  })
})

describe('an address that may not be asked', () => {
  it.each([
    ['scheme', 'http://127.0.0.1/'],
    ['scheme', 'javascript:alert(1)'],
    ['scheme', ''],
    ['scheme', 'https://user@127.0.0.1/'],
    ['host-not-allowed', 'https://other.example/'],
    ['address-forbidden', 'https://[::ffff:127.0.0.1]/'],
    ['address-forbidden', 'https://2130706433/'],
  ])('is refused (%s) before anything is looked up: %j', async (problem, address) => {
    const resolveHost = (): never => expect.unreachable('nothing may be looked up')
    const allowedHosts = ['127.0.0.1', '::ffff:7f00:1']
    const closed = { schemes: ['https'], allowPrivateAddresses: false, resolveHost } as const
    const { values, events } = openValues({ rules: { ...RULES, ...closed, allowedHosts } })
    expect(await problemOf(values.get(address))).toBe(problem)
    expect(events).toEqual([])
  })
})
