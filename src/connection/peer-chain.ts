import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { HandshakeVerdict, Peer } from '../model/arrival.ts'

/** Reads the other end of a connection, once: on Node 20 the first call takes the presented chain away, a second one finds the leaf alone. */
export function readPeer(socket: TLSSocket, trustEdition: number | null): Peer {
  const presented = readPresented(socket)
  return Object.freeze({
    address: socket.remoteAddress ?? '',
    tlsVersion: socket.getProtocol() ?? '',
    serverName: readServerName(socket),
    presented: Object.freeze(presented),
    openssl: presented.length === 0 || trustEdition === null ? null : Object.freeze(readVerdict(socket, trustEdition)),
  })
}

/** `issuerCertificate` is no issuer here: it leads through whatever was sent, in that order (TLS itself bounds it to 100 kB). */
function readPresented(socket: TLSSocket): readonly Buffer[] {
  const presented: Buffer[] = []
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate()
  while (certificate !== undefined) {
    presented.push(certificate.raw)
    certificate = certificate.issuerCertificate
  }
  return presented
}

/** Node has `false` where none was sent. */
function readServerName({ servername }: TLSSocket): string | null {
  return typeof servername === 'string' && servername !== '' ? servername.toLowerCase() : null
}

/** `authorizationError` holds a code such as `CERT_HAS_EXPIRED`, whatever its type says. */
function readVerdict(socket: TLSSocket, trustEdition: number): HandshakeVerdict {
  return { trustEdition, error: socket.authorized ? null : String(socket.authorizationError) }
}
