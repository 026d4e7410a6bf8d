import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reasonEntry, type Reason } from '../../src/model/reasons.ts'
import { readAudit } from '../support/gateway.ts'
import { ISSUER, openSignedLaboratory, seconds, type SignedLaboratory } from '../support/signed-laboratory.ts'

let lab: SignedLaboratory
beforeAll(async () => {
  lab = await openSignedLaboratory()
}, 60_000)
afterAll(() => lab.stop())

async function reasonFor(body: string | Buffer, contentType?: string): Promise<unknown> {
  const before = lab.laboratory.identityServer.seen.length
  const answer = await lab.send(body, contentType)
  const record = (await readAudit(lab.laboratory)).at(-1)
  expect(lab.laboratory.identityServer.seen.length, 'what is refused reaches no identity server').toBe(before)
  expect(answer.status, answer.text).toBe(reasonEntry(record?.['reason'] as Reason).status)
  return record?.['reason']
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a request is refused before the identity server hears of it', () => {
  const cases: [string, () => string | Buffer, Reason, string?][] = [
    ['unsigned JSON', () => JSON.stringify(lab.payload()), 'request-unsigned', 'application/json'],
    ['a JWS that calls itself JSON', () => lab.software.sign(lab.payload()), 'request-unsigned', 'application/json'],
    ['JSON that calls itself a JWS', () => JSON.stringify(lab.payload()), 'request-signature-malformed'],
    ['another content type', () => lab.software.sign(lab.payload()), 'content-type-unsupported', 'text/plain'],
    [
      'the JSON serialisation of a JWS',
      () => {
        const [header, body, signature] = lab.software.sign(lab.payload()).split('.')
        return JSON.stringify({ protected: header, payload: body, signature })
      },
      'request-signature-malformed',
    ],
    [
      'a detached payload',
      () => lab.software.sign(lab.payload()).replace(/\.[^.]+\./, '..'),
      'request-signature-malformed',
    ],
    [
      'a JWS within a JWS',
      () =>
        lab.software.signText(
          '{"alg":"PS256","typ":"JWT","cty":"JWT","kid":"software"}',
          lab.software.sign(lab.payload()),
        ),
      'request-signature-malformed',
    ],
    ['a line break after the JWS', () => `${lab.software.sign(lab.payload())}\n`, 'request-signature-malformed'],
    [
      'the same member twice in its payload',
      () =>
        lab.software.signText(
          '{"alg":"PS256","typ":"JWT","kid":"software"}',
          JSON.stringify(lab.payload()).replace('{', '{"redirect_uris":["https://evil.example/cb"],'),
        ),
      'request-signature-malformed',
    ],
    ['nothing', () => '', 'body-missing'],
    ['a megabyte', () => Buffer.alloc(1_048_576, 'a'), 'body-too-large'],
    [
      'alg none',
      () => `${encode({ alg: 'none', typ: 'JWT', kid: 'software' })}.${encode(lab.payload())}.`,
      'request-algorithm-forbidden',
    ],
    [
      'a MAC keyed with the public key (RFC 8725 section 2.1)',
      () => {
        const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'software' })}.${encode(lab.payload())}`
        const key = lab.software.publicKey.export({ format: 'pem', type: 'spki' })
        return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
      },
      'request-algorithm-forbidden',
    ],
    [
      'RS256 where PS256 is wanted',
      () => lab.software.sign(lab.payload(), { alg: 'RS256' }),
      'request-algorithm-forbidden',
    ],
    ['no kid', () => lab.software.sign(lab.payload(), { kid: undefined }), 'request-key-unknown'],
    ['the kid of another software', () => lab.other.sign(lab.payload()), 'request-key-unknown'],
    [
      'the key of another software under its own kid',
      () => lab.other.sign(lab.payload(), { kid: 'software' }),
      'request-signature-invalid',
    ],
    ['a key for encryption', () => lab.sealed.sign(lab.payload()), 'request-key-unknown'],
    ['a typ of something else', () => lab.software.sign(lab.payload(), { typ: 'at+jwt' }), 'request-type-forbidden'],
    [
      'a critical extension',
      () => lab.software.sign(lab.payload(), { crit: ['b64'], b64: true }),
      'request-header-forbidden',
    ],
    ['another audience', () => lab.software.sign(lab.payload({ aud: 'bank-2' })), 'request-audience-wrong'],
    ['no audience', () => lab.software.sign(lab.payload({ aud: undefined })), 'request-audience-wrong'],
    ['an exp that is over', () => lab.software.sign(lab.payload({ exp: seconds() - 1 })), 'request-expired'],
    ['no exp', () => lab.software.sign(lab.payload({ exp: undefined })), 'request-claim-invalid'],
    ['an iat in the future', () => lab.software.sign(lab.payload({ iat: seconds() + 120 })), 'request-from-future'],
    ['an iat of long ago', () => lab.software.sign(lab.payload({ iat: seconds() - 301 })), 'request-too-old'],
    [
      'a lifetime of days',
      () => lab.software.sign(lab.payload({ exp: seconds() + 86_400 })),
      'request-lifetime-too-long',
    ],
    ['a claim of another type', () => lab.software.sign(lab.payload({ jti: 7 })), 'request-claim-invalid'],
    ['the iss of another software', () => lab.software.sign(lab.payload({ iss: 'sw-2' })), 'rule-broken'],
    [
      'a payload replaced after it was signed',
      () => {
        const [header, , signature] = lab.software.sign(lab.payload()).split('.')
        return `${header ?? ''}.${encode(lab.payload({ redirect_uris: ['https://evil.example/cb'] }))}.${signature ?? ''}`
      },
      'request-signature-invalid',
    ],
    ['no statement', () => lab.software.sign(lab.payload({ software_statement: undefined })), 'statement-required'],
    [
      'a statement that somebody else signed',
      () =>
        lab.software.sign(
          lab.payload({ software_statement: lab.other.sign({ iss: ISSUER, iat: seconds() }, { kid: 'directory' }) }),
        ),
      'statement-signature-invalid',
    ],
    [
      'the statement of another software, and a signature of its own',
      () =>
        lab.software.sign(
          lab.payload({ software_statement: lab.statement({ software_jwks_endpoint: lab.foreignKeystore.jwksUri }) }),
        ),
      'request-key-unknown',
    ],
    [
      'keys at a host that is not allowed',
      () =>
        lab.software.sign(
          lab.payload({ software_statement: lab.statement({ software_jwks_endpoint: 'https://evil.example/k' }) }),
        ),
      'request-keys-address-invalid',
    ],
    [
      'keys without TLS',
      () =>
        lab.software.sign(
          lab.payload({ software_statement: lab.statement({ software_jwks_endpoint: 'http://127.0.0.1/k' }) }),
        ),
      'request-keys-address-invalid',
    ],
    [
      'a statement that names no keys',
      () =>
        lab.software.sign(lab.payload({ software_statement: lab.statement({ software_jwks_endpoint: undefined }) })),
      'request-keys-address-invalid',
    ],
  ]
  it.each<[string, () => string | Buffer, Reason, string?]>(cases)('for %s', async (_, body, reason, contentType) => {
    expect(await reasonFor(body(), contentType)).toBe(reason)
  })

  it.each(['jwk', 'jku', 'x5u', 'x5c'])(
    'for a key that it brings itself in %s, whose server sees no request',
    async (name) => {
      const brought = {
        jwk: lab.other.jwk,
        jku: lab.foreignKeystore.jwksUri,
        x5u: lab.foreignKeystore.jwksUri,
        x5c: ['AA=='],
      }[name]
      const before = lab.foreignKeystore.requestCount()
      expect(await reasonFor(lab.other.sign(lab.payload(), { [name]: brought }))).toBe('request-header-forbidden')
      expect(lab.foreignKeystore.requestCount()).toBe(before)
    },
  )

  it('for keys that only the request names', async () => {
    const before = lab.foreignKeystore.requestCount()
    const forged = lab.other.sign(
      lab.payload({ software_jwks_endpoint: lab.foreignKeystore.jwksUri, jwks: { keys: [lab.other.jwk] } }),
    )
    expect(await reasonFor(forged)).toBe('request-key-unknown')
    expect(lab.foreignKeystore.requestCount()).toBe(before)
  })

  it('while its keys cannot be fetched: later, and not for good', async () => {
    const elsewhere = lab.keystore.jwksUri.replace('.jwks', '.jwks?none')
    const body = lab.software.sign(
      lab.payload({ software_statement: lab.statement({ software_jwks_endpoint: elsewhere }) }),
    )
    const answer = await lab.send(body)
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable'])
    expect(answer.headers['retry-after']).toBe('30')
    expect((await readAudit(lab.laboratory)).at(-1)?.['reason']).toBe('request-keys-unavailable')
  })
})
