import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { VerificationKey } from '../../../src/signature/parse-keys.ts'
import { selectKey } from '../../../src/signature/select-key.ts'
import { isSignatureAlgorithm, isUsable, isUsableFor } from '../../../src/signature/signature-algorithms.ts'
import { mintKey } from '../../support/mint-keys.ts'
import { createStatementSigner } from '../../support/sign-statement.ts'

const rsa = (await createStatementSigner({ keyLabel: 'select' })).publicKey
const p256 = (await createStatementSigner({ alg: 'ES256' })).publicKey
const p384 = (await createStatementSigner({ alg: 'ES384' })).publicKey
const p521 = (await createStatementSigner({ alg: 'ES512' })).publicKey
const edwards = (await createStatementSigner({ alg: 'EdDSA' })).publicKey
const koblitz = (await createStatementSigner({ alg: 'ES256', keyType: 'ec-secp256k1' })).publicKey
const pssOnly = createPublicKey(await mintKey('rsa-pss'))

function entry(keyId: string | null, algorithm: string | null, key = rsa): VerificationKey {
  return { keyId, algorithm, key }
}

describe('the key of a statement', () => {
  it.each([
    ['is the one with its kid', [entry('a', 'PS256'), entry('b', 'PS256')], 'PS256', 'b', 1],
    ['may serve any algorithm when the directory names none', [entry('a', null)], 'RS512', 'a', 0],
    [
      'is the only one for the algorithm when the statement has no kid',
      [entry('a', null, p256), entry('b', null)],
      'PS256',
      null,
      1,
    ],
    [
      'is told apart by its algorithm under the same kid',
      [entry('a', 'ES256', p256), entry('a', 'PS256')],
      'PS256',
      'a',
      1,
    ],
    ['is told apart by its type under the same kid', [entry('a', null, p256), entry('a', null)], 'PS256', 'a', 1],
  ])('%s', (_, keys, algorithm, keyId, index) => {
    expect(selectKey(keys, { algorithm, keyId })).toBe(keys[index]?.key)
  })

  it.each([
    ['has another kid', [entry('a', null)], 'PS256', 'A'],
    ['has no kid while the statement has', [entry(null, null)], 'PS256', 'a'],
    ['is for another algorithm', [entry('a', 'RS256')], 'PS256', 'a'],
    ['is of another type', [entry('a', null, p256)], 'PS256', 'a'],
    ['is on another curve', [entry('a', null, p384)], 'ES256', 'a'],
    ['is not told from another of the same kid', [entry('a', null), entry('a', null)], 'PS256', 'a'],
    ['is not told from another without a kid', [entry('a', null), entry('b', null)], 'PS256', null],
  ])('is not one that %s', (_, keys, algorithm, keyId) => {
    expect(selectKey(keys, { algorithm, keyId })).toBeNull()
  })
})

describe('a signature algorithm', () => {
  it.each(['none', 'None', '', 'HS256', 'HS384', 'HS512', 'ps256', 'PS255', 'ES256K', 'toString', '__proto__'])(
    'is not %j',
    (name) => {
      expect(isSignatureAlgorithm(name)).toBe(false)
      expect(isUsableFor(rsa, name)).toBe(false)
    },
  )

  it.each([
    [rsa, ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']],
    [p256, ['ES256']],
    [p384, ['ES384']],
    [p521, ['ES512']],
    [edwards, ['EdDSA']],
    [koblitz, []],
    [pssOnly, []],
  ])('works with its own keys alone (%#)', (key, algorithms) => {
    const all = ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
    expect(all.every(isSignatureAlgorithm)).toBe(true)
    expect(all.filter((name) => isUsableFor(key, name))).toEqual(algorithms)
    expect(isUsable(key)).toBe(algorithms.length > 0)
  })
})
