import type { LookupAddress } from 'node:dns'
import type { Secret } from '../model/secret.ts'

/** Every address of a name; rejects when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>

/** What a fetch may do; each user of the network has its own. */
export interface EgressRules {
  readonly schemes: readonly ('http' | 'https')[]
  /** Exact names, or `*.example.com` for all names below; null for any host. Addresses are checked besides. */
  readonly allowedHosts: readonly string[] | null
  /** Of URLs that somebody else chose; null for any port. */
  readonly allowedPorts: readonly number[] | null
  /** For hosts inside the operator's own network; link-local addresses stay closed even so. */
  readonly allowPrivateAddresses: boolean
  /** PEM of the authorities that may certify the server; null for the public ones that Node ships. */
  readonly ca: string | null
  /** What the gateway presents where the server asks for a certificate, in PEM; nothing when absent. */
  readonly clientCertificate?: { readonly certificate: string; readonly privateKey: Secret }
  /** For all of it: name look-up, connection, headers and body. */
  readonly timeoutMs: number
  readonly sizeLimitBytes: number
  /** The system's own when absent. */
  readonly resolveHost?: ResolveHost
}

export interface EgressRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  /** Media types that are wanted, as the Accept header has them. */
  readonly accept: string
  /** For POST. */
  readonly body?: Buffer
  readonly contentType?: string
}
