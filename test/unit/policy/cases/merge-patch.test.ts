import { describe, expect, it } from 'vitest'
import type { Json } from '../../../../src/model/json.ts'
import { mergeObjects, mergePatch } from '../../../../src/policy/cases/merge-patch.ts'

/** RFC 7396 appendix A. */
const EXAMPLES: readonly (readonly [target: Json, patch: Json, result: Json])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

describe('mergePatch', () => {
  it.each(EXAMPLES)('of %j with %j gives %j (RFC 7396 appendix A)', (target, patch, result) => {
    const before = JSON.stringify(target)
    expect(mergePatch(target, patch)).toEqual(result)
    expect(JSON.stringify(target)).toBe(before)
  })

  it('treats an absent target as an empty object', () => {
    expect(mergePatch(undefined, { a: 1 })).toEqual({ a: 1 })
    expect(mergeObjects(undefined, undefined)).toEqual({})
    expect(mergeObjects({ a: 1 }, undefined)).toEqual({ a: 1 })
    expect(mergeObjects({ a: 1 }, { a: null, b: 2 })).toEqual({ b: 2 })
  })
})
