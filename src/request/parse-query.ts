import { invalidTarget } from './parse-target.ts'

export interface Parameter {
  readonly name: string
  /** Decoded. */
  readonly value: string
}

const QUERY_LIMIT = 512
const NAME = /^[A-Za-z0-9_-]{1,64}$/
const VALUE = /^[A-Za-z0-9._~!$'()*,=:@/+-]*$/

/**
 * Names, without case and separators, that an identity server may take for something else than a part of where the client is: a token
 * (RFC 6750 section 2.3), credentials (RFC 6749 section 2.3.1), another method. They would reach it unjudged, beside a header or a method
 * that was judged. Any other name may be one that its own registration_client_uri came with, and must go back to it.
 */
const FORBIDDEN = new Set([
  ...['accesstoken', 'registrationaccesstoken', 'initialaccesstoken', 'refreshtoken', 'idtoken', 'token', 'oauthtoken'],
  ...['bearer', 'bearertoken', 'auth', 'authtoken', 'authorization', 'apikey'],
  ...['clientsecret', 'clientassertion', 'clientassertiontype', 'softwarestatement'],
  ...['method', 'methodoverride', 'httpmethod', 'httpmethodoverride', 'xmethod', 'xmethodoverride', 'xhttpmethod'],
  ...['xhttpmethodoverride', 'requestmethod', 'verb'],
])

/**
 * Parses `a=1&b=2`, names without escapes and values of plain characters: brackets, dots and separators in names mean other things to
 * other servers (parameter pollution). For the same reason no name stands there twice, in whatever letter case.
 *
 * @throws Refusal `request-target-invalid`
 */
export function parseQuery(query: string): readonly Parameter[] {
  if (query.length > QUERY_LIMIT) throw invalidTarget(`the query is longer than ${QUERY_LIMIT} characters`)
  const parameters = query.split('&').map(parseParameter)
  const names = parameters.map(({ name }) => plainName(name))
  if (new Set(names).size < names.length) throw invalidTarget('a parameter of the query stands there twice')
  if (names.some((name) => FORBIDDEN.has(name)))
    throw invalidTarget('the query has a parameter that could carry a token, credentials or another method')
  return parameters
}

/** `Access-Token`, `access_token` and `accessToken` are one parameter to some servers. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

function parseParameter(text: string): Parameter {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(equals, 0))
  const value = decodeURIComponent(text.slice(equals + 1))
  if (!NAME.test(name) || !VALUE.test(value)) throw invalidTarget('the query is not a list of plain parameters')
  return { name, value }
}
