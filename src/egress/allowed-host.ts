/** Whether a host is one of the exact names, or below a `*.example.com` of the list; `example.com` itself is not below it. */
export function allowedHost(hostname: string, allowedHosts: readonly string[]): boolean {
  const name = normalise(hostname)
  return allowedHosts.map(normalise).some((entry) =>
    // The dot stays, so that evilexample.com is not below example.com.
    entry.startsWith('*.') ? name.endsWith(entry.slice(1)) && name.length > entry.length - 1 : name === entry,
  )
}

/** Names are equal in any case, and with or without the dot of the root (RFC 4343, RFC 1034 section 3.1). */
function normalise(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
