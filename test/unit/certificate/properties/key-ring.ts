import { signingKey, type KeyKind, type SigningKey } from '../../../support/signing-keys.ts'

/** Making RSA keys takes a quarter of a second each, so there are few. */
const AVAILABLE: Readonly<Partial<Record<KeyKind, number>>> = { rsa: 2, 'rsa-pss': 1, p384: 4, p521: 4 }

/** Gives out keys of one hierarchy, none twice. */
export class KeyRing {
  readonly #used = new Map<KeyKind, number>()

  next(kind: KeyKind): SigningKey {
    const used = this.#used.get(kind) ?? 0
    if (used >= (AVAILABLE[kind] ?? Infinity)) return this.next('p256')
    this.#used.set(kind, used + 1)
    return signingKey(kind, used)
  }
}
