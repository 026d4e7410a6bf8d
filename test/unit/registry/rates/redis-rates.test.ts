import { describe, expect, it, vi } from 'vitest'
import { administrator, connect, ENDLESS, PATIENCE, start } from '../redis-fixture.ts'
import { clientWith, inTurn, openRates, outcomeOf, perAddress, WINDOW_MS } from './rates-fixture.ts'

const ADDRESS = '192.0.2.1'
const limit = (requests: number) => ({ requests, windowMs: WINDOW_MS })

/** As in another process: nothing in common with others but Redis. */
async function openOne(url: string, limits: Parameters<typeof openRates>[0], whenUnavailable: 'refuse' | 'allow') {
  const registry = await connect(url)
  return { ...openRates(limits, { registry, whenUnavailable }), registry }
}

describe('two gateways on one Redis', () => {
  it('count together: of requests through both, as many pass as may pass through one', async () => {
    const { url } = await start()
    const [one, other] = [await openOne(url, perAddress(7), 'refuse'), await openOne(url, perAddress(7), 'refuse')]
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => outcomeOf((index % 2 === 0 ? one : other).rates.limitAddress(ADDRESS))),
    )
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(7)
    for (const outcome of outcomes) if (outcome !== null) expect(outcome.reason).toBe('rate-exceeded')
    expect(await inTurn(1, () => one.rates.limitAddress('192.0.2.2'))).toEqual(['passed'])
  })

  it('say to come again when the window in Redis is over', async () => {
    const server = await start()
    const one = await openOne(server.url, perAddress(1), 'refuse')
    const other = await openOne(server.url, perAddress(1), 'refuse')
    await one.rates.limitAddress(ADDRESS)
    const redis = administrator(server)
    const [key = ''] = await redis.keys('*')
    // Longer than any pause of the machine, and shorter than a window.
    await redis.pexpire(key, 30_000)
    const { retryAfterSeconds = 0 } = (await outcomeOf(other.rates.limitAddress(ADDRESS))) ?? {}
    expect(retryAfterSeconds).toBeGreaterThan(0)
    expect(retryAfterSeconds).toBeLessThanOrEqual(30)
    await redis.pexpire(key, 1)
    await vi.waitFor(async () => expect(await redis.keys('*')).toEqual([]), PATIENCE)
    expect(await outcomeOf(other.rates.limitAddress(ADDRESS))).toBeNull()
  })

  it('leave nothing readable there, nothing for ever, and every count on one node of a Cluster', async () => {
    const server = await start()
    const limits = { ...perAddress(9), perCertificate: limit(9), perOwner: limit(9) }
    const { rates } = await openOne(server.url, limits, 'refuse')
    await rates.limitAddress(ADDRESS)
    await rates.limitClient(clientWith('thumbprint'), () => ['Banco do Exemplo'])
    const redis = administrator(server)
    const keys = await redis.keys('*')
    expect(keys).toHaveLength(3)
    for (const key of keys) {
      expect(key).toMatch(/^gateway:\{[0-9a-f]{64}\}:count$/)
      expect(await redis.get(key)).toBe('1')
      const lifetimeMs = await redis.pttl(key)
      expect(lifetimeMs).toBeGreaterThan(0)
      expect(lifetimeMs).toBeLessThanOrEqual(WINDOW_MS)
    }
  })
})

describe('a Redis that says nothing', () => {
  it.each([
    ['refuse', 'state-unavailable'],
    ['allow', 'passed'],
  ] as const)('keeps no request waiting: %s', async (whenUnavailable, outcome) => {
    const server = await start()
    const registry = await connect(server.url, { commandTimeoutMs: 200 })
    const { rates } = openRates(perAddress(9), { registry, whenUnavailable })
    await administrator(server).client('PAUSE', ENDLESS)
    expect(await inTurn(2, () => rates.limitAddress(ADDRESS))).toEqual([outcome, outcome])
  })
})

describe('a Redis that is killed', () => {
  it('has requests refused where that is demanded, until it is back', async () => {
    const server = await start()
    const { rates, events } = await openOne(server.url, perAddress(2), 'refuse')
    const pass = (): Promise<void> => rates.limitAddress(ADDRESS)
    expect(await inTurn(1, pass)).toEqual(['passed'])
    await server.kill()
    expect(await inTurn(3, pass)).toEqual(Array(3).fill('state-unavailable'))
    expect(events).toEqual(Array(3).fill('address unavailable'))
    await start({ port: server.port })
    await vi.waitFor(pass, PATIENCE)
  })

  it('has each process count alone where requests go on, and both together again when it is back', async () => {
    const server = await start()
    const one = await openOne(server.url, perAddress(2), 'allow')
    const other = await openOne(server.url, perAddress(2), 'allow')
    await one.rates.limitAddress(ADDRESS)
    await other.rates.limitAddress(ADDRESS)
    expect(await inTurn(1, () => one.rates.limitAddress(ADDRESS))).toEqual(['rate-exceeded'])
    await server.kill()
    const alone = ['passed', 'passed', 'rate-exceeded']
    expect(await inTurn(3, () => one.rates.limitAddress(ADDRESS))).toEqual(alone)
    expect(await inTurn(3, () => other.rates.limitAddress(ADDRESS))).toEqual(alone)
    await start({ port: server.port })
    for (const { registry } of [one, other]) await vi.waitFor(() => registry.ping(), PATIENCE)
    await one.rates.limitAddress(ADDRESS)
    await other.rates.limitAddress(ADDRESS)
    expect(await inTurn(1, () => one.rates.limitAddress(ADDRESS))).toEqual(['rate-exceeded'])
  })
})
