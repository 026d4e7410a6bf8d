import type { X509Certificate } from 'node:crypto'

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
/** Names in alternative names alone, and no `f*.example`: what clients take (RFC 9525 sections 6.3 and 6.4). */
const NAMES = { subject: 'never', partialWildcards: false } as const

/** The URL parser has brought every spelling of an IPv4 address into this one, and lets nothing else end in a number. */
const ADDRESS = /:|^\d+(?:\.\d+){3}$/

/** Where registrants look for the gateway. */
export interface PublicHosts {
  /** Undefined when it has a fault of its own. */
  readonly publicUrl: string | undefined
  /** Host names of single endpoints. */
  readonly endpoints: readonly string[]
}

/**
 * Why registrants would hang up at the gateway's certificate, or null. They verify the name of the URL they were given and the purpose, a
 * load balancer in between that only passes TCP on changes nothing of that.
 */
export function inspectServerCertificate(
  certificate: X509Certificate,
  { publicUrl, endpoints }: PublicHosts,
): { wanted: string; found: string } | null {
  const host = publicUrl === undefined ? null : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')
  const others = endpoints.filter((name) => name !== host && !names(certificate, name))
  const missing = [...(host === null || names(certificate, host) ? [] : [host]), ...others]
  const faults = [
    ...(isForServers(certificate) ? [] : ['one whose extended key usage has no serverAuth']),
    ...(missing.length === 0 ? [] : [`one for ${certificate.subjectAltName ?? 'no name'}`]),
  ]
  if (faults.length === 0) return null
  const named = [
    ...(host === null ? [] : [` for the host ${host} of listen.publicUrl`]),
    ...others.map((name) => ` for the host ${name} of an endpoint`),
  ]
  return { wanted: `a certificate of a TLS server${named.join(' and')}`, found: faults.join(', and ') }
}

/** Without the extension a certificate is for any purpose (RFC 5280 section 4.2.1.12). */
function isForServers(certificate: X509Certificate): boolean {
  // Node calls the extended key usage so, and leaves it out where there is none.
  const usages = certificate.keyUsage as readonly string[] | undefined
  return usages === undefined || usages.includes(SERVER_AUTH)
}

function names(certificate: X509Certificate, host: string): boolean {
  return (ADDRESS.test(host) ? certificate.checkIP(host) : certificate.checkHost(host, NAMES)) !== undefined
}
