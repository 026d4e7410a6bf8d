import { describe, expect, it } from 'vitest'
import { createTlsFinder, lengthOf, offsetBehind } from './find-payload.ts'

const record = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3, length >> 8, length & 255]), Buffer.alloc(length)])

/** A handshake, then two records of application data, the second longer than a byte can say. */
const STREAM = Buffer.concat([record(22, 300), record(23, 10), record(21, 2), record(23, 400)])

describe('payload in TLS', () => {
  it('is what records of application data hold', () => {
    const from = 305 + 5
    const to = from + 10
    expect(createTlsFinder()(STREAM)).toEqual([
      [from, to],
      [to + 7 + 5, to + 7 + 5 + 400],
    ])
  })

  it.each([1, 2, 3, 7, 64, 305])('is found in pieces of %i bytes as well', (size) => {
    const find = createTlsFinder()
    let payload = 0
    for (let at = 0; at < STREAM.length; at += size) payload += lengthOf(find(STREAM.subarray(at, at + size)))
    expect(payload).toBe(410)
  })

  it('ends behind so many bytes where the record does, or in the next one', () => {
    const ranges = createTlsFinder()(STREAM)
    expect([0, 10, 11, 410, 411].map((bytes) => offsetBehind(ranges, bytes))).toEqual([310, 320, 333, 732, null])
  })
})
