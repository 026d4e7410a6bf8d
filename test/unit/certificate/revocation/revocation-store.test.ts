import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  bytesOf,
  CRL_URL,
  crlFunctions,
  FIRST_PATH,
  HOUR_MS,
  MINUTE_MS,
  mintPath,
  OCSP_URL,
  ocspFunctions,
  openStore,
  paperAnswer,
  paperCrl,
  parsePaperCrl,
  questionOf,
  settle,
  StandInEgressFailure,
  START,
  statusOf,
  type PaperCrl,
  type StoreFixture,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const { coolDownMs, recentlyUsedMs } = DEFAULT_STORE_LIMITS.crl
const REVOKED = { a: 'keyCompromise' }
/** A list lives for two hours and is fetched anew after three quarters of them. */
const REFRESH_MS = 1.5 * HOUR_MS

function serveCrl({ serve, time }: StoreFixture, over: Partial<PaperCrl> = {}): void {
  const der = bytesOf(paperCrl(time.now(), over))
  serve(() => Promise.resolve(der))
}

function cutOff({ serve }: StoreFixture): void {
  serve(() => Promise.reject(new StandInEgressFailure('ECONNREFUSED')))
}

const peekKind = ({ store, time }: StoreFixture, asked = question) => store.peek(asked, time.now())?.status.kind ?? null
const problems = ({ events }: StoreFixture) => events.flatMap((event) => ('detail' in event ? [event.problem] : []))

describe('a status that nothing is known of', () => {
  it('is fetched, and from then on told at once', async () => {
    const fixture = openStore()
    expect(peekKind(fixture)).toBeNull()
    expect(await statusOf(fixture, question)).toMatchObject({ kind: 'good', source: 'crl', thisUpdate: START })
    expect(peekKind(fixture)).toBe('good')
    expect(fixture.requests).toMatchObject([{ url: CRL_URL, method: 'GET', body: null }])
    expect(fixture.events).toMatchObject([{ kind: 'crl-fetched', url: CRL_URL }])
  })

  it('is fetched once for fifty who ask at the same time', async () => {
    const fixture = openStore()
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(fixture, question)))
    expect(new Set(statuses.map(({ kind }) => kind))).toEqual(new Set(['good']))
    expect(fixture.requests).toHaveLength(1)
  })

  it('is unknown when the time limit passes, and known to the next who asks once the answer has come', async () => {
    const fixture = openStore()
    let arrive = (_bytes: Buffer): void => undefined
    fixture.serve(() => new Promise((resolve) => (arrive = resolve)))
    const asked = fixture.store.ask(question)
    await fixture.time.wind(DEFAULT_STORE_LIMITS.waitMs)
    expect((await asked).tried).toEqual([{ source: 'crl', why: 'no answer within the time limit' }])
    arrive(bytesOf(paperCrl(START)))
    await settle()
    expect(peekKind(fixture)).toBe('good')
  })

  it('leaves no timer of its time limit behind', async () => {
    const fixture = openStore()
    cutOff(fixture)
    await fixture.store.ask(question)
    expect(fixture.time.waiting).toBe(0)
  })

  it('is not asked for again before the pause after a failure is over, which doubles with each', async () => {
    const fixture = openStore()
    cutOff(fixture)
    expect(await statusOf(fixture, question)).toMatchObject({ why: `${CRL_URL}: unreachable: ECONNREFUSED` })
    await fixture.time.wind(coolDownMs - 1)
    expect(peekKind(fixture)).toBe('unknown')
    await fixture.time.wind(1)
    await statusOf(fixture, question)
    expect(fixture.requests).toHaveLength(2)
    await fixture.time.wind(2 * coolDownMs - 1)
    expect(peekKind(fixture)).toBe('unknown')
    await fixture.time.wind(1)
    expect(peekKind(fixture)).toBeNull()
  })

  it('is found at the second address when the first does not answer', async () => {
    const other = 'http://other.example/a.crl'
    const fixture = openStore({ crl: crlFunctions(['ldap://x/y', CRL_URL, other]) })
    fixture.serve(({ url }) =>
      url === CRL_URL ? Promise.reject(new Error('x')) : Promise.resolve(bytesOf(paperCrl(START))),
    )
    expect(await statusOf(fixture, question)).toMatchObject({ kind: 'good' })
    expect(fixture.requests.map(({ url }) => url)).toEqual([CRL_URL, other])
  })

  it.each([
    ['signed by another issuer', { signer: 'CN=Mallory' }, 'unusable'],
    ['out of date', { nextUpdate: '2027-03-01T11:59:59Z' }, 'out-of-date'],
    [
      'dated far ahead, which would keep out all that comes later',
      { thisUpdate: '2027-03-01T13:00:00Z' },
      'from-future',
    ],
  ])('stays unknown by a list that is %s', async (_, over, problem) => {
    const fixture = openStore()
    serveCrl(fixture, over)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
    expect(problems(fixture)).toEqual([problem])
    serveCrl(fixture)
    await fixture.time.wind(coolDownMs)
    expect((await statusOf(fixture, question)).kind).toBe('good')
  })

  it('stays unknown by bytes that are no list, and by more of them than may be', async () => {
    const fixture = openStore()
    fixture.serve(() => Promise.resolve(Buffer.from('{"signer"')))
    await statusOf(fixture, question)
    fixture.serve(() => Promise.resolve(Buffer.concat([bytesOf(paperCrl(START)), Buffer.alloc(17 * 2 ** 20, ' ')])))
    await fixture.time.wind(coolDownMs)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
    expect(problems(fixture)).toEqual(['malformed', 'too-large'])
  })

  it('is not asked for again at once by a list that covers other certificates', async () => {
    const fixture = openStore()
    serveCrl(fixture, { coversNothing: true })
    expect(await statusOf(fixture, question)).toEqual({ kind: 'unknown', why: 'no usable one of 1' })
    expect(peekKind(fixture)).toBe('unknown')
    await fixture.time.wind(MINUTE_MS)
    expect(peekKind(fixture)).toBeNull()
  })
})

describe('a held answer', () => {
  it('is fetched anew ahead of its end, without anybody asking', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    await fixture.time.wind(REFRESH_MS - 1)
    expect(fixture.requests).toHaveLength(1)
    serveCrl(fixture, { thisUpdate: fixture.time.now().toISOString(), revoked: REVOKED })
    await fixture.time.wind(1)
    expect(fixture.requests).toHaveLength(2)
    expect(peekKind(fixture)).toBe('revoked')
  })

  it('is left alone when nobody used it of late, and fetched behind the back of the next who does', async () => {
    const fixture = openStore()
    serveCrl(fixture, { nextUpdate: new Date(START.getTime() + 40 * HOUR_MS).toISOString() })
    await statusOf(fixture, question)
    await fixture.time.wind(recentlyUsedMs + 12 * HOUR_MS)
    const before = fixture.requests.length
    await fixture.time.wind(10 * HOUR_MS)
    expect(fixture.requests).toHaveLength(before)
    expect(peekKind(fixture)).toBe('good')
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
      expect(peekKind(fixture)).toBe('revoked')
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
    for (let request = 0; request < 20; request += 1) peekKind(fixture)
    expect(checks).toBe(before)
    await fixture.time.wind(30_001)
    peekKind(fixture)
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

describe('an outage', () => {
  it('is bridged by the last good answer for as long as the policy says', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(3 * HOUR_MS)
    expect(peekKind(fixture)).toBe('good')
    await fixture.time.wind(1)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
    expect(await statusOf(fixture, { ...question, lastGoodHoldsMs: 2 * HOUR_MS })).toMatchObject({ kind: 'good' })
  })

  it('is not assumed before somebody tried: the first who finds the answer out of date waits for a newer one', async () => {
    const fixture = openStore({ limits: { crl: { ...DEFAULT_STORE_LIMITS.crl, recentlyUsedMs: 0 } } })
    await statusOf(fixture, question)
    await fixture.time.wind(2 * HOUR_MS + 1)
    expect(peekKind(fixture)).toBeNull()
    cutOff(fixture)
    expect((await statusOf(fixture, question)).kind).toBe('good')
    expect(peekKind(fixture)).toBe('good')
  })

  it('ends with the first answer, without anybody having waited', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(2.5 * HOUR_MS)
    serveCrl(fixture, { revoked: REVOKED })
    await fixture.time.wind(6 * MINUTE_MS)
    expect(peekKind(fixture)).toBe('revoked')
  })

  it('does not turn revoked into unknown, however long it lasts', async () => {
    const fixture = openStore()
    serveCrl(fixture, { revoked: REVOKED })
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(1000 * HOUR_MS)
    expect(peekKind(fixture)).toBe('revoked')
  })

  it('does turn a certificate on hold into unknown, for it may have come back', async () => {
    const fixture = openStore()
    serveCrl(fixture, { revoked: { a: 'certificateHold' } })
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(3 * HOUR_MS)
    expect(peekKind(fixture)).toBe('revoked')
    await fixture.time.wind(1)
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
  })
})

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
    const captured = bytesOf(paperAnswer(fixture.time.now()))
    await fixture.time.wind(1000)
    answering(fixture, { status: 'revoked' })
    await statusOf(fixture, asked)
    fixture.serve(() => Promise.resolve(captured))
    await fixture.time.wind(24 * HOUR_MS)
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
})

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

  it('hold past their end like fetched ones', async () => {
    const fixture = openStore({ crl: crlFunctions([]) })
    const local = fixture.store.withLocal([crl({})])
    await fixture.time.wind(3 * HOUR_MS)
    expect(local.peek(question, fixture.time.now())?.status.kind).toBe('good')
    await fixture.time.wind(1)
    expect(local.peek(question, fixture.time.now())?.status.kind).toBe('unknown')
  })
})

describe('the bounds of the memory', () => {
  it('hold against a flood of certificates: fetches, waiting and memory alike', async () => {
    const flood = await Promise.all(Array.from({ length: 200 }, (_, index) => mintPath((0x1000 + index).toString(16))))
    const fixture = openStore({ gate: { concurrent: 8, concurrentPerHost: 4, waiting: 64, waitingPerHost: 16 } })
    let running = 0
    let most = 0
    fixture.serve(async () => {
      running += 1
      most = Math.max(most, running)
      await settle()
      running -= 1
      throw new StandInEgressFailure('x')
    })
    const statuses = await Promise.all(flood.map((path) => statusOf(fixture, questionOf(path, { check: ['ocsp'] }))))
    expect(statuses.every(({ kind }) => kind === 'unknown')).toBe(true)
    expect(most).toBe(4)
    // Four ran, and two took the places of the first that failed; with the third the host was left alone.
    expect(fixture.requests).toHaveLength(6)
    expect(fixture.events.filter(({ kind }) => kind === 'revocation-queue-full')).toHaveLength(1)
    expect(fixture.events.filter(({ kind }) => kind === 'revocation-host-rests').length).toBeGreaterThan(0)
  })

  it('make room by what was used longest ago, and call off its refresh', async () => {
    const ocsp = { ...DEFAULT_STORE_LIMITS.ocsp, held: { maxEntries: 2, maxBytes: 2 ** 20 } }
    const fixture = openStore({ limits: { ocsp } })
    fixture.serve(({ body }) => {
      const { serial } = JSON.parse(body?.toString() ?? '') as { serial: string }
      return Promise.resolve(bytesOf(paperAnswer(START, { serial })))
    })
    const [one, two, three] = await Promise.all(
      ['0b', '0c', '0d'].map(async (serial) => questionOf(await mintPath(serial), { check: ['ocsp'] })),
    )
    if (one === undefined || two === undefined || three === undefined) throw new Error('three were minted')
    await statusOf(fixture, one)
    await statusOf(fixture, two)
    peekKind(fixture, one)
    await statusOf(fixture, three)
    expect([one, two, three].map((each) => peekKind(fixture, each))).toEqual(['good', null, 'good'])
    expect(fixture.time.waiting).toBe(2)
  })
})

describe('what operators see', () => {
  it('is every source with its age and its last failure', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    cutOff(fixture)
    await fixture.time.wind(REFRESH_MS)
    await statusOf(fixture, questionOf(FIRST_PATH, { check: ['ocsp'] }))
    expect(fixture.store.states()).toMatchObject([
      {
        source: 'crl',
        url: CRL_URL,
        state: 'held',
        thisUpdate: START,
        lastFailure: { problem: 'unreachable', at: fixture.time.now() },
      },
      { source: 'ocsp', url: OCSP_URL, state: 'missing', thisUpdate: null, lastFailure: { problem: 'unreachable' } },
    ])
  })

  it('stops with the store: nothing is fetched any more, and nothing under way is kept', async () => {
    const fixture = openStore()
    await statusOf(fixture, question)
    await fixture.store.close()
    await fixture.time.wind(2 * HOUR_MS)
    expect(fixture.requests).toHaveLength(1)
    expect(fixture.time.waiting).toBe(0)
  })
})
