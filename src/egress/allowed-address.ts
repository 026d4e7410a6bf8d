import ipaddr from 'ipaddr.js'
import { parseAddress, type Address } from './parse-address.ts'

export interface AddressRules {
  readonly allowPrivateAddresses: boolean
}

/**
 * Whether the gateway may connect to an address that somebody else chose (server-side request forgery). Only what is reachable
 * across the Internet, by the IANA special-purpose address registries (RFC 6890), and within the operator's network if so said.
 */
export function allowedAddress(text: string, { allowPrivateAddresses }: AddressRules): boolean {
  const address = parseAddress(text)
  return address !== null && isAllowed(address, allowPrivateAddresses)
}

function isAllowed(address: Address, allowPrivate: boolean): boolean {
  if (isWithin(address, NEVER)) return false
  const inner = translatedAddress(address)
  if (inner !== null) return isAllowed(inner, allowPrivate)
  return allowPrivate || isPublic(address)
}

function isPublic(address: Address): boolean {
  // Nothing but 2000::/3 is assigned to networks (RFC 4291 section 2.4), so what comes to be special elsewhere is closed already.
  const global = address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST)
  return global && !isWithin(address, NOT_PUBLIC)
}

/**
 * Where no authority, directory or responder can be, whoever asks: this host, link-local addresses and the others at which clouds give
 * out credentials, groups, and the tunnels that hide an IPv4 address in IPv6 (6to4 and Teredo are history, RFC 7526).
 */
const NEVER = ranges([
  '100.100.100.200/32', // metadata of Alibaba Cloud
  '168.63.129.16/32', // WireServer of Azure
  '192.0.0.192/32', // metadata of Oracle Cloud
  'fd00:ec2::/32', // metadata of AWS
  'fd20:ce::/32', // metadata of Google Cloud
  '64:ff9b:1::/48', // translators of a network's own (RFC 8215), whose inner address cannot be told
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '::ffff:0:0:0/96',
  '2001::/32',
  '2002::/16',
])

const NOT_PUBLIC = ranges([
  '10.0.0.0/8', // private (RFC 1918), as are the two further below
  '100.64.0.0/10', // carriers' translators (RFC 6598)
  '127.0.0.0/8', // loopback
  '172.16.0.0/12',
  '192.0.0.0/24', // protocol assignments (RFC 6890)
  '192.0.2.0/24', // documentation (RFC 5737), as are the two further below
  '192.31.196.0/24', // AS112 (RFC 7535)
  '192.52.193.0/24', // multicast tunnels (RFC 7450)
  '192.88.99.0/24', // 6to4 relays (RFC 7526)
  '192.168.0.0/16',
  '192.175.48.0/24', // AS112 (RFC 7534)
  '198.18.0.0/15', // benchmarks (RFC 2544)
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4', // reserved
  '2001::/23', // protocol assignments (RFC 2928), benchmarks and ORCHID among them
  '2001:db8::/32', // documentation (RFC 3849)
  '2620:4f:8000::/48', // AS112 (RFC 7534)
  '3fff::/20', // documentation (RFC 9637)
])

const GLOBAL_UNICAST = ranges(['2000::/3'])
const NAT64 = ranges(['64:ff9b::/96'])

/** The IPv4 address that a translator (RFC 6052) connects to: networks without IPv4 reach the rest of the world so. */
function translatedAddress(address: Address): Address | null {
  return isWithin(address, NAT64) ? ipaddr.fromByteArray(address.toByteArray().slice(-4)) : null
}

type Range = readonly [Address, number]

function ranges(texts: readonly string[]): readonly Range[] {
  return texts.map((text) => ipaddr.parseCIDR(text))
}

function isWithin(address: Address, among: readonly Range[]): boolean {
  return among.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
}
