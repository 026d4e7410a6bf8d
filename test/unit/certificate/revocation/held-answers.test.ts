import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  crlFunctions,
  cutOff,
  FIRST_PATH,
  HOUR_MS,
  MINUTE_MS,
  openStore,
  peekKind,
  problems,
  questionOf,
  serveCrl,
  settle,
  START,
  statusOf,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const { recentlyUsedMs } = DEFAULT_STORE_LIMITS.crl
const REVOKED = { a: 'keyCompromise' }
/** A list lives for two hours and is fetched anew after three quarters of them. */
const REFRESH_MS = 1.5 * HOUR_MS

describe('a held answer', () => {
  it('is fetched anew ahead of its end, without anybody asking', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    await fixture.time.wind(REFRESH_MS - 1)
    expect(fixture.requests).toHaveLength(1)
    serveCrl(fixture, { thisUpdate: fixture.time.now().toISOString(), revoked: REVOKED })
    await fixture.time.wind(1)
    expect(fixture.requests).toHaveLength(2)
    expect(peekKind(fixture, question)).toBe('revoked')
  })

  it('is left alone when nobody used it of late, and fetched behind the back of the next who does', async () => {
    const fixture = openStore()
    serveCrl(fixture, { nextUpdate: new Date(START.getTime() + 40 * HOUR_MS).toISOString() })
    await statusOf(fixture, question)
    await fixture.time.wind(recentlyUsedMs + 12 * HOUR_MS)
    const before = fixture.requests.length
    await fixture.time.wind(10 * HOUR_MS)
    expect(fixture.requests).toHaveLength(before)
    expect(peekKind(fixture, question)).toBe('good')
    await settle()
    expect(fixture.requests).toHaveLength(before + 1)
  })

  it('is replaced by the next answer of the same address when it is newer', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    await fixture.time.wind(REFRESH_MS)
    expect(await statusOf(fixture, question)).toMatchObject({ thisUpdate: fixture.time.now() })
  })

  it.each([
    ['older', { thisUpdate: '2027-03-01T11:00:00Z' }, 'older'],
    ['of a lower number', { crlNumber: 6, thisUpdate: '2027-03-01T13:00:00Z' }, 'older'],
    ['signed by another', { signer: 'CN=Mallory', thisUpdate: '2027-03-01T13:00:00Z' }, 'unusable'],
    ['of other certificates', { coversNothing: true, thisUpdate: '2027-03-01T13:00:00Z', crlNumber: 8 }, 'unusable'],
  ])(
    'is not replaced by one that is %s, so that a captured list cannot undo a revocation',
    async (_, over, problem) => {
      const fixture = openStore()
      serveCrl(fixture, { revoked: REVOKED, crlNumber: 7 })
      await statusOf(fixture, question)
      const nextUpdate = new Date(START.getTime() + 3 * HOUR_MS).toISOString()
      serveCrl(fixture, { nextUpdate, crlNumber: 7, ...over })
      await fixture.time.wind(REFRESH_MS)
      expect(problems(fixture)).toEqual([problem])
      expect(peekKind(fixture, question)).toBe('revoked')
    },
  )

  it('gives way to a lower number once it is out of date, lest an issuer that lost count is shut out', async () => {
    const fixture = openStore()
    serveCrl(fixture, { crlNumber: 7 })
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(2 * HOUR_MS + 1)
    serveCrl(fixture, { crlNumber: 1 })
    await fixture.time.wind(10 * MINUTE_MS)
    expect(await statusOf(fixture, question)).toMatchObject({
      kind: 'good',
      thisUpdate: new Date(START.getTime() + 2 * HOUR_MS + 1),
    })
  })

  it('takes the place of one that is about other certificates, though that may be dated later', async () => {
    const fixture = openStore()
    serveCrl(fixture, { coversNothing: true })
    await statusOf(fixture, question)
    serveCrl(fixture, { thisUpdate: '2027-03-01T11:00:00Z' })
    await fixture.time.wind(MINUTE_MS)
    expect((await statusOf(fixture, question)).kind).toBe('good')
  })

  it('is told without its signature being checked again, but not for long', async () => {
    let checks = 0
    const functions = crlFunctions()
    const counting = {
      ...functions,
      check: (...all: Parameters<typeof functions.check>) => ((checks += 1), functions.check(...all)),
    }
    const fixture = openStore({ crl: counting })
    await statusOf(fixture, question)
    const before = checks
    for (let request = 0; request < 20; request += 1) peekKind(fixture, question)
    expect(checks).toBe(before)
    await fixture.time.wind(30_001)
    peekKind(fixture, question)
    expect(checks).toBe(before + 1)
  })

  it('of one issuer is not disturbed by another who names the same address', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    const { anchor, intermediates } = FIRST_PATH
    const [issuing = anchor] = intermediates
    const stranger = questionOf({ client: issuing, intermediates: [], anchor })
    expect((await statusOf(fixture, stranger)).kind).toBe('unknown')
    await fixture.time.wind(REFRESH_MS)
    expect(await statusOf(fixture, question)).toMatchObject({ thisUpdate: fixture.time.now() })
  })
})
