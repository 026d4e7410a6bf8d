/** Whom the handshake is told of: the union over all endpoints, as DER. Whom one endpoint trusts is decided by its certificate stage. */
export interface ClientIssuers {
  readonly anchors: readonly Buffer[]
  /** Held for clients that do not send them. */
  readonly intermediates: readonly Buffer[]
}

export const NO_CLIENT_ISSUERS: ClientIssuers = { anchors: [], intermediates: [] }

/** X509_CERT_AUX of OpenSSL with the one trusted use 1.3.6.1.5.5.7.3.2, TLS client authentication. */
const TRUSTED_FOR_CLIENTS = Buffer.from('300c300a06082b06010505070302', 'hex')

/**
 * What node:tls takes as `ca`. Anchors go in OpenSSL's own form of a trusted certificate: a plain one counts for OpenSSL only when it is
 * self-signed, and the anchors of a scheme (an EU trusted list, say) often are not.
 */
export function writeClientIssuers({ anchors, intermediates }: ClientIssuers): string[] {
  return [
    ...anchors.map((der) => pem('TRUSTED CERTIFICATE', Buffer.concat([der, TRUSTED_FOR_CLIENTS]))),
    ...intermediates.map((der) => pem('CERTIFICATE', der)),
  ]
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
