import { constants, createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { der, derInteger, derOid } from './write-der.ts'

export type KeyKind = 'p256' | 'p384' | 'p521' | 'rsa' | 'rsa-pss' | 'ed25519'
export type Digest = 'sha256' | 'sha384' | 'sha512'

/** How an issuer signs, as far as its key leaves a choice: Ed25519 has none, keys of kind `rsa-pss` know RSASSA-PSS alone. */
export interface SignatureStyle {
  readonly digest: Digest
  readonly pss: boolean
}

export interface SigningKey {
  readonly kind: KeyKind
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Buffer
  /** SHA-1 of it, as subject key identifiers usually are. */
  readonly keyId: Buffer
}

const made = new Map<string, SigningKey>()

/** The same key again for the same kind and number within a process: thousands of certificates need no thousand keys. */
export function signingKey(kind: KeyKind, number: number): SigningKey {
  const id = `${kind} ${number}`
  const key = made.get(id) ?? asSigningKey(kind, makePrivateKey(kind))
  made.set(id, key)
  return key
}

export function signWith({ kind, privateKey }: SigningKey, style: SignatureStyle, data: Buffer): Buffer {
  if (kind === 'ed25519') return sign(null, data, privateKey)
  if (!usesPss(kind, style)) return sign(style.digest, data, privateKey)
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: DIGESTS[style.digest].bytes }
  return sign(style.digest, data, { key: privateKey, ...padding })
}

/** AlgorithmIdentifier of what `signWith` makes (RFC 4055, RFC 5758, RFC 8410). */
export function signatureAlgorithm({ kind }: SigningKey, style: SignatureStyle): Buffer {
  if (kind === 'ed25519') return der(0x30, derOid('1.3.101.112'))
  const digest = DIGESTS[style.digest]
  if (kind !== 'rsa' && kind !== 'rsa-pss') return der(0x30, derOid(`1.2.840.10045.4.3.${digest.ecdsa}`))
  if (usesPss(kind, style)) return pssAlgorithm(style.digest, digest.bytes)
  return der(0x30, derOid(`1.2.840.113549.1.1.${digest.pkcs1}`), der(0x05))
}

/** RFC 4055 section 3.1. */
export function pssAlgorithm(digest: Digest, saltLength: number): Buffer {
  const hash = der(0x30, derOid(DIGESTS[digest].oid), der(0x05))
  const mask = der(0x30, derOid('1.2.840.113549.1.1.8'), hash)
  const parameters = der(0x30, der(0xa0, hash), der(0xa1, mask), der(0xa2, derInteger(saltLength)))
  return der(0x30, derOid('1.2.840.113549.1.1.10'), parameters)
}

function usesPss(kind: KeyKind, { pss }: SignatureStyle): boolean {
  return kind === 'rsa-pss' || (kind === 'rsa' && pss)
}

const DIGESTS: Readonly<Record<Digest, { oid: string; bytes: number; pkcs1: number; ecdsa: number }>> = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', bytes: 32, pkcs1: 11, ecdsa: 2 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', bytes: 48, pkcs1: 12, ecdsa: 3 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', bytes: 64, pkcs1: 13, ecdsa: 4 },
}

/** Any other key to sign with. */
export function asSigningKey(kind: KeyKind, privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return { kind, privateKey, publicKey, keyId: createHash('sha1').update(publicKey).digest() }
}

function makePrivateKey(kind: KeyKind): KeyObject {
  switch (kind) {
    case 'p256':
      return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey
    case 'p521':
      return generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    case 'rsa-pss':
      return generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
    case 'ed25519':
      return generateKeyPairSync('ed25519').privateKey
  }
}
