import { describe, expect, it } from 'vitest'
import type { SignedRequestDemand } from '../../../../src/model/policy.ts'
import { prove } from '../../../../src/model/proof.ts'
import type { RegistrationRequest, VerifiedRequest } from '../../../../src/model/registration-request.ts'
import type { VerifyChain } from '../../../../src/model/signer.ts'
import type { VerifiedStatement } from '../../../../src/model/statement.ts'
import { parseSignedRequest } from '../../../../src/request/signed/parse-signed-request.ts'
import { createSoftwareKeys } from '../../../../src/request/signed/software-keys.ts'
import { createRequestVerification } from '../../../../src/request/signed/verify-request.ts'
import { createStatementSigner } from '../../../support/sign-statement.ts'
import {
  authority,
  findingsOf,
  JSON_LIMITS,
  NOW,
  reasonsOf,
  requestWith,
  startServer,
  steppingClock,
  openGate,
} from '../../statement/directory-fixture.ts'

const signer = await createStatementSigner({ kid: 'software', keyLabel: 'software' })
const other = await createStatementSigner({ kid: 'software' })
const now = NOW.getTime() / 1000
const PAYLOAD = { iss: 'sw-1', aud: 'bank', iat: now, exp: now + 60, jti: 'j', channel: 'web', client_name: 'TPP' }
const STATEMENT = prove('statement', { claims: { software_id: 'sw-1' } } as never) as VerifiedStatement

const noChain: VerifyChain = () => Promise.reject(new Error('no chain is looked at'))

async function open(changes: Partial<SignedRequestDemand> = {}, verifyChain = noChain) {
  const server = await startServer([signer.jwk])
  const events: unknown[] = []
  const keys = createSoftwareKeys({
    hosts: [['127.0.0.1']],
    reach: { allowedPorts: null, allowPrivateAddresses: true, ca: authority.pem },
    clock: steppingClock(),
    gate: openGate(),
    onEvent: (event) => void events.push(event),
  })
  const demand: SignedRequestDemand = {
    mode: { create: 'required', update: 'optional', read: 'forbidden', delete: 'forbidden' },
    contentTypes: ['application/jose'],
    algorithms: ['PS256'],
    types: null,
    keyIdRequired: true,
    forbiddenHeaders: ['jwk', 'jku', 'x5u', 'x5c'],
    keys: { kind: 'address', locate: () => server.jwksUri, hosts: null },
    audience: () => ['bank', 'https://bank.example'],
    expiryRequired: true,
    maxAgeSeconds: 300,
    maxLifetimeSeconds: null,
    clockSkewSeconds: 60,
    claims: ['channel'],
    ...changes,
  }
  const verify = createRequestVerification({ demand, keys, verifyChain })
  return {
    ...{ server, events, keys },
    verify: (compact: string, statement: VerifiedStatement | null = STATEMENT): Promise<VerifiedRequest> =>
      verify(signedRequest(compact), statement, NOW),
    verifyPlain: (operation: 'create' | 'update' | 'read') =>
      verify({ ...requestWith(null, operation), metadata: { client_name: 'TPP' } }, null, NOW),
  }
}

function signedRequest(compact: string): RegistrationRequest {
  return { ...requestWith(null, 'create'), signed: parseSignedRequest(Buffer.from(compact), JSON_LIMITS) }
}

describe('a verified request', () => {
  it('says who signed it, and parts what was signed into claims and metadata', async () => {
    const { verify, server } = await open()
    const statement = 'a.b.c'
    const verified = await verify(signer.sign({ ...PAYLOAD, software_statement: statement }))
    expect(verified.metadata).toEqual({ client_name: 'TPP' })
    expect(verified.signature).toEqual({
      ...{ algorithm: 'PS256', keyId: 'software', type: 'JWT', keysUri: server.jwksUri, certificate: null },
      claims: { iss: 'sw-1', aud: 'bank', iat: now, exp: now + 60, jti: 'j', channel: 'web' },
    })
    expect(verified).not.toHaveProperty('signed')
    expect(Object.isFrozen(verified.metadata)).toBe(true)
  })

  it('is what it is where nobody has to sign', async () => {
    const { verifyPlain, server } = await open()
    expect(await verifyPlain('update')).toMatchObject({ metadata: { client_name: 'TPP' }, signature: null })
    expect(await verifyPlain('read')).toMatchObject({ signature: null })
    expect(server.requestCount()).toBe(0)
  })

  it('is none without a signature where one is demanded, whatever reading let through', async () => {
    const { verifyPlain } = await open()
    expect(await reasonsOf(verifyPlain('create'))).toEqual(['request-unsigned'])
  })

  it('is never one that is signed where nobody may sign', async () => {
    const mode = { create: 'forbidden', update: 'forbidden', read: 'forbidden', delete: 'forbidden' } as const
    const { verify, keys } = await open({ mode })
    expect(await reasonsOf(verify(signer.sign(PAYLOAD)))).toEqual(['request-signature-forbidden'])
    const never = createRequestVerification({ demand: null, keys, verifyChain: noChain })
    const request = signedRequest(signer.sign(PAYLOAD))
    expect(await reasonsOf(never(request, STATEMENT, NOW))).toEqual(['request-signature-forbidden'])
  })
})

describe('the order of trust', () => {
  it('reads nothing of the payload before the signature holds', async () => {
    const { verify } = await open()
    const stale = { ...PAYLOAD, aud: 'elsewhere', iat: 0, exp: 1 }
    expect(await reasonsOf(verify(other.sign(stale)))).toEqual(['request-signature-invalid'])
    expect(await reasonsOf(verify(signer.sign(stale)))).toEqual([
      'request-audience-wrong',
      'request-too-old',
      'request-expired',
    ])
  })

  it('asks nobody for keys before the header is right', async () => {
    const { verify, server } = await open({ types: ['JWT'] })
    const headers = [{ jwk: signer.jwk }, { typ: 'x' }, { alg: 'RS256' }, { kid: undefined }, { crit: ['exp'] }]
    const reasons = await Promise.all(headers.map((header) => reasonsOf(verify(signer.sign(PAYLOAD, header)))))
    expect(reasons.flat()).toEqual([
      'request-header-forbidden',
      'request-type-forbidden',
      'request-algorithm-forbidden',
      'request-key-unknown',
      'request-header-forbidden',
    ])
    expect(server.requestCount()).toBe(0)
  })

  it('asks nobody for keys without a verified statement, or where that names none', async () => {
    const { verify, server } = await open()
    expect(await reasonsOf(verify(signer.sign(PAYLOAD), null))).toEqual(['statement-required'])
    const nameless = await open({ keys: { kind: 'address', locate: () => null, hosts: null } })
    expect(await reasonsOf(nameless.verify(signer.sign(PAYLOAD)))).toEqual(['request-keys-address-invalid'])
    expect(server.requestCount()).toBe(0)
  })
})

describe('what the policy leaves open', () => {
  it('may be: a header that is not forbidden, a missing kid, any type', async () => {
    const { verify } = await open({ forbiddenHeaders: [], keyIdRequired: false })
    const compact = signer.sign(PAYLOAD, { jku: 'https://evil.example', kid: undefined, typ: undefined })
    expect((await verify(compact)).signature).toMatchObject({ keyId: null, type: null })
  })

  it('is the audience only where the policy names none', async () => {
    const { verify } = await open({ audience: null })
    expect((await verify(signer.sign({ ...PAYLOAD, aud: undefined }))).signature).not.toBeNull()
    const nobody = await open({ audience: () => [] })
    expect(await reasonsOf(nobody.verify(signer.sign(PAYLOAD)))).toEqual(['request-audience-wrong'])
  })
})

describe('the claims of a request', () => {
  it.each([['bank'], [['x', 'https://bank.example']]])('may name this server among others: %j', async (aud) => {
    const { verify } = await open()
    expect((await verify(signer.sign({ ...PAYLOAD, aud }))).signature?.claims).toMatchObject({ aud })
  })

  it.each([['Bank'], ['bank '], [[]], [['bank', 7]], [null], [{ bank: true }], [undefined]])(
    'must name it exactly: %j does not',
    async (aud) => {
      const { verify } = await open()
      const [finding] = await findingsOf(verify(signer.sign({ ...PAYLOAD, aud })))
      expect(finding).toMatchObject({
        ...{ reason: 'request-audience-wrong', at: 'request.aud', wanted: '"bank" or "https://bank.example"' },
      })
    },
  )

  it.each([
    [{ iat: now - 301, exp: now - 1 }, ['request-too-old', 'request-expired']],
    [{ iat: now + 61 }, ['request-from-future']],
    [{ nbf: now + 61 }, ['request-from-future']],
    [{ exp: now }, ['request-expired']],
    [{ exp: undefined }, ['request-claim-invalid']],
    [{ exp: (now + 60) * 1000 }, ['request-claim-invalid']],
    [{ iat: undefined }, ['request-claim-invalid']],
    [{ exp: now + 241, iat: now - 60 }, ['request-lifetime-too-long']],
    [{ exp: now + 240, iat: now - 60 }, []],
  ])('must be of the time and no longer: %j', async (changes, reasons) => {
    const { verify } = await open({ maxLifetimeSeconds: 300 })
    const verified = verify(signer.sign({ ...PAYLOAD, ...changes }))
    expect(reasons.length === 0 ? (await verified).signature?.algorithm : await reasonsOf(verified)).toEqual(
      reasons.length === 0 ? 'PS256' : reasons,
    )
  })
})

describe('a request that brings the chain of its signer', () => {
  const refused =
    (reason: 'client-certificate-expired' | 'client-certificate-revocation-unknown'): VerifyChain =>
    () =>
      Promise.resolve({ refused: { reason, at: 'client certificate', message: 'the client certificate is not good' } })
  const trusted =
    (key = signer.publicKey): VerifyChain =>
    () =>
      Promise.resolve({ signer: { certificate: { thumbprint: 't' } as never, key } })
  const CHAIN = { keys: { kind: 'chain', trust: 'seals' }, forbiddenHeaders: ['jwk'] } as const
  const compact = signer.sign(PAYLOAD, { x5c: ['AAAA'] })

  it('is verified by the certificate that its issuers vouch for, statement or not', async () => {
    const { verify } = await open(CHAIN, trusted())
    expect((await verify(compact, null)).signature).toMatchObject({ certificate: { thumbprint: 't' }, keysUri: null })
  })

  it.each([
    [refused('client-certificate-expired'), 'request-certificate-untrusted'],
    [refused('client-certificate-revocation-unknown'), 'request-keys-unavailable'],
    [trusted(other.publicKey), 'request-signature-invalid'],
  ])('is refused where its certificate does not vouch for it (%#)', async (verifyChain, reason) => {
    const { verify } = await open(CHAIN, verifyChain)
    expect(await reasonsOf(verify(compact))).toEqual([reason])
  })

  it.each([
    [undefined],
    [[]],
    ['AAAA'],
    [[7]],
    [['']],
    [['A A A']],
    [['AAAB-_']],
    [['AAB']],
    [Array.from({ length: 11 }, () => 'AAAA')],
    [['A'.repeat(16_388)]],
  ])('is malformed with a chain of another form: %.40j', async (x5c) => {
    const { verify } = await open(CHAIN, noChain)
    expect(await reasonsOf(verify(signer.sign(PAYLOAD, { x5c })))).toEqual(['request-signature-malformed'])
  })

  it('is not verified with an algorithm that is not for the key', async () => {
    const { verify } = await open({ ...CHAIN, algorithms: ['PS256', 'ES256'] }, trusted())
    expect(await reasonsOf(verify(signer.sign(PAYLOAD, { x5c: ['AAAA'], alg: 'ES256' })))).toEqual([
      'request-key-unknown',
    ])
  })
})

describe('the stage', () => {
  it.each(['none', 'HS256', 'ps256'])('cannot be built to trust %s', async (algorithm) => {
    await expect(open({ algorithms: ['PS256', algorithm] })).rejects.toThrow(TypeError)
  })
})
