/** The other end of one TLS connection, read once when the handshake ended and bound to that connection. */
export interface Peer {
  readonly address: string
  readonly tlsVersion: string
  /** DER certificates in the order the client sent them, leaf first; empty when it sent none. Nothing is verified yet. */
  readonly presented: readonly Buffer[]
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
