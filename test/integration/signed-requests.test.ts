import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit } from '../support/gateway.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'
import { ISSUER, openSignedLaboratory, type SignedLaboratory } from '../support/signed-laboratory.ts'

let lab: SignedLaboratory
beforeAll(async () => {
  lab = await openSignedLaboratory()
}, 60_000)
afterAll(() => lab.stop())

describe('a request that its software signed', () => {
  it.each(['application/jose', 'application/jwt', 'Application/JOSE; charset=UTF-8'])(
    'is registered as %s, with its metadata alone',
    async (contentType) => {
      const answer = await lab.send(lab.software.sign(lab.payload()), contentType)
      expect(answer.status, answer.text).toBe(201)
      expect(answer.body).toMatchObject({ redirect_uris: ['https://tpp.example/cb'], jwks_uri: lab.keystore.jwksUri })
      for (const claim of ['iss', 'aud', 'exp', 'jti']) expect(answer.body).not.toHaveProperty(claim)
      expect(lab.laboratory.identityServer.seen.at(-1)?.headers).toMatchObject({
        ...{ 'content-type': 'application/json', 'x-request-id': 'request-1' },
        'x-request-type': contentType.split(';')[0]?.toLowerCase(),
      })
    },
  )

  it('is recorded with its key, its algorithm and the digest of its id', async () => {
    await lab.send(lab.software.sign(lab.payload({ aud: ['elsewhere', 'bank-1'] })))
    const record = (await readAudit(lab.laboratory)).at(-1)
    expect(record).toMatchObject({
      ...{ decision: 'granted', contentType: 'application/jose', statement: { directory: 'obie', issuer: ISSUER } },
      signature: {
        ...{ algorithm: 'PS256', keyId: 'software', type: 'JWT', keysUri: lab.keystore.jwksUri },
        ...{ certificateThumbprint: null, jtiSha256: createHash('sha256').update('request-1').digest('base64url') },
      },
    })
    expect(record?.['metadataMembers']).not.toContain('jti')
  })

  it('may be unsigned where the policy says so, and signed there, too', async () => {
    const created = await lab.send(lab.software.sign(lab.payload()))
    const uri = String(created.body['registration_client_uri']).replace(/^https:\/\/[^/]+/, '')
    const update = async (body: string, contentType: string): Promise<RegistrantAnswer> =>
      sendAs(lab.tpp, {
        ...{ method: 'PUT', url: `https://127.0.0.1:${lab.gateway.port}${uri}`, body },
        headers: {
          ...{ 'content-type': contentType },
          authorization: `Bearer ${String(created.body['registration_access_token'])}`,
        },
      })
    const claims = ['iss', 'aud', 'iat', 'exp', 'jti']
    const json = Object.fromEntries(Object.entries(lab.payload()).filter(([name]) => !claims.includes(name)))
    // The policy registers no client_id, which the identity server wants repeated: it is the one who refuses both alike.
    for (const [body, type] of [
      [JSON.stringify(json), 'application/json'],
      [lab.software.sign(lab.payload()), 'application/jwt'],
    ] as const) {
      await update(body, type)
      expect((await readAudit(lab.laboratory)).at(-1)?.['reason']).toBe('upstream-refused')
    }
  })
})
