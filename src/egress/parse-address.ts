import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/**
 * One spelling for each address, whichever way it is written (dotted, decimal, octal, hexadecimal, short, IPv4 inside IPv6); null for
 * anything else, IPv6 with a zone included: that names an interface of this machine and is no place on the Internet.
 */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) return ipaddr.IPv4.isValid(text) ? ipaddr.IPv4.parse(text) : null
  const groups = canonicalIpv6(text)
  if (groups === null) return null
  const address = ipaddr.IPv6.parse(groups)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** The URL parser, as it is what decides where a connection goes; it writes hexadecimal groups alone (RFC 5952). */
function canonicalIpv6(text: string): string | null {
  const url = `http://[${text}]/`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null
}
