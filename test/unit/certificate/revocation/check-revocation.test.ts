import { describe, expect, it } from 'vitest'
import { certificatesOf } from '../../../../src/certificate/path/certificate-path.ts'
import { checkRevocation, type RevocationVerdict } from '../../../../src/certificate/revocation/check-revocation.ts'
import type { RevocationQuestion } from '../../../../src/certificate/revocation/store/revocation-functions.ts'
import type { RevocationStatus } from '../../../../src/certificate/revocation/revocation-status.ts'
import type {
  RevocationAnswer,
  RevocationSources,
} from '../../../../src/certificate/revocation/store/revocation-store.ts'
import type { RevocationDemand } from '../../../../src/model/policy.ts'
import { reasonEntry } from '../../../../src/model/reasons.ts'
import { FIRST_PATH, START } from './revocation-fixture.ts'

const [CLIENT, ISSUING] = certificatesOf(FIRST_PATH)
const DEMAND: RevocationDemand = { check: ['ocsp', 'crl'], unknown: 'refuse', lastGoodHoldsSeconds: 60, issuers: [] }

const GOOD: RevocationAnswer = {
  status: { kind: 'good', source: 'crl', thisUpdate: START, nextUpdate: START },
  tried: [],
}
const REVOKED: RevocationAnswer = {
  status: { kind: 'revoked', source: 'ocsp', revokedAt: START, reason: 'keyCompromise' },
  tried: [],
}
const UNKNOWN: RevocationAnswer = {
  status: { kind: 'unknown', why: 'x' },
  tried: [
    { source: 'ocsp', why: 'http://ocsp.example/: timeout: 10.0.0.7' },
    { source: 'crl', why: 'out of date' },
  ],
}
const NOBODY: RevocationAnswer = { status: { kind: 'unknown', why: 'nobody to ask' }, tried: [] }

interface Known {
  readonly client: RevocationAnswer
  readonly issuing: RevocationAnswer
  /** Whether memory holds it. */
  readonly remembered?: boolean
}

/** What a store knows, and how often it was asked. */
function storeOf({ client, issuing, remembered = true }: Known) {
  const asked: RevocationQuestion[] = []
  const find = ({ link }: RevocationQuestion) => (link.certificate === CLIENT ? client : issuing)
  const store: RevocationSources = {
    peek: (question) => (remembered ? find(question) : null),
    ask: (question) => {
      asked.push(question)
      return Promise.resolve(find(question))
    },
  }
  return { store, asked }
}

async function check(known: Known, over: Partial<RevocationDemand> = {}): Promise<RevocationVerdict> {
  return checkRevocation(FIRST_PATH, { ...DEMAND, ...over }, storeOf(known).store, START)
}

const kinds = ({ certificates }: RevocationVerdict): readonly (RevocationStatus['kind'] | undefined)[] =>
  certificates.map(({ answer }) => answer?.status.kind)

describe('the revocation of a path', () => {
  it('is asked from the anchor down: nobody is asked where a certificate of a revoked or doubtful issuer says', async () => {
    for (const issuing of [REVOKED, UNKNOWN]) {
      const { store, asked } = storeOf({ client: GOOD, issuing, remembered: false })
      const verdict = await checkRevocation(FIRST_PATH, DEMAND, store, START)
      expect(verdict.refused?.at).toBe('issuer certificate')
      expect(asked.map(({ link }) => link.certificate)).toEqual([ISSUING])
      expect(verdict.certificates[0]?.answer).toBeNull()
    }
  })

  it('is asked of every certificate below the anchor, each with its own issuer', async () => {
    const { store, asked } = storeOf({ client: GOOD, issuing: GOOD, remembered: false })
    const verdict = await checkRevocation(FIRST_PATH, DEMAND, store, START)
    expect(verdict.refused).toBeNull()
    expect(asked.map(({ link }) => [link.certificate, link.issuer])).toEqual([
      [ISSUING, FIRST_PATH.anchor],
      [CLIENT, ISSUING],
    ])
    expect(asked[0]).toMatchObject({ check: ['ocsp', 'crl'], lastGoodHoldsMs: 60_000 })
  })

  it('is told without a promise when memory knows all of it', () => {
    expect(checkRevocation(FIRST_PATH, DEMAND, storeOf({ client: GOOD, issuing: GOOD }).store, START)).toMatchObject({
      refused: null,
    })
  })

  it('is not asked for any further once one certificate is known to be revoked', () => {
    const { store, asked } = storeOf({ client: GOOD, issuing: REVOKED })
    const half: RevocationSources = {
      ...store,
      peek: (question, now) => (question.link.certificate === CLIENT ? null : store.peek(question, now)),
    }
    const verdict = checkRevocation(FIRST_PATH, DEMAND, half, START)
    expect(verdict).toMatchObject({ refused: { reason: 'client-certificate-issuer-revoked' } })
    expect(asked).toEqual([])
  })

  it.each([true, false])('is the same whether memory knows it or not: %s', async (remembered) => {
    expect((await check({ client: REVOKED, issuing: GOOD, remembered })).refused?.reason).toBe(
      'client-certificate-revoked',
    )
  })
})

describe('a revoked certificate', () => {
  it('refuses with when and why it was revoked', async () => {
    expect((await check({ client: REVOKED, issuing: GOOD })).refused).toMatchObject({
      reason: 'client-certificate-revoked',
      at: 'client certificate',
      found: `revoked at ${START.toISOString()}, keyCompromise`,
      detail: expect.stringContaining('by OCSP') as unknown,
    })
  })

  it('of an intermediate refuses with a reason of its own that names it', async () => {
    expect((await check({ client: GOOD, issuing: REVOKED })).refused).toMatchObject({
      reason: 'client-certificate-issuer-revoked',
      at: 'issuer certificate',
      found: expect.stringContaining('of CN=Issuing') as unknown,
    })
  })

  it('goes before everything unknown, and the own one before that of an issuer', async () => {
    expect((await check({ client: UNKNOWN, issuing: REVOKED })).refused?.reason).toBe(
      'client-certificate-issuer-revoked',
    )
    expect((await check({ client: REVOKED, issuing: REVOKED })).refused?.reason).toBe('client-certificate-revoked')
  })

  it('refuses also where unknown ones are accepted', async () => {
    expect((await check({ client: REVOKED, issuing: UNKNOWN }, { unknown: 'accept' })).refused?.reason).toBe(
      'client-certificate-revoked',
    )
  })
})

describe('an unknown status', () => {
  it('refuses as something that will pass, tells the registrant no addresses and the operator what failed', async () => {
    const { refused } = await check({ client: UNKNOWN, issuing: GOOD })
    expect(refused).toMatchObject({
      reason: 'client-certificate-revocation-unknown',
      at: 'client certificate',
      wanted: 'a current answer of OCSP and a CRL',
      detail: expect.stringMatching(
        /^ocsp: http:\/\/ocsp\.example\/: timeout: 10\.0\.0\.7; crl: out of date; certificate CN=/,
      ) as unknown,
    })
    expect(`${refused?.message ?? ''} ${refused?.found ?? ''}`).not.toContain('10.0.0.7')
    expect(reasonEntry('client-certificate-revocation-unknown')).toMatchObject({
      status: 503,
      error: 'temporarily_unavailable',
      retryAfterSeconds: 30,
    })
  })

  it('is a fault of the certificate, which no waiting mends, when it names nobody to ask', async () => {
    const { refused } = await check({ client: GOOD, issuing: NOBODY })
    expect(refused).toMatchObject({
      reason: 'client-certificate-revocation-unstated',
      at: 'issuer certificate',
      message: expect.stringContaining('does not say where its revocation can be asked for') as unknown,
      wanted: 'a certificate that names OCSP or a CRL',
      detail: expect.stringContaining('trust folder') as unknown,
    })
  })

  it('is let through where the policy accepts it, and stays visible', async () => {
    const verdict = await check({ client: UNKNOWN, issuing: GOOD }, { unknown: 'accept' })
    expect(verdict.refused).toBeNull()
    expect(kinds(verdict)).toEqual(['unknown', 'good'])
    expect(verdict.certificates[0]?.answer?.tried).toEqual(UNKNOWN.tried)
  })

  it.each([
    ['accept', 'refuse', 'client-certificate-revocation-unknown'],
    ['refuse', 'accept', undefined],
  ] as const)('is judged by what the policy says of the issuer: %s, of this one %s', async (unknown, own, reason) => {
    const issuers = [
      { issuerKey: 'another', unknown },
      { issuerKey: FIRST_PATH.client.issuerKey, unknown: own },
    ]
    expect((await check({ client: UNKNOWN, issuing: GOOD }, { unknown, issuers })).refused?.reason).toBe(reason)
  })

  it('refuses when the policy names nothing to ask, rather than passing by oversight', async () => {
    expect((await check({ client: NOBODY, issuing: NOBODY }, { check: [] })).refused?.reason).toBe(
      'client-certificate-revocation-unstated',
    )
  })
})
