import { createSecretKey, type KeyObject } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, errors, type CompactJWEHeaderParameters } from 'jose'
import type { Secret } from '../model/secret.ts'

/** What sealed texts are for; one that was sealed for something else does not open. */
export type SealedFor = 'management-token' | 'kept-answer'

export interface SealingKey {
  /** Stands in the header of what the key seals: 1 to 64 letters, digits, `.`, `_` and `-`. */
  readonly id: string
  /** 32 bytes, base64url without padding. */
  readonly key: Secret
}

/** Seals texts so that only gateways with the same keys can open them, and only unchanged. */
export interface KeyRing {
  /** Compact JWE (RFC 7516) by direct encryption with AES-256-GCM, another one at each call. */
  readonly seal: (purpose: SealedFor, text: string) => Promise<string>
  /** Null for whatever no key of the ring sealed for that purpose, however it came about. */
  readonly open: (purpose: SealedFor, sealed: string) => Promise<string | null>
}

const ALGORITHM = 'dir'
const ENCRYPTION = 'A256GCM'

/**
 * The first key seals, all of them open: a new key is put first, and an old one stays for as long as something that it sealed is about.
 *
 * @throws RangeError for an empty ring: programmer's error, settings demand a key
 */
export function createKeyRing(keys: readonly SealingKey[]): KeyRing {
  const [newest] = keys
  if (newest === undefined) throw new RangeError('a key ring has at least one key')
  const byId = new Map(keys.map(({ id, key }) => [id, createSecretKey(Buffer.from(key.reveal(), 'base64url'))]))
  const sealingKey = keyOf(byId, newest.id)
  return {
    seal: (purpose, text) =>
      new CompactEncrypt(Buffer.from(text, 'utf8'))
        .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: newest.id, typ: purpose })
        .encrypt(sealingKey),
    open: async (purpose, sealed) => {
      try {
        const { plaintext } = await compactDecrypt(sealed, (header) => chooseKey(byId, header, purpose), {
          keyManagementAlgorithms: [ALGORITHM],
          contentEncryptionAlgorithms: [ENCRYPTION],
        })
        return Buffer.from(plaintext).toString('utf8')
      } catch (failure) {
        if (failure instanceof errors.JOSEError || failure instanceof ForeignText) return null
        throw failure
      }
    },
  }
}

class ForeignText extends Error {}

/** The header chooses among our own keys and nothing else; it is authenticated together with the text (RFC 7516 section 5.1). */
function chooseKey(
  keys: ReadonlyMap<string, KeyObject>,
  { kid, typ }: CompactJWEHeaderParameters,
  purpose: SealedFor,
): KeyObject {
  if (typ !== purpose || typeof kid !== 'string') throw new ForeignText()
  return keyOf(keys, kid)
}

function keyOf(keys: ReadonlyMap<string, KeyObject>, id: string): KeyObject {
  const key = keys.get(id)
  if (key === undefined) throw new ForeignText()
  return key
}
