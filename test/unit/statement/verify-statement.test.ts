import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { StatementMode } from '../../../src/model/policy.ts'
import { createStatementVerification } from '../../../src/statement/verify-statement.ts'
import {
  brazilianClaims,
  createStatementSigner,
  EXAMPLE_ISSUER,
  type SigningAlgorithm,
} from '../../support/sign-statement.ts'
import {
  demandOf,
  findingsOf,
  JSON_LIMITS,
  NOW,
  openDirectory,
  reasonsOf,
  requestWith,
  verifierFor,
} from './directory-fixture.ts'

const signer = await createStatementSigner()
const good = signer.sign(brazilianClaims(NOW))
const all = (mode: StatementMode) => ({ create: mode, update: mode, read: mode, delete: mode }) as const

describe('a verified statement', () => {
  it('says who signed what, when, and with which key', async () => {
    const verify = verifierFor(await openDirectory([signer.jwk]))
    const claims = brazilianClaims(NOW, { iat: NOW.getTime() / 1000 - 7 })
    const compact = signer.sign(claims)
    expect(await verify(compact)).toEqual({
      directory: 'sandbox',
      issuer: EXAMPLE_ISSUER,
      keyId: 'signer',
      algorithm: 'PS256',
      claims,
      issuedAt: new Date('2026-11-23T11:59:53.000Z'),
      sha256: createHash('sha256').update(compact).digest('base64url'),
    })
  })

  it('cannot be changed afterwards', async () => {
    const verify = verifierFor(await openDirectory([signer.jwk]))
    expect(Object.isFrozen(await verify(good))).toBe(true)
  })

  it('may lack iat and kid where neither is needed', async () => {
    const verify = verifierFor(await openDirectory([signer.jwk]), { maxAgeSeconds: null })
    const statement = await verify(signer.sign({ iss: EXAMPLE_ISSUER }, { kid: undefined }))
    expect(statement).toMatchObject({ keyId: null, issuedAt: null, claims: { iss: EXAMPLE_ISSUER } })
  })

  const algorithms: readonly SigningAlgorithm[] = [
    ...(['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'] as const),
    ...(['ES256', 'ES384', 'ES512', 'EdDSA'] as const),
  ]
  it.each(algorithms)('may be signed with %s where the policy says so', async (alg) => {
    const own = await createStatementSigner({ alg, keyLabel: 'algorithms' })
    const verify = verifierFor(await openDirectory([own.jwk]), { algorithms: [alg] })
    expect(await verify(own.sign(brazilianClaims(NOW)))).toMatchObject({ algorithm: alg })
  })
})

describe('whether a statement must come', () => {
  const operations = ['create', 'update', 'read', 'delete'] as const
  it.each(operations)('is for the policy to say, operation by operation: %s', async (operation) => {
    const fixture = await openDirectory([signer.jwk])
    const verifyWhen = (mode: StatementMode, statement: string | null) =>
      verifierFor(fixture, { mode: { ...all('optional'), [operation]: mode } })(statement, operation)
    expect(await verifyWhen('required', good)).toMatchObject({ issuer: EXAMPLE_ISSUER })
    expect(await reasonsOf(verifyWhen('required', null))).toEqual(['statement-required'])
    expect(await verifyWhen('optional', good)).toMatchObject({ issuer: EXAMPLE_ISSUER })
    expect(await verifyWhen('optional', null)).toBeNull()
    expect(await reasonsOf(verifyWhen('forbidden', good))).toEqual(['statement-forbidden'])
    expect(await verifyWhen('forbidden', null)).toBeNull()
  })

  it('is said at software_statement', async () => {
    const fixture = await openDirectory([signer.jwk])
    const [missing] = await findingsOf(verifierFor(fixture)(null))
    const [unwanted] = await findingsOf(verifierFor(fixture, { mode: all('forbidden') })(good))
    expect([missing?.at, unwanted?.at]).toEqual(['software_statement', 'software_statement'])
  })
})

describe('without a pinned directory', () => {
  const verify = createStatementVerification({
    demand: demandOf({ mode: all('optional') }),
    directories: [],
    jsonLimits: JSON_LIMITS,
  })

  it('no statement is trusted', async () => {
    expect(await reasonsOf(verify(requestWith(good, 'create'), NOW))).toEqual(['statement-issuer-untrusted'])
  })

  it('a registration without one goes on where the policy lets it', async () => {
    expect(await verify(requestWith(null, 'create'), NOW)).toBeNull()
  })
})

describe('the stage', () => {
  it.each(['none', 'HS256', 'HS384', 'HS512', 'ps256'])('cannot be built to trust %s', async (algorithm) => {
    const fixture = await openDirectory([signer.jwk])
    expect(() => verifierFor(fixture, { algorithms: ['PS256', algorithm] })).toThrow(TypeError)
  })

  it('asks the directory for nothing before structure, algorithm and issuer are right', async () => {
    const fixture = await openDirectory([signer.jwk])
    const verify = verifierFor(fixture)
    const stranger = brazilianClaims(NOW, { iss: 'Somebody else' })
    expect(await reasonsOf(verify('a.b'))).toEqual(['statement-malformed'])
    expect(await reasonsOf(verify(signer.sign(stranger, { alg: 'RS256', crit: ['x'] })))).toEqual([
      'statement-header-forbidden',
    ])
    expect(await reasonsOf(verify(signer.sign(stranger, { alg: 'RS256' })))).toEqual(['statement-algorithm-forbidden'])
    expect(await reasonsOf(verify(signer.sign(stranger)))).toEqual(['statement-issuer-untrusted'])
    expect(fixture.server.requestCount()).toBe(0)
  })

  it('reads nothing of a statement but its issuer before the signature is verified', async () => {
    const verify = verifierFor(await openDirectory([signer.jwk]))
    const forger = await createStatementSigner()
    const stale = brazilianClaims(NOW, { iat: 0, exp: 0, nbf: 'x' })
    expect(await reasonsOf(verify(forger.sign(stale)))).toEqual(['statement-signature-invalid'])
    expect(await reasonsOf(verify(signer.sign(stale)))).toEqual([
      'statement-too-old',
      'statement-claim-invalid',
      'statement-expired',
    ])
  })

  it('measures age against the time it is given', async () => {
    const verify = verifierFor(await openDirectory([signer.jwk]))
    const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)
    expect(await verify(good, 'create', later(300))).not.toBeNull()
    expect(await reasonsOf(verify(good, 'create', later(301)))).toEqual(['statement-too-old'])
  })
})
