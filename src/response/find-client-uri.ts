import { placeOfLocation } from '../model/client-place.ts'
import type { JsonObject } from '../model/json.ts'
import type { ManagedClient } from '../model/managed-client.ts'
import { Refusal, refuse } from '../model/refusal.ts'
import type { Route } from '../model/registration-request.ts'
import { buildClientUri, rewriteClientUri, type EndpointUrls } from './rewrite-client-uri.ts'

export interface PublicEndpoint extends EndpointUrls {
  /** How the gateway reads a request to this endpoint; throws a Refusal for one it does not take. */
  readonly route: (request: { readonly method: string; readonly target: string }) => Route
}

/** As far as the URI of its client depends on it. */
export type IssuedClient = JsonObject & { readonly client_id: string }

/** Which client is managed, if any. */
export interface Managing {
  readonly request: Route
  readonly managed: Pick<ManagedClient, 'place'> | null
}

/**
 * The URI at which the registrant manages its client; null where the identity server offers no management, which it does by a token or a
 * URI (RFC 7592 section 3). A new client whose URI the gateway would not take back, or would ask the identity server for in another place,
 * is a client that nobody could manage: that is found when it is made, and not by the registrant on the next day.
 *
 * @throws Refusal `upstream-answer-invalid`
 */
export function findClientUri(
  body: IssuedClient,
  { request, managed }: Managing,
  endpoint: PublicEndpoint,
): string | null {
  const issued = body['registration_client_uri']
  if (request.location !== null) {
    const place = managed?.place ?? placeOfLocation(request.location)
    return renewedUri(issued, endpoint) ?? buildClientUri(endpoint, { place })
  }
  if (issued === undefined && body['registration_access_token'] === undefined) return null
  const uri = issued === undefined ? buildClientUri(endpoint, body.client_id) : rewritten(issued, endpoint)
  if (uri === null) throw unusable(`the path ${endpoint.registrationUrl.pathname} or one below it`, body)
  const problem = problemOf(uri, endpoint, body.client_id)
  if (problem !== null) throw unusable(`one that can be asked for through the gateway (${problem})`, body)
  return uri
}

/** Of a client that was just managed at a good URI: another one is taken only where it is as good. */
function renewedUri(issued: JsonObject[string] | undefined, endpoint: PublicEndpoint): string | null {
  const uri = rewritten(issued, endpoint)
  return uri !== null && problemOf(uri, endpoint) === null ? uri : null
}

function rewritten(issued: JsonObject[string] | undefined, endpoint: PublicEndpoint): string | null {
  return typeof issued === 'string' ? rewriteClientUri(issued, endpoint) : null
}

/** Null for a URI by which the gateway knows the client; its token would be for no other that it may name. */
function problemOf(uri: string, { publicUrl, route }: PublicEndpoint, clientId: string | null = null): string | null {
  try {
    const { location } = route({ method: 'GET', target: uri.slice(new URL(publicUrl).origin.length) })
    const named = location?.clientId ?? null
    return clientId === null || named === clientId ? null : 'it does not name the client_id'
  } catch (failure) {
    if (failure instanceof Refusal) return failure.findings[0].message
    throw failure
  }
}

const SHOWN_CHARACTERS = 150

function unusable(wanted: string, body: IssuedClient): Refusal {
  const detail = `management of the new client: wanted ${wanted}, found ${describe(body)} (see upstream.registrationUrl)`
  const message = 'the identity server gave no usable answer'
  return refuse({ reason: 'upstream-answer-invalid', at: 'identity server', message, detail })
}

/** Without the query: identity servers have put tokens there. */
function describe(body: IssuedClient): string {
  const { registration_client_uri: issued, registration_access_token: token, client_id: clientId } = body
  if (issued === undefined) return `no registration_client_uri, and the client_id ${show(clientId)}`
  if (typeof issued !== 'string' || !URL.canParse(issued)) return 'a registration_client_uri that is no absolute URI'
  const { pathname, search } = new URL(issued)
  if (typeof token === 'string' && token !== '' && pathname.includes(token)) return 'a path with the token in it'
  return `the path ${show(pathname)}${search === '' ? '' : ' with a query'}`
}

function show(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text
  return JSON.stringify(shown).replace(/[^\x20-\x7e]/g, '?')
}
