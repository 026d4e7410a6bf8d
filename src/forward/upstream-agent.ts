import http from 'node:http'
import https from 'node:https'
import type { UpstreamEvent } from './upstream-watch.ts'

export interface UpstreamOptions {
  /** Scheme, host and port. */
  readonly origin: string
  /** PEM bundle for the identity server's certificate; null for the public ones Node ships. */
  readonly ca: string | null
  /** What the gateway authenticates with at the identity server (mTLS); null for none. */
  readonly clientCertificate: { readonly certificate: string; readonly privateKey: string } | null
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number
  readonly maxSockets: number
  readonly responseLimitBytes: number
  /** Hears when the identity server begins to fail and when it recovers. */
  readonly onEvent: (event: UpstreamEvent) => void
}

/** Below the 5 s after which Node servers close idle connections: a request on a connection just being closed would fail. */
const IDLE_LIMIT_MS = 4_000

/** Kept-alive connections to the identity server, over TLS of 1.2 or better when its origin is https. */
export function buildUpstreamAgent(options: UpstreamOptions): http.Agent {
  const shared = { keepAlive: true, maxSockets: options.maxSockets, timeout: IDLE_LIMIT_MS }
  if (!options.origin.startsWith('https:')) return new http.Agent(shared)
  const { ca, clientCertificate } = options
  return new https.Agent({
    ...shared,
    minVersion: 'TLSv1.2',
    ...(ca === null ? {} : { ca }),
    ...(clientCertificate === null ? {} : { cert: clientCertificate.certificate, key: clientCertificate.privateKey }),
  })
}
