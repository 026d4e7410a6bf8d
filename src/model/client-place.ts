import type { JsonObject } from './json.ts'
import type { ClientLocation } from './registration-request.ts'

/**
 * Where a client is managed, as what follows the registration endpoint: `/abc`, `?client_id=abc`, `/abc?x=y`. The same at the identity server
 * and before the gateway, whatever either calls its endpoint.
 */
export type ClientPlace = string

/** The place in a URI that the identity server gave, whose host is not looked at; null when it does not lie below the endpoint. */
export function placeInUri(uri: string, registrationUrl: URL): ClientPlace | null {
  if (!URL.canParse(uri)) return null
  const { pathname, search } = new URL(uri)
  const base = registrationUrl.pathname
  if (pathname !== base && !pathname.startsWith(`${base}/`)) return null
  return `${pathname.slice(base.length)}${search}`
}

/** Of a client that the identity server just answered with; null where it offers no management, or in no place below its endpoint. */
export function placeOfClient(body: JsonObject, registrationUrl: URL): ClientPlace | null {
  const { registration_client_uri: uri, registration_access_token: token, client_id: clientId } = body
  if (typeof uri === 'string') return placeInUri(uri, registrationUrl)
  return typeof token === 'string' && typeof clientId === 'string' ? `/${encodeURIComponent(clientId)}` : null
}

export function placeOfLocation({ suffix, query }: ClientLocation): ClientPlace {
  return `${suffix}${query === '' ? '' : `?${query}`}`
}

/**
 * Where the identity server is asked for a client: where it said itself, if the registrant used the other of the two forms of address; what
 * he added to the query comes along (RFC 7592 section 2 leaves the form of the URI to the server).
 */
export function placeToAsk(location: ClientLocation, issued: ClientPlace | null): ClientPlace {
  const asked = placeOfLocation(location)
  if (issued === null || suffixOf(issued) === location.suffix) return asked
  const path = suffixOf(issued)
  const query = issued.slice(path.length + 1)
  const added = location.query.split('&').filter((part) => part !== '' && !part.startsWith('client_id='))
  const whole = [query, ...added].filter((part) => part !== '').join('&')
  return `${path}${whole === '' ? '' : `?${whole}`}`
}

function suffixOf(place: ClientPlace): string {
  const end = place.indexOf('?')
  return end === -1 ? place : place.slice(0, end)
}
