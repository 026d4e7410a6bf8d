import { describe, expect, it } from 'vitest'
import { estimateCost } from '../../../../src/policy/analyse/estimate-cost.ts'
import { LANGUAGE_FUNCTIONS } from '../../../../src/policy/expression/evaluate/language-functions.ts'
import { compiled, evaluate, type Values } from '../expression/expression-fixture.ts'

/** An expression of each type that a function may take, as large as a request can make it. */
const LARGEST: Readonly<Record<string, string>> = {
  string: 'metadata.client_name',
  'list<string>': 'metadata.redirect_uris',
  list: 'metadata.redirect_uris',
  map: 'translations',
  dyn: 'statement.anything',
  int: '1',
  double: '1.5',
  bool: 'true',
  'google.protobuf.Timestamp': 'now',
  'google.protobuf.Duration': 'duration("1s")',
  Url: 'url(metadata.client_name)',
  Sets: 'sets',
  DistinguishedNames: 'dn',
}

const calls = [...LANGUAGE_FUNCTIONS].flatMap(([key, overloads]) =>
  overloads.map(({ types }) => ({ call: callOf(key, types), types })),
)

function callOf(key: string, types: readonly string[]): string {
  const [, dot, name = ''] = /^(\.?)(\w+)\//.exec(key) ?? []
  const written = types.map((type) => LARGEST[type] ?? `no value for ${type}`)
  const texts = types.flatMap((type, index) => (type === 'string' ? [index] : []))
  // A pattern must be written out; every other second text is another one than the first.
  const last = texts.at(-1) ?? 0
  if (last > 0) written[last] = name === 'linearMatches' ? '"b"' : 'statement.org_id'
  return dot === '.' ? `${written[0]}.${name}(${written.slice(1).join(', ')})` : `${name}(${written.join(', ')})`
}

const TEXTS = [
  'a b '.repeat(16_000),
  ' '.repeat(65_000),
  'CN=a,'.repeat(63) + 'CN=b',
  `https://a.example/${'a'.repeat(2000)}`,
  '12',
  'true',
  '1h',
  '2027-01-01T00:00:00Z',
]
const SECONDS = [' ', '', 'CN', '-'.repeat(30_000), 'Europe/Berlin']

const requests: readonly Values[] = TEXTS.flatMap((client_name) =>
  SECONDS.map((org_id) => {
    const redirect_uris = Array.from({ length: 100 }, (_, index) => `${index}${client_name.slice(0, 600)}`)
    return {
      metadata: { client_name, redirect_uris },
      statement: { org_id, anything: client_name },
      translations: { a: client_name },
    }
  }),
)

function sizeOf(value: unknown): { readonly chars: number; readonly values: number } {
  if (typeof value === 'string') return { chars: value.length, values: 1 }
  if (!Array.isArray(value)) return { chars: 0, values: 1 }
  const sizes = value.map(sizeOf)
  return { chars: sizes.reduce((sum, { chars }) => sum + chars, 0), values: sizes.length }
}

function resultsOf(call: string): readonly unknown[] {
  return requests.flatMap((request) => {
    try {
      return [evaluate(call, request)]
    } catch {
      return []
    }
  })
}

describe('what a function gives', () => {
  it.each(calls)('is never larger than its estimate: $call', ({ call }) => {
    const { size } = estimateCost(compiled(call).ast, new Map())
    const sizes = resultsOf(call).map(sizeOf)
    expect(sizes).not.toEqual([])
    expect(Math.max(...sizes.map(({ chars }) => chars))).toBeLessThanOrEqual(size.chars)
    expect(Math.max(...sizes.map(({ values }) => values))).toBeLessThanOrEqual(size.values)
  })
})
