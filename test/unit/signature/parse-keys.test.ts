import { describe, expect, it } from 'vitest'
import { KeysFailure } from '../../../src/signature/keys-failure.ts'
import { parseKeys, type ParsedKeys } from '../../../src/signature/parse-keys.ts'
import { createStatementSigner } from '../../support/sign-statement.ts'

const rsa = await createStatementSigner({ kid: 'rsa' })
const ec = await createStatementSigner({ alg: 'ES256', kid: 'ec' })
const weak = await createStatementSigner({ kid: 'weak', keyType: 'rsa-1024' })
const koblitz = await createStatementSigner({ alg: 'ES256', kid: 'koblitz', keyType: 'ec-secp256k1' })

function parse(...keys: unknown[]): ParsedKeys {
  return parseKeys(Buffer.from(JSON.stringify({ keys })), 100)
}

/** RSA with a public exponent of 1: raising to it changes nothing, so every padded text is its own signature. */
const exponentOne = { ...rsa.jwk, e: 'AQ' }
const enormous = { ...rsa.jwk, n: Buffer.alloc(1025, 0xff).toString('base64url') }
/** A point that is not on the curve, for attacks on whoever calculates with it. */
const offCurve = { ...ec.jwk, y: ec.jwk.x }

describe('of the entries of a JWKS', () => {
  it.each([
    ['a private RSA key', rsa.privateKey.export({ format: 'jwk' })],
    ['a private EC key', { ...ec.privateKey.export({ format: 'jwk' }), kid: 'ec' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0', kid: 's', alg: 'HS256' }],
    ['a public key that carries a symmetric one', { ...rsa.jwk, k: 'c2VjcmV0' }],
    ['a key for encryption', { ...rsa.jwk, use: 'enc' }],
    ['a key whose use is not a string', { ...rsa.jwk, use: ['sig'] }],
    ['a key for signing only', { ...rsa.jwk, key_ops: ['sign'] }],
    ['a key whose operations are not a list', { ...rsa.jwk, key_ops: 'verify' }],
    ['an RSA key of 1024 bits', weak.jwk],
    ['an RSA key too large to verify with in passing', enormous],
    ['an RSA key with exponent 1', exponentOne],
    ['a key on a curve that no algorithm uses', koblitz.jwk],
    ['a point that is not on its curve', offCurve],
    ['a key of an unknown type', { ...rsa.jwk, kty: 'XYZ' }],
    ['a key without its modulus', { kty: 'RSA', e: 'AQAB', kid: 'rsa' }],
    ['a kid that is a number', { ...rsa.jwk, kid: 7 }],
    ['a kid that is null', { ...rsa.jwk, kid: null }],
    ['an alg that is a list', { ...rsa.jwk, alg: ['PS256'] }],
    ['a string', 'key'],
    ['null', null],
    ['a list', [rsa.jwk]],
  ])('%s is ignored', (_, entry) => {
    const { keys, ignored } = parse(entry, ec.jwk)
    expect(keys.map(({ keyId }) => keyId)).toEqual(['ec'])
    expect(ignored).toBe(1)
  })

  it.each([
    ['without use', { ...rsa.jwk, use: undefined }],
    ['that may sign and verify', { ...rsa.jwk, key_ops: ['sign', 'verify'] }],
    ['with members unknown here', { ...rsa.jwk, x5t: 'abc', status: 'Active' }],
  ])('a key %s is taken', (_, entry) => {
    const { keys, ignored } = parse(entry)
    expect(keys[0].keyId).toBe('rsa')
    expect(keys[0].algorithm).toBe('PS256')
    expect(keys[0].key.equals(rsa.publicKey)).toBe(true)
    expect(ignored).toBe(0)
  })

  it('a key without kid and alg is taken, for statements that name none', () => {
    const { kty, n, e } = rsa.jwk
    expect(parse({ kty, n, e }).keys[0]).toMatchObject({ keyId: null, algorithm: null })
  })
})

describe('a JWKS document', () => {
  it.each([
    ['without a usable key', JSON.stringify({ keys: [weak.jwk] }), 'no-usable-keys'],
    ['without keys', '{}', 'malformed'],
    ['whose keys are an object', '{"keys":{}}', 'malformed'],
    ['that is nested without end', `{"keys":${'['.repeat(50)}${']'.repeat(50)}}`, 'malformed'],
    ['with a duplicate member in a key', '{"keys":[{"kty":"RSA","kty":"EC"}]}', 'malformed'],
    ['in another encoding', Buffer.from('\uFEFF{"keys":[]}', 'utf16le').toString('latin1'), 'malformed'],
  ])('%s is a failed fetch', (_, document, problem) => {
    const parsing = (): ParsedKeys => parseKeys(Buffer.from(document), 10)
    expect(parsing).toThrow(KeysFailure)
    expect(parsing).toThrow(expect.objectContaining({ problem }))
  })
})
