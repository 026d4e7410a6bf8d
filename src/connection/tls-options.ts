import { constants } from 'node:crypto'
import type { Secret } from '../model/secret.ts'
import { writeClientIssuers, type ClientIssuers } from './client-issuers.ts'

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

export interface TlsSettings {
  readonly identity: ServerIdentity
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** OpenSSL names in order of preference; null for the usual ones. */
  readonly cipherSuites: readonly string[] | null
}

/** The suites of TLS 1.3 and, for TLS 1.2, authenticated encryption with forward secrecy alone (RFC 9325 section 4.2). */
const USUAL_CIPHER_SUITES = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]

/**
 * Builds what node:tls is told about registrants. Whoever comes gets through the handshake, so that a missing or untrusted certificate is
 * answered in words: certificate/ verifies the path itself, and OpenSSL's verdict is a second opinion that can only refuse.
 *
 * @param clientIssuers what OpenSSL verifies against; their names are sent as a hint which certificate to choose
 */
export function buildTlsOptions(settings: TlsSettings, clientIssuers: ClientIssuers) {
  return {
    ...identityOptions(settings.identity),
    minVersion: settings.minVersion,
    ciphers: (settings.cipherSuites ?? USUAL_CIPHER_SUITES).join(':'),
    honorCipherOrder: true,
    ALPNProtocols: ['http/1.1'],
    requestCert: true,
    rejectUnauthorized: false,
    // Never absent: node:tls would hint at every public authority.
    ca: writeClientIssuers(clientIssuers),
    // A resumed session comes without the intermediates that the client once sent and with the verdict of then: no tickets, and no
    // listener for sessions either, so that none is kept. A renegotiation would change the certificate under a running connection.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  }
}

function identityOptions(identity: ServerIdentity) {
  if (identity.kind === 'pkcs12') return { pfx: identity.bundle, passphrase: identity.passphrase.reveal() }
  const { certificate: cert, privateKey, passphrase } = identity
  const key = privateKey.reveal()
  return passphrase === null ? { cert, key } : { cert, key, passphrase: passphrase.reveal() }
}
