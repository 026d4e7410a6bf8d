import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  bytesOf,
  CRL_URL,
  crlFunctions,
  cutOff,
  FIRST_PATH,
  HOUR_MS,
  openStore,
  paperCrl,
  parsePaperCrl,
  questionOf,
  serveCrl,
  START,
  statusOf,
  type PaperCrl,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const { coolDownMs } = DEFAULT_STORE_LIMITS.crl
const REVOKED = { a: 'keyCompromise' }

describe('CRLs of the operator', () => {
  const crl = (over: Partial<PaperCrl>) => parsePaperCrl(bytesOf(paperCrl(START, over)))

  it('are a source for certificates that name none', () => {
    const fixture = openStore({ crl: crlFunctions([]) })
    expect(fixture.store.peek(question, START)).toEqual({
      status: { kind: 'unknown', why: 'nobody to ask' },
      tried: [],
    })
    const local = fixture.store.withLocal([crl({ revoked: REVOKED })])
    expect(local.peek(question, START)?.status.kind).toBe('revoked')
    expect(fixture.store.peek(question, START)?.status.kind).toBe('unknown')
    expect(fixture.requests).toEqual([])
  })

  it('share the memory of what was fetched, and have no say where that is newer', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    const local = fixture.store.withLocal([crl({ revoked: REVOKED, thisUpdate: '2027-03-01T11:00:00Z' })])
    expect(local.peek(question, START)?.status.kind).toBe('good')
  })

  it('do not count as good before the issuer was asked, whose newer list may revoke', async () => {
    const fixture = openStore()
    const store = fixture.store.withLocal([crl({ thisUpdate: '2027-03-01T11:00:00Z' })])
    serveCrl(fixture, { revoked: REVOKED })
    expect(store.peek(question, START)).toBeNull()
    expect(await statusOf({ ...fixture, store }, question)).toMatchObject({ kind: 'revoked', reason: 'keyCompromise' })
    expect(fixture.requests).toMatchObject([{ url: CRL_URL }])
  })

  it('count as good when the issuer cannot be reached, who is asked again after each pause', async () => {
    const fixture = openStore()
    const store = fixture.store.withLocal([crl({})])
    cutOff(fixture)
    expect((await statusOf({ ...fixture, store }, question)).kind).toBe('good')
    expect(store.peek(question, fixture.time.now())?.status.kind).toBe('good')
    expect(fixture.requests).toHaveLength(1)
    await fixture.time.wind(coolDownMs)
    serveCrl(fixture, { revoked: REVOKED })
    expect(store.peek(question, fixture.time.now())).toBeNull()
    expect((await statusOf({ ...fixture, store }, question)).kind).toBe('revoked')
  })

  it('settle what they revoke without anybody being asked', () => {
    const fixture = openStore()
    const store = fixture.store.withLocal([crl({ revoked: REVOKED })])
    expect(store.peek(question, START)?.status.kind).toBe('revoked')
  })

  it('do not undo what a newer list of the issuer revoked, though that is out of date', async () => {
    const fixture = openStore()
    serveCrl(fixture, { revoked: REVOKED })
    await statusOf(fixture, question)
    cutOff(fixture)
    const nextUpdate = '2027-03-09T12:00:00Z'
    const older = fixture.store.withLocal([crl({ thisUpdate: '2027-03-01T11:00:00Z', nextUpdate })])
    const newer = fixture.store.withLocal([crl({ thisUpdate: '2027-03-01T13:00:00Z', nextUpdate })])
    await fixture.time.wind(30 * HOUR_MS)
    expect((await statusOf({ ...fixture, store: older }, question)).kind).toBe('revoked')
    expect((await statusOf({ ...fixture, store: newer }, question)).kind).toBe('good')
  })

  it('hold past their end like fetched ones', async () => {
    const fixture = openStore({ crl: crlFunctions([]) })
    const local = fixture.store.withLocal([crl({})])
    await fixture.time.wind(3 * HOUR_MS)
    expect(local.peek(question, fixture.time.now())?.status.kind).toBe('good')
    await fixture.time.wind(1)
    expect(local.peek(question, fixture.time.now())?.status.kind).toBe('unknown')
  })
})
