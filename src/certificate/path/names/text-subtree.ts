/** Where a doubt goes: a name in doubt is not permitted, and it is excluded. */
export type Side = 'permitted' | 'excluded'

const LABEL = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?'
/** Lower case, without the dot at the end that makes a name absolute and would make it another text. */
const HOST = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`)
/** Quoted local parts have several spellings of one mailbox, so they are not compared. */
const MAILBOX = /^([^"\\@ ]+)@([^"\\@ ]+)$/
/** Backslashes are slashes to some readers, so a URI with one has no certain host. */
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\\]*@)?([^/?#@\\:]+)(?::\d*)?(?:[/?#]|$)/i

/** A host and all below it. A base with a leading dot means those below it alone, as OpenSSL reads it. */
export function isHostWithin(base: string, name: string, side: Side): boolean | null {
  const [tree, host] = [normalize(base), normalize(name)]
  if (!HOST.test(host)) return null
  if (tree === '' || host === tree) return true
  if (host.endsWith(tree.startsWith('.') ? tree : `.${tree}`)) return true
  return side === 'excluded' && isCoveredByWildcard(host, tree)
}

/** `*.example.com` would be good for `a.example.com` too, so it falls with it. */
function isCoveredByWildcard(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.') || !host.endsWith(pattern.slice(1))) return false
  const label = host.slice(0, host.length - pattern.length + 1)
  return label !== '' && !label.includes('.')
}

/** A mailbox, all of one host, or with a leading dot all of the hosts below. Hosts with letter case folded, local parts not. */
export function isEmailWithin(base: string, name: string, side: Side): boolean | null {
  const [, local = '', domain = ''] = MAILBOX.exec(name) ?? []
  const host = normalize(domain)
  if (local === '' || !HOST.test(host)) return null
  const at = base.lastIndexOf('@')
  if (at < 0) return isExactHostWithin(base, host)
  const wantedLocal = base.slice(0, at)
  // Most hosts do not tell letter case apart, so an excluded mailbox is excluded in any.
  const sameLocal = side === 'excluded' ? local.toLowerCase() === wantedLocal.toLowerCase() : local === wantedLocal
  return sameLocal && host === normalize(base.slice(at + 1))
}

/** Null without a host, or with an address for one (RFC 5280 section 4.2.1.10: such a certificate has to be refused). */
export function isHostOfUriWithin(base: string, name: string): boolean | null {
  const host = normalize(AUTHORITY.exec(name)?.[1] ?? '')
  // A last label that begins with a digit is how readers of URLs tell addresses, `0x7f.1` included.
  if (!HOST.test(host) || /(?:^|\.)\d[^.]*$/.test(host)) return null
  return isExactHostWithin(base, host)
}

/** Mail and URIs: one host, or with a leading dot the hosts below it. */
function isExactHostWithin(base: string, host: string): boolean {
  const tree = normalize(base)
  return tree === '' || (tree.startsWith('.') ? host.endsWith(tree) : host === tree)
}

function normalize(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}
