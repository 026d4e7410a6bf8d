/**
 * Headers that say whom the gateway verified, as identity servers read them today. Neither a registrant nor a policy nor a setting
 * may set one of them; names are compared normalised, since many servers take `client_cert`, `Client-Cert` and `CLIENT-CERT` for one.
 */
const IDENTITY_HEADERS: ReadonlySet<string> = new Set([
  'client-cert',
  'client-cert-chain',
  'x-client-cert',
  'x-client-ssl-cert',
  'x-forwarded-client-cert',
  'x-forwarded-tls-client-cert',
  'x-forwarded-tls-client-cert-info',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'x-ssl-client-dn',
  'x-ssl-client-verify',
  'x-tlsclientcert',
  'x-tlsclientcertthumbprint',
  'x-tlsclientcertcn',
  'ssl-client-cert',
  'ssl-client-verify',
  'ssl-client-subject-dn',
])

/** Headers that frame, route or authorise a message; they are the gateway's own on each side (RFC 9110 section 7.6.1). */
const GATEWAY_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'authorization',
  'cookie',
  'date',
  'decision-id',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
])

/** One spelling for all the spellings a server may take for the same header. */
export function normalisedHeaderName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

export function isIdentityHeader(name: string): boolean {
  return IDENTITY_HEADERS.has(normalisedHeaderName(name))
}

/** Whether only the gateway itself may set the header on the way to the identity server. */
export function isReservedHeader(name: string): boolean {
  return isIdentityHeader(name) || GATEWAY_HEADERS.has(normalisedHeaderName(name))
}

const ANSWER_HEADERS: ReadonlySet<string> = new Set(['content-language', 'deprecation', 'link', 'sunset'])

/** Browsers and proxies act on these: a policy must neither weaken nor forge what the gateway promises. */
const ACTED_UPON =
  /^x-(?:accel|content|dns|download|frame|forwarded|original|permitted|rewrite|robots|sendfile|ua|xss)(?:-|$)/

/** Whether a policy may set the header of an answer: an allow-list, so that framing, caching, cookies and challenges stay ours. */
export function isAnswerHeader(name: string): boolean {
  const normalised = normalisedHeaderName(name)
  if (isReservedHeader(normalised) || ACTED_UPON.test(normalised)) return false
  return normalised.startsWith('x-') || ANSWER_HEADERS.has(normalised)
}
