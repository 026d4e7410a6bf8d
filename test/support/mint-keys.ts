import { generateKeyPair, webcrypto, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

export type KeyType =
  'rsa' | 'rsa-512' | 'rsa-1024' | 'rsa-3072' | 'rsa-pss' | 'ec' | 'ec-p384' | 'ec-p521' | 'ec-secp256k1' | 'ed25519'
export type SignatureHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** `rsa-pss` keys can be certified but cannot sign certificates here; an RSA issuer signs with PSS when `padding` says so. */
export interface SignatureStyle {
  readonly hash: SignatureHash
  readonly padding: 'pkcs1' | 'pss'
}

const generate = promisify(generateKeyPair)
const labelled = new Map<string, Promise<KeyObject>>()

/** A fresh private key without a label; with one, the same key for the whole process, since making RSA keys is slow. */
export function mintKey(type: KeyType, label?: string): Promise<KeyObject> {
  if (label === undefined) return generateKey(type)
  const id = `${type} ${label}`
  const key = labelled.get(id) ?? generateKey(type)
  labelled.set(id, key)
  return key
}

export async function importForSigning(key: KeyObject, style: SignatureStyle): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, signatureAlgorithm(key, style), false, ['sign'])
}

/** What the private key of an ed25519, EC or RSA issuer signs with. */
function signatureAlgorithm(
  key: KeyObject,
  style: SignatureStyle,
): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams | webcrypto.Algorithm {
  const type = key.asymmetricKeyType
  if (type === 'rsa') return { name: style.padding === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: style.hash }
  if (type === 'ec') return { name: 'ECDSA', namedCurve: webCurveName(key) }
  if (type === 'ed25519') return { name: 'Ed25519' }
  throw new TypeError(`a key of type ${String(type)} cannot sign certificates here`)
}

function webCurveName(key: KeyObject): string {
  const names: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
  return names[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'unsupported curve'
}

async function generateKey(type: KeyType): Promise<KeyObject> {
  switch (type) {
    case 'rsa':
      return (await generate('rsa', { modulusLength: 2048 })).privateKey
    case 'rsa-512':
      return (await generate('rsa', { modulusLength: 512 })).privateKey
    case 'rsa-1024':
      return (await generate('rsa', { modulusLength: 1024 })).privateKey
    case 'rsa-3072':
      return (await generate('rsa', { modulusLength: 3072 })).privateKey
    case 'rsa-pss':
      return (await generate('rsa-pss', { modulusLength: 2048 })).privateKey
    case 'ec':
      return (await generate('ec', { namedCurve: 'prime256v1' })).privateKey
    case 'ec-p384':
      return (await generate('ec', { namedCurve: 'secp384r1' })).privateKey
    case 'ec-p521':
      return (await generate('ec', { namedCurve: 'secp521r1' })).privateKey
    case 'ec-secp256k1':
      return (await generate('ec', { namedCurve: 'secp256k1' })).privateKey
    case 'ed25519':
      return (await generate('ed25519')).privateKey
  }
}

/** PKCS#8 PEM, ending in a newline. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}
