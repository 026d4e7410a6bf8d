import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  bytesOf,
  CRL_URL,
  FIRST_PATH,
  HOUR_MS,
  MINUTE_MS,
  mintPath,
  OCSP_URL,
  ocspFunctions,
  openStore,
  paperAnswer,
  paperCrl,
  peekKind,
  problems,
  questionOf,
  settle,
  StandInEgressFailure,
  START,
  statusOf,
  type StoreFixture,
} from './revocation-fixture.ts'

describe('OCSP', () => {
  const asked = questionOf(FIRST_PATH, { check: ['ocsp', 'crl'] })
  const answering = (fixture: StoreFixture, over: Partial<ReturnType<typeof paperAnswer>> = {}) =>
    fixture.serve(({ url }) =>
      Promise.resolve(bytesOf(url === OCSP_URL ? paperAnswer(fixture.time.now(), over) : paperCrl(fixture.time.now()))),
    )

  it('is asked before the CRL where the policy says so', async () => {
    const fixture = openStore()
    answering(fixture, { status: 'revoked' })
    expect(await statusOf(fixture, asked)).toMatchObject({ kind: 'revoked', source: 'ocsp' })
    expect(fixture.requests).toMatchObject([{ url: OCSP_URL, method: 'POST', contentType: 'application/ocsp-request' }])
  })

  it.each(['unknown', 'another serial'])('gives the word to the CRL when its answer is no answer: %s', async (kind) => {
    const fixture = openStore()
    answering(fixture, kind === 'unknown' ? { status: 'unknown' } : { serial: 'b' })
    const { status, tried } = await fixture.store.ask(asked)
    expect(status).toMatchObject({ kind: 'good', source: 'crl' })
    expect(tried).toMatchObject([{ source: 'ocsp', why: expect.stringContaining(OCSP_URL) as unknown }])
    expect(problems(fixture)).toEqual(['unusable'])
  })

  it('goes on to the next responder behind those who wait, once nobody waits any more', async () => {
    const [first, second] = ['http://one.example/', 'http://two.example/']
    const gate = { concurrent: 2, concurrentPerOwner: 2 }
    const fixture = openStore({ ocsp: ocspFunctions([first, second]), gate })
    const silent = new Map<string, (error: Error) => void>()
    fixture.serve(({ url }) => new Promise((_, fail) => silent.set(url, fail)))
    const asking = fixture.store.ask(questionOf(FIRST_PATH, { check: ['ocsp'] }))
    void fixture.store.ask(questionOf(await mintPath('0b'), { check: ['crl'] }))
    await fixture.time.wind(DEFAULT_STORE_LIMITS.waitMs)
    expect((await asking).status.kind).toBe('unknown')
    silent.get(first)?.(new StandInEgressFailure('x'))
    await settle()
    // The other place is taken, and half of two is one: what nobody waits for finds none, and is no failure of its own.
    expect(fixture.requests.map(({ url }) => url)).toEqual([first, CRL_URL])
    expect(problems(fixture)).toEqual(['unreachable'])
  })

  it('keeps the nonce with the answer, so that the answer can be judged a second time', async () => {
    const nonce = Buffer.from('0102', 'hex')
    const fixture = openStore({ ocsp: ocspFunctions([OCSP_URL], () => nonce) })
    answering(fixture, { nonce: '0102' })
    await statusOf(fixture, asked)
    await fixture.time.wind(MINUTE_MS)
    expect(await statusOf(fixture, asked)).toMatchObject({ source: 'ocsp' })
  })

  it('does not let a captured "good" of before undo "revoked"', async () => {
    const fixture = openStore()
    const nextUpdate = new Date(START.getTime() + 48 * HOUR_MS).toISOString()
    const captured = bytesOf(paperAnswer(START, { nextUpdate }))
    await fixture.time.wind(1000)
    answering(fixture, { status: 'revoked' })
    await statusOf(fixture, asked)
    fixture.serve(() => Promise.resolve(captured))
    // What nobody used for six hours would not be fetched anew.
    await fixture.time.wind(20 * HOUR_MS)
    peekKind(fixture, asked)
    await fixture.time.wind(4 * HOUR_MS)
    expect(problems(fixture)).toContain('older')
    expect(await statusOf(fixture, asked)).toMatchObject({ kind: 'revoked' })
  })

  it('keeps certificates of the same issuer apart', async () => {
    const fixture = openStore()
    fixture.serve(({ body }) => {
      const { serial } = JSON.parse(body?.toString() ?? '') as { serial: string }
      return Promise.resolve(bytesOf(paperAnswer(START, { serial, status: serial === 'a' ? 'revoked' : 'good' })))
    })
    const other = questionOf(await mintPath('0b'), { check: ['ocsp'] })
    expect((await statusOf(fixture, asked)).kind).toBe('revoked')
    expect((await statusOf(fixture, other)).kind).toBe('good')
  })

  it('does not have the list fetched anew that is asked after it', async () => {
    const fixture = openStore()
    answering(fixture, { status: 'unknown' })
    await statusOf(fixture, questionOf(FIRST_PATH))
    await fixture.time.wind(10 * MINUTE_MS)
    expect((await fixture.store.ask(asked)).status).toMatchObject({ kind: 'good', source: 'crl' })
    expect(fixture.requests.map(({ url }) => url)).toEqual([CRL_URL, OCSP_URL])
  })
})
