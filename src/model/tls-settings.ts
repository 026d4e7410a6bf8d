import type { Secret } from './secret.ts'

/** The gateway's own certificate in one of the two forms that node:tls takes. */
export type ServerIdentity =
  | {
      readonly kind: 'pem'
      /** The server's certificate first, its intermediates after it. */
      readonly certificate: string
      readonly privateKey: Secret
      readonly passphrase: Secret | null
    }
  | { readonly kind: 'pkcs12'; readonly bundle: Buffer; readonly passphrase: Secret }

/** How registrants connect. */
export interface TlsSettings {
  readonly identity: ServerIdentity
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** OpenSSL names in order of preference; null for all of CIPHER_SUITES. */
  readonly cipherSuites: readonly string[] | null
}

/**
 * All that may be offered, the preferred one first: the suites of TLS 1.3 and, for TLS 1.2, authenticated encryption with forward secrecy
 * alone (RFC 9325 section 4.2).
 */
export const CIPHER_SUITES = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
] as const
