import { describe, expect, it } from 'vitest'
import { checkClaims, checkIssuer } from '../../../src/statement/check-claims.ts'
import { NOW } from './directory-fixture.ts'

const demand = { issuers: ['Directory', 'Directory of old'], maxAgeSeconds: 300, clockSkewSeconds: 60 }
const now = NOW.getTime() / 1000
const good = { iss: 'Directory', iat: now - 10 }

function reasons(claims: Parameters<typeof checkClaims>[0], changes: Partial<typeof demand> = {}): string[] {
  return checkClaims(claims, { ...demand, ...changes }, NOW).map(({ reason, at }) => `${reason} ${at}`)
}

describe('the issuer of a statement', () => {
  it.each(['Directory', 'Directory of old'])('is one of the pinned ones: %s', (iss) => {
    expect(checkIssuer({ iss }, demand.issuers)).toEqual([])
    expect(reasons({ ...good, iss })).toEqual([])
  })

  it.each([
    'directory',
    'Directory ',
    ' Directory',
    'Directory/',
    'Direc',
    'Directory of',
    '',
    null,
    7,
    ['Directory'],
    { name: 'Directory' },
    true,
  ])('is compared exactly: %j is another', (iss) => {
    expect(reasons({ ...good, iss })).toEqual(['statement-issuer-untrusted software_statement.iss'])
  })

  it('must be named', () => {
    expect(reasons({ iat: good.iat })).toEqual(['statement-issuer-untrusted software_statement.iss'])
  })

  it('is nobody where nobody is pinned', () => {
    expect(checkIssuer(good, [])).toHaveLength(1)
  })

  it('is shown beside the ones that are trusted, both short', () => {
    const [finding] = checkIssuer({ iss: `A\n${'x'.repeat(5000)}` }, demand.issuers)
    expect(finding?.wanted).toBe('"Directory" or "Directory of old"')
    expect(finding?.found).toMatch(/^"A\\nx+\.\.\.$/)
    const [crowded] = checkIssuer(
      {},
      Array.from({ length: 50 }, () => 'x'.repeat(150)),
    )
    expect(crowded?.wanted?.length).toBeLessThanOrEqual(200)
    expect(crowded?.found).toBe('nothing')
  })
})

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
    const findings = checkClaims({ ...good, iat }, demand, NOW)
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
    const findings = checkClaims({ ...good, iat }, demand, NOW)
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
    expect(checkClaims({ iss: 'Directory' }, unlimited, NOW)).toEqual([])
    expect(checkClaims({ ...good, iat: 0 }, unlimited, NOW)).toEqual([])
    expect(checkClaims({ ...good, iat: now + 61 }, unlimited, NOW)).toHaveLength(1)
    expect(checkClaims({ ...good, iat: 'today' }, unlimited, NOW)).toHaveLength(1)
  })
})

describe('the times of a statement', () => {
  it('must include iat where its age counts', () => {
    const [finding] = checkClaims({ iss: 'Directory' }, demand, NOW)
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
    const [expired] = checkClaims({ ...good, exp: now - 42 }, demand, NOW)
    expect(expired).toMatchObject({ wanted: 'an exp in the future', found: 'expired 42 seconds ago' })
  })

  it('are all reported together', () => {
    expect(reasons({ iss: 'nobody', iat: now - 301, nbf: now + 61, exp: now - 1 })).toEqual([
      'statement-issuer-untrusted software_statement.iss',
      'statement-too-old software_statement.iat',
      'statement-from-future software_statement.nbf',
      'statement-expired software_statement.exp',
    ])
  })
})
