import type { Arrival } from '../model/arrival.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import { parseTarget } from './parse-target.ts'
import { readHost } from './read-host.ts'

/** Where endpoints are: a host in lower case without port, or null for any, and a path. */
export interface Location {
  readonly host: string | null
  readonly path: string
}

/** What of an arrival says where it goes. */
export type Address = Pick<Arrival, 'target' | 'rawHeaders' | 'peer'>

/**
 * Builds the choice of the place that a request is addressed to: that of its host whose path it has, or stands below. Which of the endpoints
 * there takes it is found out by what they demand, never by what the registrant asks for.
 *
 * @throws Refusal `request-target-invalid`, `endpoint-unknown`, `host-unknown`, `request-misdirected`
 */
export function createSelection<T extends Location>(places: readonly T[]): (address: Address) => T {
  const longestFirst = places.toSorted((left, right) => right.path.length - left.path.length)
  const hosts = new Set(places.map(({ host }) => host))
  return ({ target, rawHeaders, peer }) => {
    const { path } = parseTarget(target)
    // Where no place has a host of its own, whatever the registrant calls the gateway leads to the same.
    const host = hosts.has(null) ? null : readHost(rawHeaders)
    if (host !== null) checkHost(host, hosts, peer.serverName)
    const place = longestFirst.find((candidate) => candidate.host === host && isBelow(path, candidate.path))
    if (place === undefined) throw unknownEndpoint()
    return place
  }
}

function isBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`)
}

/**
 * RFC 9110 sections 7.4 and 15.5.20. A connection that was opened for one host and brings a request for another is how virtual hosts are
 * confused: who answers for the one would be asked as the other. A client that names no host in the handshake contradicts nothing.
 */
function checkHost(host: string, hosts: ReadonlySet<string | null>, serverName: string | null): void {
  if (!hosts.has(host)) throw unknownHost()
  if (serverName !== null && serverName !== host) throw misdirected()
}

function unknownEndpoint(): Refusal {
  return refuse({
    reason: 'endpoint-unknown',
    at: 'request target',
    message: 'there is no registration endpoint at this path',
  })
}

function unknownHost(): Refusal {
  return refuse({
    reason: 'host-unknown',
    at: 'header host',
    message: 'there is no registration endpoint at this host',
  })
}

function misdirected(): Refusal {
  const message = 'the connection was opened for another host'
  return refuse({ reason: 'request-misdirected', at: 'header host', message })
}
