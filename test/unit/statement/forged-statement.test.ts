import { createHmac, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseJws } from '../../../src/signature/parse-jws.ts'
import { verifySignature } from '../../../src/signature/verify-signature.ts'
import { SOFTWARE_STATEMENT } from '../../../src/statement/statement-words.ts'
import { mintSelfSigned } from '../../support/mint-certificates.ts'
import { brazilianClaims, createStatementSigner } from '../../support/sign-statement.ts'
import {
  findingsOf,
  JSON_LIMITS,
  NOW,
  openDirectory,
  reasonsOf,
  startServer,
  verifierFor,
} from './directory-fixture.ts'

const directory = await createStatementSigner({ keyLabel: 'directory' })
const attacker = await createStatementSigner()
const claims = brazilianClaims(NOW)
const genuine = directory.sign(claims)

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const part = (compact: string, index: number): string => compact.split('.')[index] ?? ''

async function reasonsFor(...statements: string[]): Promise<readonly (readonly string[])[]> {
  const verify = verifierFor(await openDirectory([directory.jwk]))
  return Promise.all(statements.map((statement) => reasonsOf(verify(statement))))
}

describe('a statement that brings its own key is judged by the keys of the directory alone (RFC 8725 section 3.10)', () => {
  it('embedded as jwk', async () => {
    const { kid, ...jwk } = attacker.jwk
    const forged = [{ jwk: attacker.jwk }, { jwk, kid: undefined }, { jwk, kid: 'attacker' }]
    expect(await reasonsFor(...forged.map((header) => attacker.sign(claims, header)))).toEqual([
      ['statement-signature-invalid'],
      ['statement-signature-invalid'],
      ['statement-key-unknown'],
    ])
    expect(kid).toBe('signer')
  })

  it('named by jku or x5u, whose server sees no request', async () => {
    const server = await startServer([attacker.jwk])
    const header = { jku: server.jwksUri, x5u: server.jwksUri }
    expect(await reasonsFor(attacker.sign(claims, header), attacker.sign(claims, { ...header, kid: 'other' }))).toEqual(
      [['statement-signature-invalid'], ['statement-key-unknown']],
    )
    expect(server.requestCount()).toBe(0)
  })

  it('certified in x5c', async () => {
    const self = await mintSelfSigned()
    const x5c = [new X509Certificate(self.der).raw.toString('base64')]
    expect(await reasonsFor(attacker.sign(claims, { x5c }))).toEqual([['statement-signature-invalid']])
  })

  it('while the same header on a genuine statement does no harm', async () => {
    const verify = verifierFor(await openDirectory([directory.jwk]))
    const header = { jwk: attacker.jwk, jku: 'https://attacker.example/jwks', x5c: ['AA=='] }
    expect(await verify(directory.sign(claims, header))).toMatchObject({ keyId: 'signer' })
  })
})

describe('a statement cannot choose how it is verified (RFC 8725 sections 2.1 and 3.1)', () => {
  it.each(['none', 'None', 'nOnE'])('as not at all, with alg %s', async (alg) => {
    const unsigned = `${encode({ alg, kid: 'signer' })}.${encode(claims)}.`
    expect(await reasonsFor(unsigned)).toEqual([['statement-algorithm-forbidden']])
  })

  it('nor by an empty signature under an allowed algorithm', async () => {
    expect(await reasonsFor(`${part(genuine, 0)}.${part(genuine, 1)}.`)).toEqual([['statement-signature-invalid']])
  })

  it('as a MAC keyed with the public key, in any of its spellings', async () => {
    const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'signer' })}.${encode(claims)}`
    const secrets = [
      directory.publicKey.export({ format: 'pem', type: 'spki' }),
      directory.publicKey.export({ format: 'der', type: 'spki' }),
      Buffer.from(directory.jwk.n ?? '', 'base64url'),
      JSON.stringify(directory.jwk),
    ]
    const forged = secrets.map((secret) => `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`)
    expect(await reasonsFor(...forged)).toEqual(secrets.map(() => ['statement-algorithm-forbidden']))
  })

  it('nor can a symmetric key slip into the directory', async () => {
    const k = Buffer.alloc(32, 7).toString('base64url')
    const verify = verifierFor(await openDirectory([{ kty: 'oct', k, kid: 'signer' }]))
    expect(await reasonsOf(verify(genuine))).toEqual(['statement-keys-unavailable'])
  })

  it('with another algorithm of the same key: RS256 for PS256', async () => {
    const { alg, ...jwk } = directory.jwk
    const sameKey = await createStatementSigner({ alg: 'RS256', keyLabel: 'directory' })
    const verify = verifierFor(await openDirectory([jwk]))
    expect(await reasonsOf(verify(sameKey.sign(claims)))).toEqual(['statement-algorithm-forbidden'])
    expect(await reasonsOf(verify(sameKey.sign(claims, { alg })))).toEqual(['statement-signature-invalid'])
    expect(await verify(directory.sign(claims))).toMatchObject({ algorithm: 'PS256' })
  })
})

describe('a statement that was changed is refused (RFC 7515 section 5.2)', () => {
  it('in its claims, its header or its signature', async () => {
    const claimsChanged = [part(genuine, 0), encode({ ...claims, org_id: 'other' }), part(genuine, 2)].join('.')
    const headerChanged = [encode({ alg: 'PS256', kid: 'signer' }), part(genuine, 1), part(genuine, 2)].join('.')
    const bytes = Buffer.from(part(genuine, 2), 'base64url').map((byte) => byte ^ 0x5a)
    const signatureChanged = [part(genuine, 0), part(genuine, 1), Buffer.from(bytes).toString('base64url')].join('.')
    const another = [part(genuine, 0), part(genuine, 1), part(directory.sign({ ...claims, a: 1 }), 2)].join('.')
    expect(await reasonsFor(claimsChanged, headerChanged, signatureChanged, another)).toEqual(
      Array.from({ length: 4 }, () => ['statement-signature-invalid']),
    )
  })

  it('with every way of spelling the same signature but one', async () => {
    const last = genuine.slice(-1)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const sameBytes = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
    const respelled = [
      `${genuine}==`,
      `${genuine}\n`,
      ` ${genuine}`,
      `${genuine.slice(0, -1)}${sameBytes}`,
      `${genuine}.`,
    ]
    const decoded = respelled.map((text) => Buffer.from(text.trim().split('.')[2] ?? '', 'base64url'))
    expect(decoded.every((bytes) => bytes.equals(Buffer.from(part(genuine, 2), 'base64url')))).toBe(true)
    expect(await reasonsFor(...respelled)).toEqual(respelled.map(() => ['statement-malformed']))
  })

  it('without its payload, detached (RFC 7515 appendix F)', async () => {
    expect(await reasonsFor(`${part(genuine, 0)}..${part(genuine, 2)}`)).toEqual([['statement-malformed']])
  })

  it('with its payload not encoded (RFC 7797)', async () => {
    expect(await reasonsFor(directory.sign(claims, { b64: false, crit: ['b64'] }))).toEqual([
      ['statement-header-forbidden'],
    ])
    expect(await reasonsFor(directory.sign(claims, { b64: false }))).toEqual([['statement-header-forbidden']])
  })

  it('with another statement inside', async () => {
    expect(await reasonsFor(directory.signText('{"alg":"PS256","kid":"signer","cty":"JWT"}', genuine))).toEqual([
      ['statement-malformed'],
    ])
  })

  it('with a header that two readers would read differently', async () => {
    const twice = '{"alg":"PS256","kid":"signer","kid":"other"}'
    const algorithms = '{"alg":"none","alg":"PS256","kid":"signer"}'
    const payload = JSON.stringify(claims)
    const forged = [twice, algorithms].map((header) => directory.signText(header, payload))
    expect(await reasonsFor(...forged)).toEqual([['statement-malformed'], ['statement-malformed']])
  })

  it('with claims that two readers would read differently, even well signed', async () => {
    const payload = JSON.stringify(claims).replace('{', '{"iss":"Somebody else",')
    expect(await reasonsFor(directory.signText('{"alg":"PS256","kid":"signer"}', payload))).toEqual([
      ['statement-malformed'],
    ])
  })
})

describe('a kid is a name and nothing else', () => {
  it.each(['../signer', '/etc/passwd', "signer' or '1'='1", 'SIGNER', 'signer ', '', '__proto__', 'toString'])(
    'such as %j',
    async (kid) => {
      expect(await reasonsFor(attacker.sign(claims, { kid }), directory.sign(claims, { kid }))).toEqual([
        ['statement-key-unknown'],
        ['statement-key-unknown'],
      ])
    },
  )

  it.each([0, 1, null, ['signer'], { kid: 'signer' }, true])('never another JSON value: %j', async (kid) => {
    expect(await reasonsFor(directory.sign(claims, { kid }))).toEqual([['statement-malformed']])
  })
})

describe('a signature', () => {
  it('is refused with a reason, and the library keeps its words to the operator', async () => {
    const verify = verifierFor(await openDirectory([directory.jwk]))
    expect(await findingsOf(verify(attacker.sign(claims)))).toEqual([
      {
        reason: 'statement-signature-invalid',
        at: 'software_statement',
        message: 'the signature of the software statement does not match',
        wanted: 'a signature by the key that the directory publishes under this key id',
        found: 'a signature by another key, or of other content',
        detail: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      },
    ])
  })

  it('counts for the very bytes whose claims were read', async () => {
    const read = parseJws(directory.sign({ ...claims, org_id: 'other' }), SOFTWARE_STATEMENT, JSON_LIMITS)
    const mixed = { ...read, compact: genuine }
    expect(await reasonsOf(verifySignature(mixed, directory.publicKey, ['PS256'], SOFTWARE_STATEMENT))).toEqual([
      'statement-signature-invalid',
    ])
  })

  it('is never verified by an algorithm outside of the list, whoever asks', async () => {
    const statement = parseJws(genuine, SOFTWARE_STATEMENT, JSON_LIMITS)
    expect(await reasonsOf(verifySignature(statement, directory.publicKey, ['RS256'], SOFTWARE_STATEMENT))).toEqual([
      'statement-signature-invalid',
    ])
  })

  it('that cannot be verified because of us is not blamed on the registrant', async () => {
    const statement = parseJws(genuine, SOFTWARE_STATEMENT, JSON_LIMITS)
    await expect(verifySignature(statement, directory.privateKey, ['PS256'], SOFTWARE_STATEMENT)).rejects.toThrow(
      TypeError,
    )
  })
})
