import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src/model/json.ts'
import type { Operation } from '../../../../src/model/operation.ts'
import { judge, type Verdict } from '../../../../src/policy/judge/judge.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

const HEAD = `
softwareStatement:
  create: optional
  update: optional
  algorithms: [PS256]
  claims: { jti: string, exp: timestamp, anything: dyn }
members: { client_name: string }
once:
`
const MINUTE = 60_000
const MARGIN = 5 * MINUTE
/** Noon of 2026-01-01, the moment of these tests. */
const NOON_SECONDS = 1_767_268_800

async function judged(
  entry: string,
  claims: JsonObject | null,
  { operation = 'create', sent = {} }: { operation?: Operation; sent?: JsonObject } = {},
): Promise<Verdict> {
  return judge(
    await loadPolicy(`${HEAD}  - { id: once, message: was used before, ${entry} }\n`),
    present({ claims, operation, sent }),
  )
}

const ENTRY = 'key: statement.jti, until: statement.exp'

describe('what may happen only once', () => {
  it('is named by its key, and held until it can no longer be repeated, clocks being five minutes apart', async () => {
    const { once, findings } = await judged(ENTRY, { jti: 'a', exp: NOON_SECONDS + 60 })
    expect(findings).toEqual([])
    expect(once).toEqual([
      {
        id: 'once',
        ...{ key: 'a', directory: 'directory' },
        holdsMs: MINUTE + MARGIN,
        finding: { reason: 'used-before', rule: 'once', at: 'request', message: 'was used before' },
      },
    ])
  })

  it.each([
    [
      'of the directory whose claims it is made of',
      'variables: { id: statement.jti }\n',
      'key: variables.id',
      'directory',
    ],
    ['of all, with a statement or without, where no directory vouches for it', '', 'key: metadata.client_name', null],
  ])('is a matter %s', async (_, variables, key, directory) => {
    const claims = { jti: 'a' }
    const policy = await loadPolicy(
      `${variables}${HEAD}  - { id: once, message: was used before, ${key}, holdsSeconds: 60 }\n`,
    )
    const { once } = judge(policy, present({ claims, operation: 'create', sent: { client_name: 'a' } }))
    expect(once).toMatchObject([{ key: 'a', directory }])
  })

  it('carries clause, place, error and status of the policy', async () => {
    const words = 'clause: "1.1 (10)", at: jti, error: invalid_software_statement, status: 409'
    const { once } = await judged(`${ENTRY}, ${words}`, { jti: 'a', exp: NOON_SECONDS })
    expect(once[0]?.finding).toMatchObject({
      clause: '1.1 (10)',
      at: 'jti',
      error: 'invalid_software_statement',
      status: 409,
    })
  })

  it('is held for the margin alone when it has expired, which clocks may not agree upon', async () => {
    const { once } = await judged(ENTRY, { jti: 'a', exp: NOON_SECONDS - 60 })
    expect(once[0]?.holdsMs).toBe(MARGIN)
  })

  it.each([
    ['without until', 'key: statement.jti, holdsSeconds: 60', { jti: 'a' }],
    ['where until has no value', 'key: statement.jti, until: statement.?exp, holdsSeconds: 60', { jti: 'a' }],
  ])('is held for holdsSeconds %s', async (_, entry, claims) => {
    expect((await judged(entry, claims)).once[0]?.holdsMs).toBe(MINUTE + MARGIN)
  })

  it('holds nothing where the key has no value', async () => {
    expect(await judged('key: statement.?jti, holdsSeconds: 60', {})).toMatchObject({ once: [], findings: [] })
  })

  it('holds nothing where its condition does not hold, and fails where it fails', async () => {
    const entry = `${ENTRY}, when: statement.jti == "b"`
    expect(await judged(entry, { jti: 'a', exp: NOON_SECONDS })).toMatchObject({ once: [], findings: [] })
    expect((await judged(entry, { exp: NOON_SECONDS })).findings).toMatchObject([
      { reason: 'rule-failed', rule: 'once' },
    ])
  })

  it.each<[Operation, number]>([
    ['create', 1],
    ['update', 1],
    ['read', 0],
    ['delete', 0],
  ])('applies to a %s as rules do', async (operation, count) => {
    const { once, findings } = await judged('key: request.operation, holdsSeconds: 60', null, { operation })
    expect({ once: once.length, findings }).toEqual({ once: count, findings: [] })
  })

  it.each([
    ['for more than 31 days', ENTRY, { jti: 'a', exp: NOON_SECONDS + 31 * 86_400 + 1 }],
    ['without end', 'key: statement.jti, until: statement.?exp', { jti: 'a' }],
  ])('refuses what would stay good %s, since it would be forgotten and could be repeated', async (_, entry, claims) => {
    expect(await judged(entry, claims)).toMatchObject({
      once: [],
      findings: [
        {
          reason: 'rule-broken',
          rule: 'once',
          message: 'must not be valid for more than 31 days, since it may be used only once',
        },
      ],
    })
  })

  it('remembers for exactly 31 days at most', async () => {
    const { once } = await judged(ENTRY, { jti: 'a', exp: NOON_SECONDS + 31 * 86_400 })
    expect(once[0]?.holdsMs).toBe(31 * 86_400_000 + MARGIN)
  })

  it.each([
    ['a key that fails', ENTRY, { exp: NOON_SECONDS }, 'the expression failed: No such key: jti'],
    [
      'a key that is no text',
      'key: statement.anything, holdsSeconds: 60',
      { anything: 5 },
      'the expression failed: the key is no text',
    ],
    [
      'an end that is no time',
      'key: statement.jti, until: statement.anything',
      { jti: 'a', anything: 5 },
      'the expression failed: until is no time',
    ],
  ])('refuses %s (fail closed)', async (_, entry, claims, detail) => {
    expect(await judged(entry, claims)).toMatchObject({
      once: [],
      findings: [{ reason: 'rule-failed', rule: 'once', detail }],
    })
  })

  it('has no finding beside that of an ill-typed claim', async () => {
    expect((await judged(ENTRY, { jti: 5, exp: NOON_SECONDS })).findings.map(({ reason }) => reason)).toEqual([
      'statement-claim-invalid',
    ])
  })
})
