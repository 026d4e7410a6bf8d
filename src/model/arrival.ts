/** What OpenSSL made of the presented chain in the handshake, against the trusted issuers of all endpoints together. */
export interface HandshakeVerdict {
  /** Which edition of the trusted issuers it was held against: they can be renewed while the connection lasts. */
  readonly trustEdition: number
  /** OpenSSL's code, such as `CERT_HAS_EXPIRED`; null when it found a path. */
  readonly error: string | null
}

/** The other end of one TLS connection, read once when the handshake ended and bound to that connection. */
export interface Peer {
  readonly address: string
  readonly tlsVersion: string
  /** Host name that the client asked for in the handshake (RFC 6066 section 3), in lower case; null when it asked for none. */
  readonly serverName: string | null
  /** DER certificates in the order the client sent them, leaf first; empty when it sent none. Nothing is verified yet. */
  readonly presented: readonly Buffer[]
  /** Null when nothing was presented, or where this Node cannot have OpenSSL verify without losing what was presented. */
  readonly openssl: HandshakeVerdict | null
}

/** One HTTP request as the connection hands it over, before anything in it is trusted. */
export interface Arrival {
  /** Made by the gateway, unguessable, never taken from the registrant; finds the audit record. */
  readonly decisionId: string
  readonly receivedAt: Date
  readonly peer: Peer
  readonly method: string
  /** The request target exactly as on the request line (RFC 9112 section 3.2). */
  readonly target: string
  /** Name, value, name, value ... as received, repeated names kept apart. */
  readonly rawHeaders: readonly string[]
  readonly body: AsyncIterable<Buffer>
  /** Aborted when the registrant goes away before the answer was written. */
  readonly gone: AbortSignal
}
