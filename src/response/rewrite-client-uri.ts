import { placeInUri, type ClientPlace } from '../model/client-place.ts'

export interface EndpointUrls {
  /** The endpoint as registrants see it, without query or trailing slash. */
  readonly publicUrl: string
  /** The same endpoint at the identity server. */
  readonly registrationUrl: URL
}

/**
 * Turns the identity server's `registration_client_uri` into one that leads through the gateway: what follows the path of its registration
 * endpoint follows the path of ours, query included, so that the way back is the same in reverse. Its host is not looked at; requests go
 * to the configured identity server whatever it calls itself. Null when the URI does not lie below the endpoint.
 */
export function rewriteClientUri(issued: string, { publicUrl, registrationUrl }: EndpointUrls): string | null {
  const place = placeInUri(issued, registrationUrl)
  return place === null ? null : `${publicUrl}${place}`
}

/** The URI of a client that is known by its place or by its id alone. */
export function buildClientUri({ publicUrl }: EndpointUrls, known: { place: ClientPlace } | string): string {
  return typeof known === 'string' ? `${publicUrl}/${encodeURIComponent(known)}` : `${publicUrl}${known.place}`
}
