import { describe, expect, it } from 'vitest'
import { evaluate, problemsOf } from './expression-fixture.ts'

/** What a request brings is read when the rule runs; a literal is read by the same reader before. */
const runs = (call: string, text: string): boolean => {
  try {
    evaluate(`${call}(metadata.client_name) == ${call}(metadata.client_name)`, { metadata: { client_name: text } })
    return true
  } catch {
    return false
  }
}

describe('a literal duration or time', () => {
  it.each([
    ['duration', '0', true],
    ['duration', '1.5µs', true],
    ['duration', '+1h.5m', true],
    ['duration', '2562047h', true],
    ['duration', '2562048h', false],
    ['duration', '9999999h', false],
    ['duration', '1h 30m', false],
    ['timestamp', '2099-01-01t00:00:00z', true],
    ['timestamp', '2099-12-31T23:59:59.123456789Z', true],
    ['timestamp', '2099-12-31T23:59:59.1234567891Z', false],
    ['timestamp', '0001-01-01T00:00:00Z', true],
    ['timestamp', '0000-01-01T00:00:00Z', false],
    ['timestamp', '2027-02-29T00:00:00Z', false],
    ['timestamp', '2027-01-01T00:00Z', false],
    ['timestamp', '2027-01-01T00:00:00+24:00', false],
  ])('loads if it can be read when the rule runs, and only then: %s("%s")', (call, text, isGood) => {
    expect(runs(call, text)).toBe(isGood)
    expect(problemsOf(`${call}(${JSON.stringify(text)}) == ${call}(${JSON.stringify(text)})`)).toHaveLength(
      isGood ? 0 : 2,
    )
  })
})
