import { BlockList, isIP } from 'node:net'

const CHARACTER = String.raw`[\w\-.~:@!$&'()*+,;=]|%[0-9A-Fa-f]{2}`
/**
 * Every character an absolute URI may hold, where it may hold it (RFC 3986 section 3): brackets in the authority only, one `#`. WHATWG
 * parsers forgive others, and forgiveness hides attacks.
 */
const ABSOLUTE_URI = new RegExp(
  String.raw`^[A-Za-z][A-Za-z0-9+.-]*:(?!$)(?://(?:${CHARACTER}|[[\]])*(?=[/?#]|$))?(?:${CHARACTER}|[/?])*(?:#(?:${CHARACTER}|[/?])*)?$`,
)
const WEB_SCHEME = /^https?:/i
/** `https:/x` and `https:x` are refused: browsers read them as `https://x`, other readers do not. */
const WEB_URL = /^https?:\/\/[^/?#]+/i

const USERINFO = /^[^/?#]*:\/\/[^/?#]*@/

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('0.0.0.0', 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addAddress('::', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** A URL as expressions see it. */
export class Url {
  readonly text: string
  readonly parsed: URL
  /** As hostnameOf() gives it. */
  readonly hostname: string
  /** As isLoopback() gives it. */
  readonly isLoopback: boolean
  /** A user name or password stands before the host, be it empty. */
  readonly hasUserinfo: boolean

  constructor(text: string, parsed: URL) {
    this.text = text
    this.parsed = parsed
    this.hostname = plainHost(parsed.hostname)
    this.isLoopback = isThisMachine(this.hostname)
    this.hasUserinfo = USERINFO.test(text)
  }
}

/** A rule asks for the same few URLs again and again; the text alone decides what they are. */
const parsedUrls = new Map<string, Url | null>()
const PARSED_URLS_LIMIT = 1000
/** Longer texts are no URLs here. */
export const URL_LIMIT = 2048

/** As parseUrlText(), remembered. */
export function parseUrl(text: string): Url | null {
  // No URL, and nothing to keep: registrants choose how long their texts are.
  if (text.length > URL_LIMIT) return null
  let url = parsedUrls.get(text)
  if (url === undefined) {
    if (parsedUrls.size >= PARSED_URLS_LIMIT) parsedUrls.clear()
    url = parseUrlText(text)
    parsedUrls.set(text, url)
  }
  return url
}

/** Parses an absolute URI strictly by RFC 3986; null for anything else, such as text with blanks, backslashes or other than ASCII. */
function parseUrlText(text: string): Url | null {
  if (!ABSOLUTE_URI.test(text)) return null
  if (WEB_SCHEME.test(text) && !WEB_URL.test(text)) return null
  return URL.canParse(text) ? new Url(text, new URL(text)) : null
}

/** Host without brackets and without trailing dots, in lower case, decimal and octal IPv4 forms already normalised. */
export function hostnameOf({ hostname }: Url): string {
  return hostname
}

function plainHost(hostname: string): string {
  const host = hostname.replace(/^\[|\]$/g, '')
  let end = host.length
  // By hand: a pattern that is anchored at the end would try every run of dots within the host.
  while (host[end - 1] === '.') end -= 1
  return host.slice(0, end).toLowerCase()
}

/** Whether the host is this very machine: RFC 6761 `localhost` names and loopback addresses, IPv4-mapped ones included. */
export function isLoopback(url: Url): boolean {
  return url.isLoopback
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const version = isIP(host)
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6')
}
