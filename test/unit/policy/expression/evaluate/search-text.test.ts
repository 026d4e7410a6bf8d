import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findLastPart, findPart, splitText } from '../../../../../src/policy/expression/evaluate/search-text.ts'
import { evaluate } from '../expression-fixture.ts'

/** Of few characters, so that they are found, and found nearly. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\ud83d'), maxLength: 120 })
const part = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), minLength: 1, maxLength: 24 })
const within = fc
  .tuple(fc.array(text, { maxLength: 4 }), fc.oneof(part, fc.constant('ab'.repeat(12)), fc.constant('a'.repeat(20))))
  .map(([texts, sought]) => ({ whole: texts.join(sought), sought }))

describe('looking for a part of a text', () => {
  it('finds what the engine finds, however long the part is', () => {
    fc.assert(
      fc.property(within, fc.nat(130), ({ whole, sought }, from) => {
        expect(findPart(whole, sought, from)).toBe(whole.indexOf(sought, from))
        expect(findLastPart(whole, sought, from)).toBe(whole.lastIndexOf(sought, from))
        expect(findLastPart(whole, sought)).toBe(whole.lastIndexOf(sought))
        expect(splitText(whole, sought)).toEqual(whole.split(sought))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['"a-b-c".split("-", 2)', ['a', 'b-c']],
    ['"a-b-c".split("-", 3)', ['a', 'b', 'c']],
    ['"a-b-".split("-", 2)', ['a', 'b-']],
    ['"a😀c".split("", 2)', ['a', '😀c']],
    ['"a-b".split("-", 1)', ['a-b']],
    ['"".split("-", 2)', ['']],
  ])('leaves what is beyond the limit in one piece: %s', (expression, parts) => {
    expect(evaluate(expression)).toEqual(parts)
  })
})

/** Each call took between half a millisecond and 10 seconds; nothing is timed here but by the limit of a test. */
describe('texts that a registrant makes up to halt the gateway', () => {
  const [many, most, digits] = ['a'.repeat(8000), 'a'.repeat(32_000), '9'.repeat(65_000)]
  const TIME_LIMIT_MS = 10_000
  it.each([
    [300, 'metadata.client_name.contains(statement.org_id)', most, `${many}b${many}`],
    [300, 'metadata.client_name.indexOf(statement.org_id) > 0', most, `${many}b${many}`],
    [300, 'metadata.client_name.lastIndexOf(statement.org_id) > 0', most, `${many}${many}b`],
    [300, 'metadata.client_name.split(statement.org_id).size() > 1', most, `${many}b${many}`],
    [4, 'double(metadata.client_name) > 0.0', `${digits}ns`, ''],
    [5000, 'duration(metadata.client_name) > duration("1s")', `${digits}ns`, ''],
    [5000, 'duration(metadata.client_name) < duration("1ns")', '1ns'.repeat(21_000), ''],
    [50_000, 'now.getHours(metadata.client_name) > 24', digits, ''],
    [5000, 'url("https://" + u + metadata.client_name + "a/").getHostname() == ""', '.'.repeat(2000), ''],
  ])(
    'are done with at once: %d times %s',
    (times, expression, client_name, org_id) => {
      const metadata = { client_name, redirect_uris: Array.from({ length: times }, (_, index) => `u${index}`) }
      const run = (): unknown => {
        try {
          return evaluate(`metadata.redirect_uris.exists(u, ${expression})`, { metadata, statement: { org_id } })
        } catch {
          return false
        }
      }
      expect(run()).toBe(false)
    },
    TIME_LIMIT_MS,
  )
})
