import type { ParsedCertificate } from '../parse/parsed-certificate.ts'

/**
 * Intermediates that an anchor vouched for once: most clients of a scheme present the same few, and importing their keys costs more
 * than all other checks. Found by the hash of their bytes; it holds no verdict, which is made anew with every connection.
 */
export class CertificateCache {
  readonly #limit: number
  readonly #byThumbprint = new Map<string, ParsedCertificate>()

  constructor(limit: number) {
    this.#limit = limit
  }

  find(thumbprint: string): ParsedCertificate | undefined {
    return this.#byThumbprint.get(thumbprint)
  }

  /** The oldest make room. Only for what lies on a verified path, so that nobody can fill it with junk. */
  remember(certificates: readonly ParsedCertificate[]): void {
    for (const certificate of certificates) this.#byThumbprint.set(certificate.facts.thumbprint, certificate)
    for (const oldest of this.#byThumbprint.keys()) {
      if (this.#byThumbprint.size <= this.#limit) return
      this.#byThumbprint.delete(oldest)
    }
  }
}
