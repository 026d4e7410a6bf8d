import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FetchFailure } from '../../../src/egress/fetch-failure.ts'
import type { FetchedValues } from '../../../src/egress/fetched-values.ts'
import {
  fixedServerMetadata,
  openServerMetadata,
  readServerMetadata,
  type ServerMetadata,
} from '../../../src/forward/server-metadata.ts'
import type { JsonObject } from '../../../src/model/json.ts'

const URL = 'https://as.example/.well-known/openid-configuration'
const opened: ServerMetadata[] = []

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  opened.splice(0).forEach(({ close }) => close())
  vi.useRealTimers()
})

/** Gives one answer after the other; null fails. */
function open(...answers: readonly (JsonObject | null)[]) {
  const left = [...answers]
  const get = vi.fn((url: string) => {
    expect(url).toBe(URL)
    const answer = left.shift() ?? null
    return answer === null ? Promise.reject(new FetchFailure('timeout', 'of the test')) : Promise.resolve(answer)
  })
  const metadata = openServerMetadata(URL, { get } as unknown as FetchedValues<JsonObject>, true)
  opened.push(metadata)
  return { metadata, get }
}

describe('metadata of the identity server', () => {
  it('are fetched at once, and are unknown until they came', async () => {
    const { metadata, get } = open({ issuer: 'a' })
    expect(metadata.current()).toBeNull()
    expect(get).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(0)
    expect(metadata.current()).toEqual({ issuer: 'a' })
  })

  it('are looked at again and again, without anybody waiting', async () => {
    const { metadata } = open({ issuer: 'a' }, { issuer: 'b' })
    await vi.advanceTimersByTimeAsync(14_999)
    expect(metadata.current()).toEqual({ issuer: 'a' })
    await vi.advanceTimersByTimeAsync(1)
    expect(metadata.current()).toEqual({ issuer: 'b' })
  })

  it('come once the server answers, though it did not at first', async () => {
    const { metadata } = open(null, { issuer: 'a' })
    await vi.advanceTimersByTimeAsync(15_000)
    expect(metadata.current()).toEqual({ issuer: 'a' })
  })

  it('go on to count while no newer ones can be had: rules must not fall silent because the server does', async () => {
    const { metadata } = open({ issuer: 'a' })
    await vi.advanceTimersByTimeAsync(7 * 24 * 3_600_000)
    expect(metadata.current()).toEqual({ issuer: 'a' })
  })

  it('are not asked for once closed', async () => {
    const { metadata, get } = open({ issuer: 'a' })
    metadata.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(get).toHaveBeenCalledOnce()
  })

  it('of a file stay as they are', () => {
    expect(fixedServerMetadata({ issuer: 'a' }).current()).toEqual({ issuer: 'a' })
    expect(fixedServerMetadata(null).current()).toBeNull()
    expect([fixedServerMetadata(null).isDemanded, open().metadata.isDemanded]).toEqual([false, true])
  })

  it('that cannot be read are told without a word of them', () => {
    expect(() => readServerMetadata(Buffer.from('{"scopes_supported":"secret"}'))).toThrow(
      new TypeError('wanted scopes_supported as an array of at most 500 strings, found string'),
    )
  })
})
