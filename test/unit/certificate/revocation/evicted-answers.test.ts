import { describe, expect, it } from 'vitest'
import type { RevocationQuestion } from '../../../../src/certificate/revocation/store/revocation-functions.ts'
import { DEFAULT_STORE_LIMITS } from '../../../../src/certificate/revocation/store/store-limits.ts'
import {
  bytesOf,
  crlFunctions,
  FIRST_PATH,
  HOUR_MS,
  mintPath,
  openStore,
  paperAnswer,
  peekKind,
  problems,
  questionOf,
  serveCrl,
  START,
  statusOf,
  type PaperAnswer,
  type StoreFixture,
} from './revocation-fixture.ts'

const held = { maxEntries: 1, maxBytes: 2 ** 20 }
const limits = { crl: { ...DEFAULT_STORE_LIMITS.crl, held }, ocsp: { ...DEFAULT_STORE_LIMITS.ocsp, held } }
const revoked = questionOf(FIRST_PATH, { check: ['ocsp'] })
const other = questionOf(await mintPath('0b'), { check: ['ocsp'] })
const before = new Date(START.getTime() - HOUR_MS).toISOString()

/** Serves OCSP answers about whichever certificate is asked for. */
function serveOcsp({ serve }: StoreFixture, over: Partial<PaperAnswer> = {}): void {
  serve(({ body }) => {
    const { serial } = JSON.parse(body?.toString() ?? '') as { serial: string }
    return Promise.resolve(bytesOf(paperAnswer(START, { serial, ...over })))
  })
}

async function makeRoom(fixture: StoreFixture, question: RevocationQuestion): Promise<void> {
  expect((await statusOf(fixture, question)).kind).toBe('good')
}

describe('an answer that made room for others', () => {
  it('is not followed by an older list, which somebody may have kept from before a revocation', async () => {
    const functions = crlFunctions()
    const urls = ({ facts }: { facts: { serialNumber: string } }) => [`http://crl.example/${facts.serialNumber}`]
    const fixture = openStore({ limits, crl: { ...functions, urls } })
    const question = questionOf(FIRST_PATH)
    serveCrl(fixture, { revoked: { a: 'keyCompromise' } })
    expect((await statusOf(fixture, question)).kind).toBe('revoked')
    serveCrl(fixture)
    await makeRoom(fixture, { ...other, check: ['crl'] })
    serveCrl(fixture, { thisUpdate: before })
    expect((await statusOf(fixture, question)).kind).toBe('unknown')
    expect(problems(fixture)).toEqual(['older'])
  })

  it('still revokes the one certificate that it was about, whatever is answered', async () => {
    const fixture = openStore({ limits })
    serveOcsp(fixture, { status: 'revoked' })
    expect((await statusOf(fixture, revoked)).kind).toBe('revoked')
    serveOcsp(fixture)
    await makeRoom(fixture, other)
    serveOcsp(fixture, { thisUpdate: before })
    expect(peekKind(fixture, revoked)).toBe('revoked')
  })

  it('leaves nothing behind that keeps its like from coming back', async () => {
    const fixture = openStore({ limits })
    serveOcsp(fixture)
    for (const question of [revoked, other, revoked]) await makeRoom(fixture, question)
    expect(problems(fixture)).toEqual([])
  })
})

describe('the answers of one issuer', () => {
  it('do not make room for those of another who has more', async () => {
    const two = { ...limits.ocsp, held: { maxEntries: 2, maxBytes: 2 ** 20 } }
    const fixture = openStore({ limits: { ocsp: two } })
    const { anchor, intermediates } = FIRST_PATH
    const [issuing = anchor] = intermediates
    const ofRoot = questionOf({ client: issuing, intermediates: [], anchor }, { check: ['ocsp'] })
    serveOcsp(fixture, { signer: 'CN=Root' })
    await makeRoom(fixture, ofRoot)
    serveOcsp(fixture)
    for (const question of [revoked, other]) await makeRoom(fixture, question)
    expect([ofRoot, revoked, other].map((each) => peekKind(fixture, each))).toEqual(['good', null, 'good'])
  })
})
