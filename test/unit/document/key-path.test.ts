import { describe, expect, it } from 'vitest'
import { formatPath, valueAt } from '../../../src/document/key-path.ts'

describe('formatPath', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['endpoints', 0, 'policy'], 'endpoints[0].policy'],
    [[0, 1], '[0][1]'],
    [['headers', 'X-Org_Id'], 'headers.X-Org_Id'],
    [['roles', 'a b', 'c'], 'roles["a b"].c'],
    [['a', 'say "x"'], 'a["say \\"x\\""]'],
    [['x'.repeat(64)], 'x'.repeat(64)],
    [['x'.repeat(65)], `["${'x'.repeat(64)}"]`],
  ])('writes %j', (path, text) => {
    expect(formatPath(path)).toBe(text)
  })
})

describe('valueAt', () => {
  const data = { list: [{ a: 1 }], nothing: null, text: 'abc' }

  it('finds values below keys and indexes', () => {
    expect(valueAt(data, [])).toBe(data)
    expect(valueAt(data, ['list', 0, 'a'])).toBe(1)
    expect(valueAt(data, ['nothing'])).toBeNull()
  })

  it.each([[['list', 1, 'a']], [['nothing', 'a']], [['text', 0]], [['text', 'length']], [['constructor', 'name']]])(
    'finds nothing at %j, where the data has none of its own',
    (path) => {
      expect(valueAt(data, path)).toBeUndefined()
    },
  )
})
