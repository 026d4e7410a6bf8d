import { describe, expect, it } from 'vitest'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  bytesOf,
  CRL_URL,
  crlFunctions,
  cutOff,
  FIRST_PATH,
  HOUR_MS,
  MINUTE_MS,
  mintPath,
  OCSP_URL,
  openStore,
  paperAnswer,
  paperCrl,
  peekKind,
  problems,
  questionOf,
  serveCrl,
  settle,
  StandInEgressFailure,
  START,
  statusOf,
} from './revocation-fixture.ts'

const question = questionOf(FIRST_PATH)
const { coolDownMs } = DEFAULT_STORE_LIMITS.crl
/** A list lives for two hours and is fetched anew after three quarters of them. */
const REFRESH_MS = 1.5 * HOUR_MS

describe('a status that nothing is known of', () => {
  it('is fetched, and from then on told at once', async () => {
    const fixture = openStore()
    expect(peekKind(fixture, question)).toBeNull()
    expect(await statusOf(fixture, question)).toMatchObject({ kind: 'good', source: 'crl', thisUpdate: START })
    expect(peekKind(fixture, question)).toBe('good')
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
    let arrive: (bytes: Buffer) => void = () => undefined
    fixture.serve(() => new Promise((resolve) => (arrive = resolve)))
    const asked = fixture.store.ask(question)
    await fixture.time.wind(DEFAULT_STORE_LIMITS.waitMs)
    expect((await asked).tried).toEqual([{ source: 'crl', why: 'no answer within the time limit' }])
    arrive(bytesOf(paperCrl(START)))
    await settle()
    expect(peekKind(fixture, question)).toBe('good')
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
    expect(peekKind(fixture, question)).toBe('unknown')
    await fixture.time.wind(1)
    await statusOf(fixture, question)
    expect(fixture.requests).toHaveLength(2)
    await fixture.time.wind(2 * coolDownMs - 1)
    expect(peekKind(fixture, question)).toBe('unknown')
    await fixture.time.wind(1)
    expect(peekKind(fixture, question)).toBeNull()
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

  it('is looked for at all addresses of the operator first, however many the certificate names', async () => {
    const numbered = (host: string, count: number): readonly string[] =>
      Array.from({ length: count }, (_, index) => `http://${host}.example/${index}`)
    const fixture = openStore({ crl: crlFunctions(numbered('client', 9), numbered('operator', 32)) })
    fixture.serve(() => Promise.reject(new Error('x')))
    await statusOf(fixture, question)
    const asked = fixture.requests.map(({ url }) => url)
    expect(asked).toEqual([...numbered('operator', 32), ...numbered('client', 4)])
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
    expect(peekKind(fixture, question)).toBe('unknown')
    await fixture.time.wind(MINUTE_MS)
    expect(peekKind(fixture, question)).toBeNull()
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
