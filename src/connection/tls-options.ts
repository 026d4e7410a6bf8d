import { constants } from 'node:crypto'
import { CIPHER_SUITES, type ServerIdentity, type TlsSettings } from '../model/tls-settings.ts'
import { writeClientIssuers, type ClientIssuers } from './client-issuers.ts'

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
    ciphers: (settings.cipherSuites ?? CIPHER_SUITES).join(':'),
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
