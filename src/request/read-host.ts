import { malformedHeader, RequestHeaders } from './request-headers.ts'

/** `uri-host [ ":" port ]` (RFC 9110 section 7.2): a name, an IPv4 address or an IPv6 address in brackets. */
const HOST = /^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/

/** The host that a request is addressed to, in lower case and without its port. @throws Refusal `request-malformed` */
export function readHost(rawHeaders: readonly string[]): string {
  const value = new RequestHeaders(rawHeaders).single('host')?.toLowerCase()
  const host = value === undefined ? undefined : HOST.exec(value)?.[1]
  if (host === undefined) throw malformedHeader('host', 'the header is not a host with or without a port')
  return host
}
