import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { JsonFault, parseStrictJson } from '../json/parse-strict-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import { PRIVATE_KEY_MEMBERS } from '../model/private-key-members.ts'
import { KeysFailure } from './keys-failure.ts'
import { isUsable } from './signature-algorithms.ts'

/** A public key that somebody publishes for verifying signatures. */
export interface VerificationKey {
  readonly keyId: string | null
  /** The only algorithm it is for; null when that is not said. */
  readonly algorithm: string | null
  readonly key: KeyObject
}

export interface ParsedKeys {
  readonly keys: readonly [VerificationKey, ...VerificationKey[]]
  /** Entries of the document that cannot verify signatures: for encryption, too weak, of another kind, malformed. */
  readonly ignored: number
}

const JSON_LIMITS = { depth: 8, values: 20_000 }
const RSA_BITS = { least: 2048, most: 8192 }

/** The keys of a JWKS document (RFC 7517 section 5) that can verify signatures. @throws KeysFailure */
export function parseKeys(document: Buffer, maxKeys: number): ParsedKeys {
  const entries = parseEntries(document)
  if (entries.length > maxKeys) throw new KeysFailure('too-many-keys', `${entries.length} keys, at most ${maxKeys}`)
  const [first, ...others] = entries.map(parseKey).filter((key) => key !== null)
  if (first === undefined) throw new KeysFailure('no-usable-keys', `${entries.length} keys, none usable`)
  return { keys: [first, ...others], ignored: entries.length - others.length - 1 }
}

function parseEntries(document: Buffer): readonly Json[] {
  try {
    const value = parseStrictJson(document, JSON_LIMITS)
    if (isJsonObject(value) && Array.isArray(value['keys'])) return value['keys'] as readonly Json[]
    throw new KeysFailure('malformed', 'not a JWKS document')
  } catch (fault) {
    if (fault instanceof JsonFault) throw new KeysFailure('malformed', fault.reason, fault)
    throw fault
  }
}

function parseKey(entry: Json): VerificationKey | null {
  if (!isJsonObject(entry) || !isForVerifying(entry)) return null
  const { kid, alg } = entry
  if (!isAbsentOrText(kid) || !isAbsentOrText(alg)) return null
  const key = importKey(entry)
  if (key === null || !isUsable(key) || !isStrong(key)) return null
  return { keyId: kid ?? null, algorithm: alg ?? null, key }
}

function isAbsentOrText(value: Json | undefined): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

/** RFC 7517 sections 4.2 and 4.3: absent means any use. A private key that is published is everybody's. */
function isForVerifying(entry: JsonObject): boolean {
  const { use = 'sig', key_ops: operations = ['verify'] } = entry
  if (PRIVATE_KEY_MEMBERS.some((member) => Object.hasOwn(entry, member))) return false
  return use === 'sig' && Array.isArray(operations) && (operations as readonly Json[]).includes('verify')
}

function importKey(entry: JsonObject): KeyObject | null {
  try {
    return createPublicKey({ key: { ...entry } as JsonWebKey, format: 'jwk' })
  } catch {
    return null
  }
}

/** The curves are strong by being on the list; an RSA exponent of 1 would make every text its own signature. */
function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most && publicExponent >= 3n
}
