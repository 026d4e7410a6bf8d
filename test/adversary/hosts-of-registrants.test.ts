import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { EgressFailure } from '../../src/egress/egress-failure.ts'
import type { ResolveHost } from '../../src/egress/egress-rules.ts'
import { FetchFailure } from '../../src/egress/fetch-failure.ts'
import type { AddressChoice } from '../../src/egress/fetch-place.ts'
import { FetchedValues, type FetchedValuesOptions } from '../../src/egress/fetched-values.ts'
import { DEFAULT_GATE_LIMITS, HostGate } from '../../src/egress/host-gate.ts'
import { openServer } from '../../src/open-egress.ts'
import { authority, get, RULES, startServer } from '../unit/egress/egress-fixture.ts'

const { silences } = DEFAULT_GATE_LIMITS
const TIMES = { minFreshMs: 1_000, maxFreshMs: 60_000, defaultFreshMs: 10_000, staleMs: 100_000, coolDownMs: 5_000 }
const clock = { now: () => new Date(0), elapsedMs: () => 0 }
const onEvent = (): void => undefined
const openGate = (): HostGate => new HostGate(DEFAULT_GATE_LIMITS, onEvent)

function openValues(gate: HostGate, choice: AddressChoice, changes: Partial<FetchedValuesOptions<string>> = {}) {
  return new FetchedValues<string>({
    ...{ gate, choice, clock, onEvent, purpose: 'lookup', accept: '*/*', rules: RULES, times: TIMES, maxEntries: 100 },
    parse: (document) => document.toString(),
    ...changes,
  })
}

async function outcomeOf(got: Promise<unknown>): Promise<string> {
  const outcome = await got.then(String, (error: unknown) => error)
  return outcome instanceof FetchFailure ? outcome.problem : String(outcome)
}

/** A server that misbehaves on the paths that an attacker found, and answers on all others. */
function startVictim(misbehave: (message: IncomingMessage, response: ServerResponse) => unknown) {
  return startServer('https', (message, response) => {
    if (message.url?.includes('odd') === true) misbehave(message, response)
    else response.end('answer')
  })
}

const breakOff = ({ socket }: IncomingMessage): unknown => socket.destroy()
const sendLargeHeaders = (_: IncomingMessage, response: ServerResponse): unknown =>
  response.writeHead(200, { 'x-large': 'y'.repeat(20_000) }).end()
const saySomething = (_: IncomingMessage, response: ServerResponse): unknown =>
  response.on('error', () => undefined).flushHeaders()
const sayNothing = (): void => undefined
const notFound: ResolveHost = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))

describe('with paths at which somebody else’s host does not answer, a registrant', () => {
  it.each([
    ['breaks off', breakOff, 10_000],
    ['sends headers that are too large', sendLargeHeaders, 10_000],
    ['says nothing', sayNothing, 300],
    ['stalls', saySomething, 300],
  ])('cannot have it left alone, be it that it %s', async (_, misbehave, timeoutMs) => {
    const server = await startVictim(misbehave)
    const gate = openGate()
    const values = openValues(gate, 'any-host', { rules: { ...RULES, timeoutMs } })
    for (let count = 0; count <= silences; count += 1)
      expect(await outcomeOf(values.get(`${server.url}odd${count}`))).toMatch(/^(unreachable|timeout)$/)
    expect(server.requests).toHaveLength(silences + 1)
    expect(await outcomeOf(openValues(gate, 'any-host').get(`${server.url}good`))).toBe('answer')
  })

  it('cannot have it left alone where a private authority certifies it, which those he names do not trust', async () => {
    const server = await startVictim(breakOff)
    const gate = openGate()
    const free = openValues(gate, 'any-host', { rules: { ...RULES, ca: null } })
    for (let count = 0; count <= silences; count += 1)
      expect(await outcomeOf(free.get(server.url + String(count)))).toBe('unreachable')
    for (const choice of ['any-host', 'listed-host', 'pinned'] as const)
      expect(await outcomeOf(openValues(gate, choice).get(`${server.url}good`))).toBe('answer')
  })
})

describe('a host where nobody is met is silent', () => {
  const silenceOf = async (fetched: Promise<unknown>): Promise<boolean> => {
    const failure = await fetched.catch((error: unknown) => error)
    if (!(failure instanceof EgressFailure)) throw new Error('no failure of a fetch', { cause: failure })
    return failure.isSilence
  }

  it('when it has no name', async () => {
    expect(await silenceOf(get('https://nowhere.example/', { resolveHost: notFound }))).toBe(true)
  })

  it('when it takes no connection', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    expect(await silenceOf(get(`https://127.0.0.1:${port}/`))).toBe(true)
  })

  it('when it shows no certificate within the time', async () => {
    const sockets: Socket[] = []
    const mute = createServer((socket) => void sockets.push(socket.on('error', () => undefined)))
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as AddressInfo
    expect(await silenceOf(get(`https://127.0.0.1:${port}/`, { timeoutMs: 200 }))).toBe(true)
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => mute.close(resolve))
  })

  it('but not when its certificate is none of ours', async () => {
    const server = await startVictim(breakOff)
    expect(await silenceOf(get(server.url, { ca: null }))).toBe(false)
  })

  it('and is left alone after some such fetches', async () => {
    const values = openValues(openGate(), 'any-host', { rules: { ...RULES, resolveHost: notFound } })
    const outcomes: string[] = []
    for (let count = 0; count <= silences; count += 1)
      outcomes.push(await outcomeOf(values.get(`https://nowhere.example/${count}`)))
    expect(outcomes).toEqual([...Array.from({ length: silences }, () => 'unreachable'), 'host-rests'])
  })
})

describe('with slow hosts of his own a registrant', () => {
  const { together, perHost } = DEFAULT_GATE_LIMITS.places['any-host']
  const resolveHost: ResolveHost = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])

  /** As many fetches as there are places of this kind, all of which hang until they are let go. */
  async function crowd(gate: HostGate, hosts: number) {
    const held: ServerResponse[] = []
    const slow = await startServer('http', (_, response) => void held.push(response))
    const values = openValues(gate, 'any-host', { rules: { ...RULES, resolveHost, timeoutMs: 60_000 } })
    const addresses = Array.from(
      { length: together },
      (_, count) => `http://h${count % hosts}.example:${slow.port}/${count}`,
    )
    const outcomes = addresses.map((address) => outcomeOf(values.get(address)))
    await vi.waitUntil(() => slow.requests.length === Math.min(together, hosts * perHost), { timeout: 10_000 })
    return () => {
      for (const response of held) response.end()
      return Promise.all(outcomes)
    }
  }

  it('does not take the places of others who name their own', async () => {
    const good = await startVictim(breakOff)
    const gate = openGate()
    const letGo = await crowd(gate, 8)
    expect(await outcomeOf(openValues(gate, 'any-host').get(good.url))).toBe('answer')
    expect((await letGo()).filter((outcome) => outcome === 'busy')).toHaveLength(together - 8 * perHost)
  })

  it('takes none of those for what is pinned, be he the owner of any number of names', async () => {
    const good = await startVictim(breakOff)
    const gate = openGate()
    const letGo = await crowd(gate, together)
    expect(await outcomeOf(openValues(gate, 'any-host').get(good.url))).toBe('busy')
    for (const choice of ['listed-host', 'pinned'] as const)
      expect(await outcomeOf(openValues(gate, choice).get(good.url))).toBe('answer')
    await letGo()
  })

  it('does not keep the gateway from learning what the identity server offers', async () => {
    const identityServer = await startServer('https', (_, response) => response.end('{"issuer":"https://as.example"}'))
    const gate = openGate()
    const letGo = await crowd(gate, together)
    const settings = {
      metadataUrl: identityServer.url,
      unknownMetadata: 'refuse' as const,
      metadata: null,
      ca: authority.pem,
      clientCertificate: null,
    }
    const server = openServer({ ...settings, timeoutMs: 10_000, responseLimitBytes: 1_000 }, { gate, clock, onEvent })
    await vi.waitUntil(() => server.current() !== null, { timeout: 10_000 })
    server.close()
    await letGo()
  })
})
