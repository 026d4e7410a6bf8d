import { parseAddress } from '../../egress/parse-address.ts'

/**
 * Whose requests are counted as those of one address. A customer of an IPv6 network has at least a /64 (RFC 6177), and may take another
 * address of it for each request. IPv4 addresses stand for themselves, inside IPv6 too.
 */
export function addressBlock(text: string, ipv6PrefixBits: number): string {
  const address = parseAddress(withoutZone(text))
  if (address === null) return text
  const bytes = address.toByteArray()
  if (bytes.length === 4) return bytes.join('.')
  const kept = bytes.map((byte, index) => byte & maskOf(ipv6PrefixBits - 8 * index))
  return `${Buffer.from(kept).toString('hex')}/${ipv6PrefixBits}`
}

/** The interface behind a link-local address is ours, and no other address. */
function withoutZone(text: string): string {
  return text.replace(/%.*$/s, '')
}

/** Of the bits that are left for this byte and those behind it. */
function maskOf(bitsLeft: number): number {
  return 0xff & ~(0xff >> Math.min(8, Math.max(0, bitsLeft)))
}
