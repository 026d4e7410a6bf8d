import type { Arrival } from '../model/arrival.ts'
import { MANAGED_BY } from '../model/management.ts'
import type { Operation } from '../model/operation.ts'
import { refuse, type Refusal } from '../model/refusal.ts'
import type { ClientLocation, Route } from '../model/registration-request.ts'
import { parseQuery, plainName } from './parse-query.ts'
import { invalidTarget, parseTarget } from './parse-target.ts'

const MANAGEMENT: ReadonlyMap<string, Operation> = new Map([
  ['GET', 'read'],
  ['PUT', 'update'],
  ['DELETE', 'delete'],
])
const SEGMENT_LIMIT = 4
const CLIENT_ID_LIMIT = 256

/**
 * Builds the reading of method and target below an endpoint: POST on the endpoint itself registers (RFC 7591 section 3.1); GET, PUT and
 * DELETE manage the client that the target names (RFC 7592 section 2), as `/register/abc` or as `/register?client_id=abc`.
 *
 * @throws Refusal `method-not-allowed`, `request-target-invalid`
 */
export function createRouting(
  endpointPath: string,
  offered: readonly Operation[] = MANAGED_BY.forward,
): (arrival: Pick<Arrival, 'method' | 'target'>) => Route {
  const methods = [...MANAGEMENT]
    .flatMap(([method, operation]) => (offered.includes(operation) ? [method] : []))
    .join(', ')
  return ({ method, target }) => {
    const { path, query } = parseTarget(target)
    const suffix = path.slice(endpointPath.length)
    const management = MANAGEMENT.get(method)
    // Without a client there is nothing to manage, and the endpoint itself takes registrations alone.
    if (management !== undefined && suffix === '' && query === null) throw notAllowed(method, 'POST')
    if (management !== undefined && !offered.includes(management)) throw notAllowed(method, methods)
    if (management !== undefined) return { operation: management, location: locateClient(suffix, query) }
    if (suffix !== '') throw notAllowed(method, methods)
    if (method !== 'POST') throw notAllowed(method, query === null ? 'POST' : methods)
    if (query !== null) throw invalidTarget('a registration takes no query')
    return { operation: 'create', location: null }
  }
}

function notAllowed(method: string, wanted: string): Refusal {
  const message = 'the method is not one of those that this target takes'
  return refuse({ reason: 'method-not-allowed', at: 'method', message, wanted, found: method.slice(0, 20) })
}

function locateClient(suffix: string, query: string | null): ClientLocation {
  const clientId = suffix === '' ? clientIdOfQuery(query) : clientIdOfPath(suffix, query)
  if (clientId === '' || clientId.length > CLIENT_ID_LIMIT)
    throw invalidTarget(`the client id is empty or longer than ${CLIENT_ID_LIMIT} characters`)
  return { suffix, query: query ?? '', clientId }
}

function clientIdOfPath(suffix: string, query: string | null): string {
  const segments = suffix.slice(1).split('/')
  if (segments.length > SEGMENT_LIMIT)
    throw invalidTarget(`the path goes on for more than ${SEGMENT_LIMIT} segments below the endpoint`)
  // An identity server might follow the parameter where we follow the path: one client would be judged and another one changed.
  if (query !== null && clientIds(query).length > 0)
    throw invalidTarget('the client id stands in both the path and the query')
  return decodeURIComponent(segments.at(-1) ?? '')
}

function clientIdOfQuery(query: string | null): string {
  const [only] = query === null ? [] : clientIds(query)
  if (only?.name !== 'client_id') throw invalidTarget('the client id is missing')
  return only.value
}

/** In any spelling, of which there is one at most: to some servers `Client_Id` and `clientId` are the same parameter. */
function clientIds(query: string): ReturnType<typeof parseQuery> {
  return parseQuery(query).filter(({ name }) => plainName(name) === 'clientid')
}
