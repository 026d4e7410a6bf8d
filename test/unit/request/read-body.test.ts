import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { refuse } from '../../../src/model/refusal.ts'
import { readBody } from '../../../src/request/read-body.ts'
import { refusalOf } from './refusal-of.ts'

const LIMITS = { limitBytes: 6, timeoutMs: 10_000, announcedBytes: null }

interface Source {
  readonly body: AsyncIterable<Buffer>
  readonly read: () => number
  readonly closed: Promise<void>
}

/** Chunks one after the other, and afterwards whatever `end` does. */
function sourceOf(chunks: readonly string[], end: () => Promise<void> = () => Promise.resolve()): Source {
  let read = 0
  let close: () => void
  const closed = new Promise<void>((resolve) => (close = resolve))
  async function* flow(): AsyncGenerator<Buffer> {
    try {
      for (const chunk of chunks) {
        read++
        yield Buffer.from(chunk)
      }
      await end()
    } finally {
      close()
    }
  }
  return { body: flow(), read: () => read, closed }
}

describe('a body', () => {
  it('is put together from its chunks', async () => {
    expect(await readBody(sourceOf(['ab', '', 'cdef']).body, LIMITS)).toEqual(Buffer.from('abcdef'))
    expect(await readBody(sourceOf([]).body, LIMITS)).toEqual(Buffer.alloc(0))
    expect(await readBody(sourceOf(['abc']).body, { ...LIMITS, announcedBytes: 3 })).toEqual(Buffer.from('abc'))
  })

  it('is refused as soon as it is too large, the rest unread', async () => {
    const source = sourceOf(['abc', 'defg', 'hij'])
    expect(await refusalOf(() => readBody(source.body, LIMITS))).toMatchObject({
      reason: 'body-too-large',
      at: 'body',
      wanted: 'at most 6 bytes',
    })
    expect(source.read()).toBe(2)
    await source.closed
  })

  it('is refused unread when it is announced as too large', async () => {
    const source = sourceOf(['abc'])
    expect(await refusalOf(() => readBody(source.body, { ...LIMITS, announcedBytes: 7 }))).toMatchObject({
      reason: 'body-too-large',
    })
    expect(source.read()).toBe(0)
  })

  it('is refused when it takes too long as a whole, however steadily it trickles', async () => {
    const trickle = async function* (): AsyncGenerator<Buffer> {
      for (;;) {
        await sleep(5)
        yield Buffer.from('')
      }
    }
    const limits = { ...LIMITS, timeoutMs: 50 }
    expect(await refusalOf(() => readBody(trickle(), limits))).toMatchObject({
      reason: 'body-too-slow',
      at: 'body',
      wanted: 'within 50 ms',
    })
    const stalled = sourceOf(['a'], () => sleep(60_000, undefined, { ref: false }))
    expect(await refusalOf(() => readBody(stalled.body, limits))).toMatchObject({ reason: 'body-too-slow' })
  })

  it.each([2, 4])(
    'is refused when it has other than the %i bytes announced (RFC 9112 section 6.3)',
    async (announcedBytes) => {
      expect(await refusalOf(() => readBody(sourceOf(['abc']).body, { ...LIMITS, announcedBytes }))).toMatchObject({
        reason: 'body-incomplete',
      })
    },
  )

  it('is refused when the connection breaks in the middle', async () => {
    const broken = sourceOf(['abc'], () => Promise.reject(new Error('aborted')))
    expect(await refusalOf(() => readBody(broken.body, LIMITS))).toMatchObject({
      reason: 'body-incomplete',
      at: 'body',
    })
  })

  it('is refused for whatever the connection refuses it for', async () => {
    const refusal = refuse({ reason: 'request-malformed', at: 'request', message: 'chunks' })
    const malformed = sourceOf(['abc'], () => Promise.reject(refusal))
    await expect(readBody(malformed.body, LIMITS)).rejects.toBe(refusal)
  })
})
