import { beforeEach, describe, expect, it } from 'vitest'
import { reasonEntry, type Reason } from '../../../src/model/reasons.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { VerifiedStatement } from '../../../src/model/statement.ts'
import { brazilianClaims, createStatementSigner, type SigningAlgorithm } from '../../support/sign-statement.ts'
import {
  findingsOf,
  LIMITS,
  NOW,
  openDirectory,
  reasonsOf,
  verifierFor,
  type DirectoryFixture,
} from './directory-fixture.ts'

const signer = await createStatementSigner()
const claims = brazilianClaims(NOW)
const seconds = NOW.getTime() / 1000

let fixture: DirectoryFixture
let verify: (statement: string | null, operation?: Operation) => Promise<VerifiedStatement | null>
beforeEach(async () => {
  fixture = await openDirectory([signer.jwk])
  verify = verifierFor(fixture)
})

/** Status and error as the regime demands them of the answer. */
function answerOf(reason: string): string {
  const { status, error } = reasonEntry(reason as Reason)
  return `${String(status)} ${error}`
}

async function expectRefused(outcome: Promise<unknown>, reason: Reason): Promise<void> {
  expect(await reasonsOf(outcome)).toEqual([reason])
  expect(answerOf(reason)).toBe('400 invalid_software_statement')
}

describe.each(['create', 'update'] as const)('Open Finance Brasil, software statement, %s', (operation) => {
  it('BR-SSA-01: is required (7.1-2)', async () => {
    await expectRefused(verify(null, operation), 'statement-required')
  })

  it('BR-SSA-02: is a compact JWS with a JSON payload', async () => {
    await expectRefused(verify('not a statement', operation), 'statement-malformed')
    await expectRefused(
      verify(signer.signText('{"alg":"PS256","kid":"signer"}', 'text'), operation),
      'statement-malformed',
    )
    expect(await verify(signer.sign(claims), operation)).toMatchObject({ claims })
  })

  it.each<SigningAlgorithm>(['RS256', 'PS384', 'PS512', 'ES256', 'EdDSA'])(
    'BR-SSA-03: is signed with PS256, not %s, even if the key matches (7.1-2)',
    async (alg) => {
      const other = await createStatementSigner({ alg, kid: 'other', keyLabel: 'BR-SSA-03' })
      fixture.server.behave({ kind: 'keys', keys: [signer.jwk, other.jwk] })
      await expectRefused(verify(other.sign(claims), operation), 'statement-algorithm-forbidden')
    },
  )

  it('BR-SSA-04: verifies with the key of the directory that its kid names (9.3.1-3)', async () => {
    const genuine = signer.sign(claims)
    const [header = '', payload = '', signature = ''] = genuine.split('.')
    const bytes = Buffer.from(signature, 'base64url').map((byte) => byte ^ 0x5a)
    const broken = `${header}.${payload}.${Buffer.from(bytes).toString('base64url')}`
    await expectRefused(verify(broken, operation), 'statement-signature-invalid')
    expect(await verify(genuine, operation)).toMatchObject({ keyId: 'signer', algorithm: 'PS256' })
  })

  it('BR-SSA-05: names no key that is missing, ambiguous or not RSA, after one refresh', async () => {
    const elliptic = await createStatementSigner({ alg: 'ES256', kid: 'elliptic' })
    const twin = await createStatementSigner({ kid: 'twin', keyLabel: 'twin' })
    fixture.server.behave({ kind: 'keys', keys: [signer.jwk, elliptic.jwk, twin.jwk, twin.jwk] })
    for (const kid of ['missing', 'twin', 'elliptic'])
      await expectRefused(verify(twin.sign(claims, { kid }), operation), 'statement-key-unknown')
    expect(fixture.server.requestCount()).toBe(2)
  })

  it('BR-SSA-06: brings no key of its own and no critical extension', async () => {
    const forger = await createStatementSigner({ keyLabel: 'forger' })
    await expectRefused(verify(forger.sign(claims, { jwk: forger.jwk }), operation), 'statement-signature-invalid')
    await expectRefused(verify(signer.sign(claims, { crit: ['exp'] }), operation), 'statement-header-forbidden')
  })

  it('BR-SSA-07: comes from the issuer pinned for the environment (9.2)', async () => {
    const iss = 'Open Banking Open Banking Brasil prod SSA issuer'
    await expectRefused(verify(signer.sign({ ...claims, iss }), operation), 'statement-issuer-untrusted')
  })

  it('BR-SSA-08: is at most 300 seconds old; exactly 300 pass (7.1-3)', async () => {
    expect(await verify(signer.sign({ ...claims, iat: seconds - 300 }), operation)).not.toBeNull()
    await expectRefused(verify(signer.sign({ ...claims, iat: seconds - 301 }), operation), 'statement-too-old')
    await expectRefused(verify(signer.sign({ ...claims, iat: undefined }), operation), 'statement-claim-invalid')
    await expectRefused(verify(signer.sign({ ...claims, iat: String(seconds) }), operation), 'statement-claim-invalid')
  })

  it('BR-SSA-09: is not from the future, beyond what clocks may differ', async () => {
    expect(await verify(signer.sign({ ...claims, iat: seconds + 60 }), operation)).not.toBeNull()
    await expectRefused(verify(signer.sign({ ...claims, iat: seconds + 61 }), operation), 'statement-from-future')
  })

  it('BR-SSA-10: needs no exp, but keeps to one it has', async () => {
    expect(claims).not.toHaveProperty('exp')
    expect(await verify(signer.sign(claims), operation)).not.toBeNull()
    await expectRefused(verify(signer.sign({ ...claims, exp: seconds }), operation), 'statement-expired')
  })
})

describe('Open Finance Brasil, software statement', () => {
  it('BR-SSA-11: has no jti, so the same statement may create and then update within its age', async () => {
    expect(claims).not.toHaveProperty('jti')
    const statement = signer.sign(claims)
    const created = await verify(statement, 'create')
    expect(await verify(statement, 'update')).toEqual(created)
  })

  it('BR-SSA-20: is not accepted while no keys of the directory can be had; the registrant is told to come back', async () => {
    fixture.server.behave({ kind: 'reset' })
    const [finding] = await findingsOf(verify(signer.sign(claims)))
    expect(finding?.reason).toBe('statement-keys-unavailable')
    expect(answerOf('statement-keys-unavailable')).toBe('503 temporarily_unavailable')
    expect(reasonEntry('statement-keys-unavailable').retryAfterSeconds).toBeGreaterThan(0)
  })

  it('BR-SSA-20: is verified with the keys at hand while the directory is away, for a limited time', async () => {
    await verify(signer.sign(claims))
    await fixture.server.stop()
    fixture.clock.step(LIMITS.freshMs + LIMITS.staleMs - 1)
    expect(await verify(signer.sign(claims))).not.toBeNull()
    fixture.clock.step(1)
    expect(await reasonsOf(verify(signer.sign(claims)))).toEqual(['statement-keys-unavailable'])
  })
})
