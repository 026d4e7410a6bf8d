import { describe, expect, it } from 'vitest'
import type { VerifiedClient } from '../../../../src/model/client.ts'
import { MemoryRegistry } from '../../../../src/registry/memory-registry.ts'
import { RegistryUnavailable } from '../../../../src/registry/registry-unavailable.ts'
import { advancingClock } from '../advancing-clock.ts'
import { clientWith, inTurn, openRates, outcomeOf, perAddress, WINDOW_MS } from './rates-fixture.ts'

const ADDRESS = '192.0.2.1'
const none = (): readonly string[] => []
const AWAY = { increment: () => Promise.reject(new RegistryUnavailable('ECONNREFUSED')) }

describe('the limit of an address', () => {
  it('lets so many requests pass in a window, refuses those beyond it, and begins anew when it is over', async () => {
    const { rates, clock, events } = openRates(perAddress(2))
    const pass = (): Promise<void> => rates.limitAddress(ADDRESS)
    expect(await inTurn(4, pass)).toEqual(['passed', 'passed', 'rate-exceeded', 'rate-exceeded'])
    expect(events).toEqual(['address exceeded', 'address exceeded'])
    clock.advance(WINDOW_MS - 1)
    expect(await inTurn(1, pass)).toEqual(['rate-exceeded'])
    clock.advance(1)
    expect(await inTurn(3, pass)).toEqual(['passed', 'passed', 'rate-exceeded'])
  })

  it.each([
    [0, 60],
    [1, 60],
    [59_000, 1],
    [59_999, 1],
    [30_001, 30],
  ])('says after %i ms to come again in %i s, when the window is over and not before', async (afterMs, seconds) => {
    const { rates, clock } = openRates(perAddress(1))
    await rates.limitAddress(ADDRESS)
    clock.advance(afterMs)
    expect(await outcomeOf(rates.limitAddress(ADDRESS))).toEqual({
      reason: 'rate-exceeded',
      at: 'client address',
      message: 'the limit of requests per address is exceeded',
      wanted: 'at most 1 request in 60 seconds',
      retryAfterSeconds: seconds,
    })
    clock.advance(seconds * 1000)
    expect(await outcomeOf(rates.limitAddress(ADDRESS))).toBeNull()
  })

  it('is that of a whole IPv6 network of one customer', async () => {
    const { rates } = openRates(perAddress(1))
    await rates.limitAddress('2001:db8:1:2::1')
    expect(await inTurn(1, () => rates.limitAddress('2001:db8:1:2::2'))).toEqual(['rate-exceeded'])
    expect(await inTurn(1, () => rates.limitAddress('2001:db8:1:3::1'))).toEqual(['passed'])
  })

  it('counts windows shorter than a second, too', async () => {
    const { rates, clock } = openRates(perAddress(1, 250))
    const pass = (): Promise<void> => rates.limitAddress(ADDRESS)
    expect(await inTurn(2, pass)).toEqual(['passed', 'rate-exceeded'])
    clock.advance(250)
    expect(await inTurn(1, pass)).toEqual(['passed'])
  })
})

describe('the limits of a client', () => {
  const limit = (requests: number) => ({ requests, windowMs: WINDOW_MS })

  it('count by certificate', async () => {
    const { rates, events } = openRates({ perCertificate: limit(1) })
    await rates.limitClient(clientWith('one'), none)
    expect(await outcomeOf(rates.limitClient(clientWith('one'), none))).toMatchObject({
      ...{ reason: 'rate-exceeded', at: 'client certificate', retryAfterSeconds: 60 },
      message: 'the limit of requests per client certificate is exceeded',
    })
    expect(await outcomeOf(rates.limitClient(clientWith('other'), none))).toBeNull()
    expect(events).toEqual(['certificate exceeded'])
  })

  it('count by owner, whichever of its certificates comes', async () => {
    const { rates, events } = openRates({ perOwner: limit(2) })
    const pass = (thumbprint: string, owner: string) => rates.limitClient(clientWith(thumbprint), () => [owner])
    await pass('one', 'bank')
    await pass('renewed', 'bank')
    expect(await outcomeOf(pass('third', 'bank'))).toMatchObject({
      ...{ reason: 'rate-exceeded', at: 'client certificate', wanted: 'at most 2 requests in 60 seconds' },
      message: 'the limit of requests per owner of client certificates is exceeded',
    })
    expect(await outcomeOf(pass('one', 'other'))).toBeNull()
    expect(events).toEqual(['owner exceeded'])
  })

  it('keep owners of the same name apart who are vouched for by different trusted issuers', async () => {
    const { rates } = openRates({ perOwner: limit(1) })
    const pass = (trust: string) => rates.limitClient(clientWith('one', trust), () => ['bank'])
    await pass('brasil')
    expect(await outcomeOf(pass('britain'))).toBeNull()
    expect(await outcomeOf(pass('brasil'))).toMatchObject({ reason: 'rate-exceeded' })
  })

  it('count a request once for each owner that policies see in it, and hold each to the limit', async () => {
    const { rates } = openRates({ perOwner: limit(2) })
    await rates.limitClient(clientWith('one'), () => ['software', 'software', 'organisation'])
    await rates.limitClient(clientWith('one'), () => ['organisation'])
    expect(await outcomeOf(rates.limitClient(clientWith('one'), () => ['software']))).toBeNull()
    expect(await outcomeOf(rates.limitClient(clientWith('one'), () => ['software', 'organisation']))).toMatchObject({
      reason: 'rate-exceeded',
    })
  })

  it('use nothing up of the owner where the certificate is stopped already', async () => {
    const { rates } = openRates({ perCertificate: limit(1), perOwner: limit(2) })
    const pass = (thumbprint: string) => rates.limitClient(clientWith(thumbprint), () => ['bank'])
    expect(await inTurn(9, () => pass('astray'))).toEqual(['passed', ...Array<string>(8).fill('rate-exceeded')])
    expect(await outcomeOf(pass('another'))).toBeNull()
  })

  it('do not ask for owners where they are not limited', async () => {
    const { rates } = openRates({ perCertificate: limit(5) })
    await rates.limitClient(clientWith('one'), () => {
      throw new Error('asked')
    })
  })

  it('do not mistake an owner for a certificate, or parts of keys for each other', async () => {
    const { rates } = openRates({ perCertificate: limit(1), perOwner: limit(1) })
    await rates.limitClient(clientWith('one', 'a'), () => ['b","c'])
    expect(await outcomeOf(rates.limitClient(clientWith('two', 'a","b'), () => ['c']))).toBeNull()
    expect(await outcomeOf(rates.limitClient(clientWith('c', 'd'), () => ['one']))).toBeNull()
  })

  it('are counted for nobody who was not verified', async () => {
    const { rates } = openRates({ perCertificate: limit(1) })
    const forged = { certificate: { thumbprint: 'one' }, trust: 'bank' } as unknown as VerifiedClient
    await expect(rates.limitClient(forged, none)).rejects.toThrow(TypeError)
    expect(await outcomeOf(rates.limitClient(clientWith('one'), none))).toBeNull()
  })
})

describe('limits that are not set', () => {
  it('let everything pass without counting it', async () => {
    const { rates, events } = openRates({}, { registry: AWAY, whenUnavailable: 'refuse' })
    expect(await inTurn(3, () => rates.limitAddress(ADDRESS))).toEqual(['passed', 'passed', 'passed'])
    expect(await outcomeOf(rates.limitClient(clientWith('one'), () => ['bank']))).toBeNull()
    expect(events).toEqual([])
  })
})

describe('a store that several processes share', () => {
  const sharedWith = () => ({
    registry: new MemoryRegistry({ clock: advancingClock(), maxEntries: 9 }),
    whenUnavailable: 'refuse' as const,
  })

  it('keeps the limits apart, whatever their keys hold', async () => {
    const { rates } = openRates(
      { ...perAddress(1), perCertificate: { requests: 1, windowMs: WINDOW_MS } },
      sharedWith(),
    )
    await rates.limitAddress(ADDRESS)
    expect(await outcomeOf(rates.limitClient(clientWith(ADDRESS), none))).toBeNull()
  })

  it('begins anew where the window has another length: the old one could last for a day', async () => {
    const shared = sharedWith()
    await openRates(perAddress(1, 86_400_000), shared).rates.limitAddress(ADDRESS)
    const { rates } = openRates(perAddress(1), shared)
    expect(await outcomeOf(rates.limitAddress(ADDRESS))).toBeNull()
    expect(await outcomeOf(rates.limitAddress(ADDRESS))).toMatchObject({ retryAfterSeconds: 60 })
  })
})

describe('a store that cannot be asked', () => {
  const limits = { ...perAddress(1), perCertificate: { requests: 1, windowMs: WINDOW_MS } }

  it('has every request refused where that is demanded, and says of which limit', async () => {
    const { rates, events } = openRates(limits, { registry: AWAY, whenUnavailable: 'refuse' })
    expect(await outcomeOf(rates.limitAddress(ADDRESS))).toEqual({
      reason: 'state-unavailable',
      at: 'client address',
      message: 'whether the limit of requests per address is exceeded cannot be told at the moment',
      detail: 'ECONNREFUSED',
    })
    expect(await outcomeOf(rates.limitClient(clientWith('one'), none))).toMatchObject({
      ...{ reason: 'state-unavailable', at: 'client certificate' },
    })
    expect(events).toEqual(['address unavailable', 'certificate unavailable'])
  })

  it('is stood in for by this process where requests go on: it counts what it sees', async () => {
    const { rates, events } = openRates(limits, { registry: AWAY, whenUnavailable: 'allow' })
    expect(await inTurn(2, () => rates.limitAddress(ADDRESS))).toEqual(['passed', 'rate-exceeded'])
    expect(events).toEqual(['address unavailable', 'address unavailable', 'address exceeded'])
  })

  it('is not what a fault of ours is taken for', async () => {
    const broken = { increment: () => Promise.reject(new TypeError('of ours')) }
    const { rates } = openRates(limits, { registry: broken, whenUnavailable: 'refuse' })
    await expect(rates.limitAddress(ADDRESS)).rejects.toThrow('of ours')
  })
})
