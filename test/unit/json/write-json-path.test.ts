import { describe, expect, it } from 'vitest'
import { writeJsonPath } from '../../../src/json/write-json-path.ts'

describe('the path of a value', () => {
  it.each([
    [[], ''],
    [['redirect_uris', 1], 'redirect_uris[1]'],
    [[0, 'kid'], '[0].kid'],
    [['jwks', 'keys', 0, 'x5t#S256'], 'jwks.keys[0]["x5t#S256"]'],
    [['a.b'], '["a.b"]'],
    [[''], '[""]'],
    [['client_name#pt-BR'], '["client_name#pt-BR"]'],
    [['a"]\r\nforged: "'], '["a\\"]\\r\\nforged: \\""]'],
    [['é\u202e💶'], '["\\u00e9\\u202e\\ud83d\\udcb6"]'],
    [['\x7f'], '["\\u007f"]'],
  ])('of %j is written %s', (path, written) => {
    expect(writeJsonPath(path)).toBe(written)
  })

  it('cuts long names', () => {
    expect(writeJsonPath(['x'.repeat(64)])).toBe('x'.repeat(64))
    expect(writeJsonPath(['x'.repeat(65)])).toBe(`["${'x'.repeat(64)}"...]`)
    expect(writeJsonPath([' '.repeat(64)])).toBe(`["${' '.repeat(64)}"]`)
  })

  it('is never longer than a line', () => {
    expect(writeJsonPath(Array.from({ length: 50 }, () => 'name'))).toBe(`${'name.'.repeat(40)}...`)
  })
})
