import { describe, expect, it } from 'vitest'
import { spellAge, spellNextUpdate, spellSpan, spellValidity, writeTime } from '../../../src/commands/spell-time.ts'
import { parseCertificate } from '../../../src/certificate/parse/parse-certificate.ts'
import { mintSelfSigned } from '../../support/mint-certificates.ts'

const NOW = new Date('2026-11-27T12:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const after = (ms: number): Date => new Date(NOW.getTime() + ms)
const { facts } = parseCertificate(
  (await mintSelfSigned({ notBefore: after(-DAY), notAfter: new Date('2026-12-27T12:00:00Z') })).der,
)

describe('times as people read them', () => {
  it.each([
    [0, '0 minutes'],
    [MINUTE, '1 minute'],
    [2 * HOUR - 1, '119 minutes'],
    [2 * HOUR, '2 hours'],
    [2 * DAY - 1, '47 hours'],
    [2 * DAY, '2 days'],
    [400 * DAY - 1, '399 days'],
  ])('are rounded down to a unit that fits: %d ms', (ms, text) => {
    expect(spellSpan(ms)).toBe(text)
  })

  it('have no more digits than certificates do', () => {
    expect(writeTime(new Date('2026-11-27T12:00:00.999Z'))).toBe('2026-11-27T12:00:00Z')
  })

  it.each([
    [NOW, 'valid until 2026-12-27T12:00:00Z, 30 days left'],
    [facts.notAfter, 'valid until 2026-12-27T12:00:00Z, 0 minutes left'],
    [after(30 * DAY + 1000), 'valid until 2026-12-27T12:00:00Z, expired 0 minutes ago'],
    [after(40 * DAY), 'valid until 2026-12-27T12:00:00Z, expired 10 days ago'],
    [after(-3 * DAY), 'valid from 2026-11-26T12:00:00Z until 2026-12-27T12:00:00Z, begins in 2 days'],
  ])('say of a certificate what holds at %s', (now, text) => {
    expect(spellValidity(facts, now)).toBe(text)
  })

  it('say how old a list is and when the next one is due, past or not', () => {
    expect(spellAge(after(-3 * HOUR), NOW)).toBe('3 hours old')
    expect(spellAge(after(3 * HOUR), NOW)).toBe('dated 3 hours ahead')
    expect(spellNextUpdate(after(3 * HOUR), NOW)).toBe('next update in 3 hours')
    expect(spellNextUpdate(after(-3 * HOUR), NOW)).toBe('next update overdue for 3 hours')
    expect(spellNextUpdate(null, NOW)).toBe('names no next update')
  })
})
