import { createHash, createHmac } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunningGateway } from '../../src/gateway.ts'
import { reasonEntry, type Reason } from '../../src/model/reasons.ts'
import { startDirectoryServer, type DirectoryServer } from '../support/directory-server.ts'
import { readAudit, startLaboratoryGateway } from '../support/gateway.ts'
import { openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from '../support/registrant.ts'
import { createStatementSigner, type StatementSigner } from '../support/sign-statement.ts'

const ISSUER = 'OpenBanking Ltd'
const POLICY = `apiVersion: dcr-gateway/v1
name: signed
version: "1"
title: Registrations that software signs itself
source: A test
parameters:
  audiences: { type: list(string), default: [bank-1], meaning: names of this bank }
  keyHosts: { type: list(string), default: [127.0.0.1], meaning: where keys of software are }
softwareStatement:
  create: required
  update: required
  algorithms: [PS256]
  maxAgeSeconds: 300
  directories:
    obie: { issuers: [${ISSUER}], jwksFile: keys/obie.jwks }
  claims: { software_id: string, software_jwks_endpoint: string }
signedRequest:
  create: required
  update: optional
  contentTypes: [application/jose, application/jwt]
  algorithms: [PS256]
  types: [JWT]
  keys: { uri: statement.software_jwks_endpoint, hosts: parameters.keyHosts }
  audience: parameters.audiences
  maxAgeSeconds: 300
  maxLifetimeSeconds: 600
  claims: { iss: string, jti: string }
members:
  redirect_uris: list(string)
  token_endpoint_auth_method: string
  grant_types: list(string)
  response_types: list(string)
  id_token_signed_response_alg: string
  jwks_uri: string
unknownMembers: refuse
effects:
  - default: { jwks_uri: statement.software_jwks_endpoint }
rules:
  - id: signed-by-the-software
    title: iss is the software
    when: request.isSigned
    require: request.claims.iss == statement.software_id && request.header.alg == "PS256" && statementIssuer == "obie"
    message: iss must be the software
headers:
  X-Request-Id: request.claims.?jti
  X-Request-Type: request.contentType
`

let laboratory: Laboratory
let gateway: RunningGateway
let keystore: DirectoryServer
let foreignKeystore: DirectoryServer
let tpp: RegistrantIdentity
let directory: StatementSigner
let software: StatementSigner
let retired: StatementSigner
let other: StatementSigner

beforeAll(async () => {
  laboratory = await openLaboratory({ policies: 'policies' })
  directory = await createStatementSigner({ kid: 'directory', keyLabel: 'directory of signed requests' })
  software = await createStatementSigner({ kid: 'software', keyLabel: 'software of signed requests' })
  retired = await createStatementSigner({ kid: 'sealed', keyLabel: 'encryption key of signed requests' })
  other = await createStatementSigner({ kid: 'other', keyLabel: 'other software of signed requests' })
  const [certificate = '', privateKey = ''] = await Promise.all(
    ['server.pem', 'server.key'].map((name) => readFile(join(laboratory.folder, name), 'utf8')),
  )
  const keys = [software.jwk, { ...retired.jwk, use: 'enc' }]
  keystore = await startDirectoryServer({ certificate, privateKey, keys })
  foreignKeystore = await startDirectoryServer({ certificate, privateKey, keys: [other.jwk] })
  await mkdir(join(laboratory.folder, 'policies/signed/keys'), { recursive: true })
  await writeFile(join(laboratory.folder, 'policies/signed/policy.yaml'), POLICY)
  await writeFile(join(laboratory.folder, 'policies/signed/keys/obie.jwks'), JSON.stringify({ keys: [directory.jwk] }))
  await laboratory.writeSettings({
    ...laboratory.settings,
    policies: { folder: join(laboratory.folder, 'policies') },
    directories: {},
    softwareKeys: { hosts: ['127.0.0.1'], allowPrivateAddresses: true, caFile: 'internal-ca.pem' },
    endpoints: [{ path: '/register', policy: 'signed', trustedIssuers: 'sandbox', directories: ['obie'] }],
  })
  gateway = await startLaboratoryGateway(laboratory)
  tpp = await laboratory.registrant(SOFTWARE)
}, 60_000)
beforeEach(() => keystore.behave({ kind: 'keys', keys: [software.jwk, { ...retired.jwk, use: 'enc' }] }))
afterAll(async () => {
  await gateway.stop()
  await keystore.stop()
  await foreignKeystore.stop()
  await laboratory.stop()
})

type Members = Readonly<Record<string, unknown>>
const seconds = (): number => Math.floor(Date.now() / 1000)

function statement(changes: Members = {}): string {
  const claims = { iss: ISSUER, iat: seconds(), jti: 's-1', software_id: 'sw-1' }
  return directory.sign({ ...claims, software_jwks_endpoint: keystore.jwksUri, ...changes })
}

function payload(changes: Members = {}): Members {
  const metadata = {
    redirect_uris: ['https://tpp.example/cb'],
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'PS256',
  }
  const now = seconds()
  const claims = { iss: 'sw-1', aud: 'bank-1', iat: now, exp: now + 300, jti: 'request-1' }
  return { ...claims, ...metadata, software_statement: statement(), ...changes }
}

function send(body: string | Buffer, contentType = 'application/jose'): Promise<RegistrantAnswer> {
  const url = `https://127.0.0.1:${gateway.port}/register`
  return sendAs(tpp, { method: 'POST', url, body, headers: { 'content-type': contentType } })
}

const seenBodies = (): number => laboratory.identityServer.seen.length

async function reasonFor(body: string | Buffer, contentType?: string): Promise<unknown> {
  const before = seenBodies()
  const answer = await send(body, contentType)
  const record = (await readAudit(laboratory)).at(-1)
  expect(seenBodies(), 'what is refused reaches no identity server').toBe(before)
  expect(answer.status, answer.text).toBe(reasonEntry(record?.['reason'] as Reason).status)
  return record?.['reason']
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a request that its software signed', () => {
  it.each(['application/jose', 'application/jwt', 'Application/JOSE; charset=UTF-8'])(
    'is registered as %s, with its metadata alone',
    async (contentType) => {
      const answer = await send(software.sign(payload()), contentType)
      expect(answer.status, answer.text).toBe(201)
      expect(answer.body).toMatchObject({ redirect_uris: ['https://tpp.example/cb'], jwks_uri: keystore.jwksUri })
      for (const claim of ['iss', 'aud', 'exp', 'jti']) expect(answer.body).not.toHaveProperty(claim)
      expect(laboratory.identityServer.seen.at(-1)?.headers).toMatchObject({
        ...{ 'content-type': 'application/json', 'x-request-id': 'request-1' },
        'x-request-type': contentType.split(';')[0]?.toLowerCase(),
      })
    },
  )

  it('is recorded with its key, its algorithm and the digest of its id', async () => {
    await send(software.sign(payload({ aud: ['elsewhere', 'bank-1'] })))
    const record = (await readAudit(laboratory)).at(-1)
    expect(record).toMatchObject({
      ...{ decision: 'granted', contentType: 'application/jose', statement: { directory: 'obie', issuer: ISSUER } },
      signature: {
        ...{ algorithm: 'PS256', keyId: 'software', type: 'JWT', keysUri: keystore.jwksUri },
        ...{ certificateThumbprint: null, jtiSha256: createHash('sha256').update('request-1').digest('base64url') },
      },
    })
    expect(record?.['metadataMembers']).not.toContain('jti')
  })

  it('may be unsigned where the policy says so, and signed there, too', async () => {
    const created = await send(software.sign(payload()))
    const uri = String(created.body['registration_client_uri']).replace(/^https:\/\/[^/]+/, '')
    const update = async (body: string, contentType: string): Promise<RegistrantAnswer> =>
      sendAs(tpp, {
        ...{ method: 'PUT', url: `https://127.0.0.1:${gateway.port}${uri}`, body },
        headers: {
          ...{ 'content-type': contentType },
          authorization: `Bearer ${String(created.body['registration_access_token'])}`,
        },
      })
    const claims = ['iss', 'aud', 'iat', 'exp', 'jti']
    const json = Object.fromEntries(Object.entries(payload()).filter(([name]) => !claims.includes(name)))
    // The policy registers no client_id, which the identity server wants repeated: it is the one who refuses both alike.
    for (const [body, type] of [
      [JSON.stringify(json), 'application/json'],
      [software.sign(payload()), 'application/jwt'],
    ] as const) {
      await update(body, type)
      expect((await readAudit(laboratory)).at(-1)?.['reason']).toBe('upstream-refused')
    }
  })
})

describe('a request is refused before the identity server hears of it', () => {
  const cases: [string, () => string | Buffer, Reason, string?][] = [
    ['unsigned JSON', () => JSON.stringify(payload()), 'request-unsigned', 'application/json'],
    ['a JWS that calls itself JSON', () => software.sign(payload()), 'request-unsigned', 'application/json'],
    ['JSON that calls itself a JWS', () => JSON.stringify(payload()), 'request-signature-malformed'],
    ['another content type', () => software.sign(payload()), 'content-type-unsupported', 'text/plain'],
    [
      'the JSON serialisation of a JWS',
      () => {
        const [header, body, signature] = software.sign(payload()).split('.')
        return JSON.stringify({ protected: header, payload: body, signature })
      },
      'request-signature-malformed',
    ],
    ['a detached payload', () => software.sign(payload()).replace(/\.[^.]+\./, '..'), 'request-signature-malformed'],
    [
      'a JWS within a JWS',
      () => software.signText('{"alg":"PS256","typ":"JWT","cty":"JWT","kid":"software"}', software.sign(payload())),
      'request-signature-malformed',
    ],
    ['a line break after the JWS', () => `${software.sign(payload())}\n`, 'request-signature-malformed'],
    [
      'the same member twice in its payload',
      () =>
        software.signText(
          '{"alg":"PS256","typ":"JWT","kid":"software"}',
          JSON.stringify(payload()).replace('{', '{"redirect_uris":["https://evil.example/cb"],'),
        ),
      'request-signature-malformed',
    ],
    ['nothing', () => '', 'body-missing'],
    ['a megabyte', () => Buffer.alloc(1_048_576, 'a'), 'body-too-large'],
    [
      'alg none',
      () => `${encode({ alg: 'none', typ: 'JWT', kid: 'software' })}.${encode(payload())}.`,
      'request-algorithm-forbidden',
    ],
    [
      'a MAC keyed with the public key (RFC 8725 section 2.1)',
      () => {
        const input = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'software' })}.${encode(payload())}`
        const key = software.publicKey.export({ format: 'pem', type: 'spki' })
        return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
      },
      'request-algorithm-forbidden',
    ],
    ['RS256 where PS256 is wanted', () => software.sign(payload(), { alg: 'RS256' }), 'request-algorithm-forbidden'],
    ['no kid', () => software.sign(payload(), { kid: undefined }), 'request-key-unknown'],
    ['the kid of another software', () => other.sign(payload()), 'request-key-unknown'],
    [
      'the key of another software under its own kid',
      () => other.sign(payload(), { kid: 'software' }),
      'request-signature-invalid',
    ],
    ['a key for encryption', () => retired.sign(payload()), 'request-key-unknown'],
    ['a typ of something else', () => software.sign(payload(), { typ: 'at+jwt' }), 'request-type-forbidden'],
    ['a critical extension', () => software.sign(payload(), { crit: ['b64'], b64: true }), 'request-header-forbidden'],
    ['another audience', () => software.sign(payload({ aud: 'bank-2' })), 'request-audience-wrong'],
    ['no audience', () => software.sign(payload({ aud: undefined })), 'request-audience-wrong'],
    ['an exp that is over', () => software.sign(payload({ exp: seconds() - 1 })), 'request-expired'],
    ['no exp', () => software.sign(payload({ exp: undefined })), 'request-claim-invalid'],
    ['an iat in the future', () => software.sign(payload({ iat: seconds() + 120 })), 'request-from-future'],
    ['an iat of long ago', () => software.sign(payload({ iat: seconds() - 301 })), 'request-too-old'],
    ['a lifetime of days', () => software.sign(payload({ exp: seconds() + 86_400 })), 'request-lifetime-too-long'],
    ['a claim of another type', () => software.sign(payload({ jti: 7 })), 'request-claim-invalid'],
    ['the iss of another software', () => software.sign(payload({ iss: 'sw-2' })), 'rule-broken'],
    [
      'a payload replaced after it was signed',
      () => {
        const [header, , signature] = software.sign(payload()).split('.')
        return `${header ?? ''}.${encode(payload({ redirect_uris: ['https://evil.example/cb'] }))}.${signature ?? ''}`
      },
      'request-signature-invalid',
    ],
    ['no statement', () => software.sign(payload({ software_statement: undefined })), 'statement-required'],
    [
      'a statement that somebody else signed',
      () =>
        software.sign(
          payload({ software_statement: other.sign({ iss: ISSUER, iat: seconds() }, { kid: 'directory' }) }),
        ),
      'statement-signature-invalid',
    ],
    [
      'the statement of another software, and a signature of its own',
      () =>
        software.sign(payload({ software_statement: statement({ software_jwks_endpoint: foreignKeystore.jwksUri }) })),
      'request-key-unknown',
    ],
    [
      'keys at a host that is not allowed',
      () =>
        software.sign(payload({ software_statement: statement({ software_jwks_endpoint: 'https://evil.example/k' }) })),
      'request-keys-address-invalid',
    ],
    [
      'keys without TLS',
      () => software.sign(payload({ software_statement: statement({ software_jwks_endpoint: 'http://127.0.0.1/k' }) })),
      'request-keys-address-invalid',
    ],
    [
      'a statement that names no keys',
      () => software.sign(payload({ software_statement: statement({ software_jwks_endpoint: undefined }) })),
      'request-keys-address-invalid',
    ],
  ]
  it.each<[string, () => string | Buffer, Reason, string?]>(cases)('for %s', async (_, body, reason, contentType) => {
    expect(await reasonFor(body(), contentType)).toBe(reason)
  })

  it.each(['jwk', 'jku', 'x5u', 'x5c'])(
    'for a key that it brings itself in %s, whose server sees no request',
    async (name) => {
      const brought = { jwk: other.jwk, jku: foreignKeystore.jwksUri, x5u: foreignKeystore.jwksUri, x5c: ['AA=='] }[
        name
      ]
      const before = foreignKeystore.requestCount()
      expect(await reasonFor(other.sign(payload(), { [name]: brought }))).toBe('request-header-forbidden')
      expect(foreignKeystore.requestCount()).toBe(before)
    },
  )

  it('for keys that only the request names', async () => {
    const before = foreignKeystore.requestCount()
    const forged = other.sign(payload({ software_jwks_endpoint: foreignKeystore.jwksUri, jwks: { keys: [other.jwk] } }))
    expect(await reasonFor(forged)).toBe('request-key-unknown')
    expect(foreignKeystore.requestCount()).toBe(before)
  })

  it('while its keys cannot be fetched: later, and not for good', async () => {
    const elsewhere = keystore.jwksUri.replace('.jwks', '.jwks?none')
    const body = software.sign(payload({ software_statement: statement({ software_jwks_endpoint: elsewhere }) }))
    const answer = await send(body)
    expect([answer.status, answer.body['error']]).toEqual([503, 'temporarily_unavailable'])
    expect(answer.headers['retry-after']).toBe('30')
    expect((await readAudit(laboratory)).at(-1)?.['reason']).toBe('request-keys-unavailable')
  })
})
