import { describe, expect, it } from 'vitest'
import { freezeDeep } from '../../../src/model/freeze-deep.ts'

describe('freezeDeep', () => {
  it('freezes objects and arrays to the bottom, those without a prototype included', () => {
    const bare = Object.assign(Object.create(null) as object, { inner: { a: 1 } })
    const value = freezeDeep({ list: [[{ a: 1 }]], bare, none: null })
    expect([value, value.list, value.list[0], value.list[0]?.[0], bare, bare.inner].map(Object.isFrozen)).toEqual(
      Array(6).fill(true),
    )
  })

  it('leaves alone what is no plain data, such as the bytes of a certificate, which cannot be frozen', () => {
    const value = { der: Buffer.from([1]), at: new Date(0) }
    expect(() => freezeDeep(value)).not.toThrow()
    expect([value.der, value.at].map(Object.isFrozen)).toEqual([false, false])
  })
})
