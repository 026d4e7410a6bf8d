import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  cutOff,
  FIRST_PATH,
  HOUR_MS,
  MINUTE_MS,
  openStore,
  peekKind,
  questionOf,
  serveCrl,
  statusOf,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const REVOKED = { a: 'keyCompromise' }

describe('an outage', () => {
  it('is bridged by the last good answer for as long as the policy says', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(3 * HOUR_MS)
    expect(peekKind(fixture, question)).toBe('good')
    await fixture.time.wind(1)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
    expect(await statusOf(fixture, { ...question, lastGoodHoldsMs: 2 * HOUR_MS })).toMatchObject({ kind: 'good' })
  })

  it('is not assumed before somebody tried: the first who finds the answer out of date waits for a newer one', async () => {
    const fixture = openStore({ limits: { crl: { ...DEFAULT_STORE_LIMITS.crl, recentlyUsedMs: 0 } } })
    await statusOf(fixture, question)
    await fixture.time.wind(2 * HOUR_MS + 1)
    expect(peekKind(fixture, question)).toBeNull()
    cutOff(fixture)
    expect((await statusOf(fixture, question)).kind).toBe('good')
    expect(peekKind(fixture, question)).toBe('good')
  })

  it('ends with the first answer, without anybody having waited', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(2.5 * HOUR_MS)
    serveCrl(fixture, { revoked: REVOKED })
    await fixture.time.wind(6 * MINUTE_MS)
    expect(peekKind(fixture, question)).toBe('revoked')
  })

  it('does not turn revoked into unknown, however long it lasts', async () => {
    const fixture = openStore()
    serveCrl(fixture, { revoked: REVOKED })
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(1000 * HOUR_MS)
    expect(peekKind(fixture, question)).toBe('revoked')
  })

  it('need not be waited for where the certificate was revoked already', async () => {
    const fixture = openStore({ limits: { crl: { ...DEFAULT_STORE_LIMITS.crl, recentlyUsedMs: 0 } } })
    serveCrl(fixture, { revoked: REVOKED })
    await statusOf(fixture, question)
    await fixture.time.wind(3 * HOUR_MS)
    expect(peekKind(fixture, question)).toBe('revoked')
  })

  it('does turn a certificate on hold into unknown, for it may have come back', async () => {
    const fixture = openStore()
    serveCrl(fixture, { revoked: { a: 'certificateHold' } })
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(3 * HOUR_MS)
    expect(peekKind(fixture, question)).toBe('revoked')
    await fixture.time.wind(1)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
  })
})
