import { constants, createPublicKey, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SIGNATURE_METHODS, verifyWithMethod } from '../../../../src/certificate/trusted-list/signature-methods.ts'
import { mintKey, type KeyType } from '../../../support/mint-keys.ts'

const DATA = Buffer.from('SignedInfo')

async function verifies(name: string, keyType: KeyType, how: object, digest = 'sha256'): Promise<boolean> {
  const key = await mintKey(keyType, 'methods')
  const [method] = [...SIGNATURE_METHODS].filter(([uri]) => uri.endsWith(`#${name}`)).map(([, found]) => found)
  if (method === undefined) throw new Error('no such method')
  return verifyWithMethod(method, createPublicKey(key), DATA, sign(digest, DATA, { key, ...how }))
}

describe('verifyWithMethod', () => {
  it('takes what a key of the method’s type signed as the method says', async () => {
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    expect(await verifies('rsa-sha256', 'rsa', {})).toBe(true)
    expect(await verifies('sha256-rsa-MGF1', 'rsa', pss)).toBe(true)
    expect(await verifies('sha256-rsa-MGF1', 'rsa-pss', pss)).toBe(true)
    expect(await verifies('ecdsa-sha512', 'ec-p521', { dsaEncoding: 'ieee-p1363' }, 'sha512')).toBe(true)
  })

  it('takes no signature of another key type, padding, salt, digest or form', async () => {
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 }
    expect(await verifies('rsa-sha256', 'ec', {})).toBe(false)
    expect(await verifies('ecdsa-sha256', 'rsa', {})).toBe(false)
    expect(await verifies('sha256-rsa-MGF1', 'rsa', {})).toBe(false)
    expect(await verifies('sha256-rsa-MGF1', 'rsa', pss)).toBe(false)
    expect(await verifies('rsa-sha256', 'rsa', {}, 'sha1')).toBe(false)
    expect(await verifies('ecdsa-sha256', 'ec', { dsaEncoding: 'der' })).toBe(false)
  })
})
