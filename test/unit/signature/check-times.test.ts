import { describe, expect, it } from 'vitest'
import { checkTimes } from '../../../src/signature/check-times.ts'
import { SOFTWARE_STATEMENT } from '../../../src/statement/statement-words.ts'
import { NOW } from '../statement/directory-fixture.ts'

const demand = { maxAgeSeconds: 300, clockSkewSeconds: 60 }
const now = NOW.getTime() / 1000
const good = { iat: now - 10 }

function reasons(claims: Parameters<typeof checkTimes>[0], changes: Partial<typeof demand> = {}): string[] {
  return checkTimes(claims, { ...demand, ...changes }, SOFTWARE_STATEMENT, NOW).map(
    ({ reason, at }) => `${reason} ${at}`,
  )
}

describe('the age of a statement', () => {
  it.each([
    ['issued this moment', now],
    ['exactly as old as allowed', now - 300],
    ['with fractions of a second', now - 299.5],
    ['as far in the future as clocks may differ', now + 60],
  ])('is good when it was %s', (_, iat) => {
    expect(reasons({ ...good, iat })).toEqual([])
  })

  it.each([
    [now - 300.001, '301 seconds old'],
    [now - 301, '301 seconds old'],
    [now - 86_400, '86400 seconds old'],
    [0, `${String(now)} seconds old`],
  ])('is too old when issued at %d', (iat, found) => {
    const findings = checkTimes({ ...good, iat }, demand, SOFTWARE_STATEMENT, NOW)
    expect(findings).toEqual([
      {
        reason: 'statement-too-old',
        at: 'software_statement.iat',
        message: 'the software statement was issued too long ago',
        wanted: 'at most 300 seconds old',
        found,
      },
    ])
  })

  it.each([
    [now + 60.5, '61 seconds ahead'],
    [now + 61, '61 seconds ahead'],
    [now + 86_400, '86400 seconds ahead'],
  ])('lies in the future when issued at %d', (iat, found) => {
    const findings = checkTimes({ ...good, iat }, demand, SOFTWARE_STATEMENT, NOW)
    expect(findings).toEqual([
      {
        reason: 'statement-from-future',
        at: 'software_statement.iat',
        message: 'iat of the software statement lies in the future',
        wanted: 'at most 60 seconds ahead',
        found,
      },
    ])
  })

  it('has no end where the policy sets none, but the future stays forbidden', () => {
    const unlimited = { ...demand, maxAgeSeconds: null }
    expect(checkTimes({ iss: 'Directory' }, unlimited, SOFTWARE_STATEMENT, NOW)).toEqual([])
    expect(checkTimes({ ...good, iat: 0 }, unlimited, SOFTWARE_STATEMENT, NOW)).toEqual([])
    expect(checkTimes({ ...good, iat: now + 61 }, unlimited, SOFTWARE_STATEMENT, NOW)).toHaveLength(1)
    expect(checkTimes({ ...good, iat: 'today' }, unlimited, SOFTWARE_STATEMENT, NOW)).toHaveLength(1)
  })
})

describe('the times of a statement', () => {
  it('must include iat where its age counts', () => {
    const [finding] = checkTimes({ iss: 'Directory' }, demand, SOFTWARE_STATEMENT, NOW)
    expect(finding).toEqual({
      reason: 'statement-claim-invalid',
      at: 'software_statement.iat',
      message: 'iat of the software statement must be a time in seconds since 1970',
      wanted: 'a number from 0 to 253402300799',
      found: 'nothing',
    })
  })

  it.each(['iat', 'nbf', 'exp'])('must be NumericDates (RFC 7519 section 2): %s', (claim) => {
    for (const value of [String(now), null, [now], { seconds: now }, true, -1, now * 1000, 1e300])
      expect(reasons({ ...good, [claim]: value })).toEqual([`statement-claim-invalid software_statement.${claim}`])
  })

  it.each([
    [{ exp: now + 1 }, []],
    [{ exp: now + 0.001 }, []],
    [{ exp: now }, ['statement-expired software_statement.exp']],
    [{ exp: now - 1 }, ['statement-expired software_statement.exp']],
    [{ nbf: now + 60 }, []],
    [{ nbf: now + 60.5 }, ['statement-from-future software_statement.nbf']],
    [{ nbf: 0, exp: 253_402_300_799 }, []],
  ])('are honoured when present: %j', (claims, expected) => {
    expect(reasons({ ...good, ...claims })).toEqual(expected)
  })

  it('are explained in seconds', () => {
    const [expired] = checkTimes({ ...good, exp: now - 42 }, demand, SOFTWARE_STATEMENT, NOW)
    expect(expired).toMatchObject({ wanted: 'an exp in the future', found: 'expired 42 seconds ago' })
  })

  it('are all reported together', () => {
    expect(reasons({ iat: now - 301, nbf: now + 61, exp: now - 1 })).toEqual([
      'statement-too-old software_statement.iat',
      'statement-from-future software_statement.nbf',
      'statement-expired software_statement.exp',
    ])
  })
})
