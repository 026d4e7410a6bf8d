import { refuse, type Refusal } from '../model/refusal.ts'

/** A request target in origin-form (RFC 9112 section 3.2.1), of safe characters only, escapes left as they came. */
export interface Target {
  readonly path: string
  /** Without `?`; null when there is no `?` at all. */
  readonly query: string | null
}

const TARGET_LIMIT = 2048

/**
 * Of what RFC 3986 allows, the characters that no server cuts at or decodes in a way of its own. Left out on purpose: `;` (`..;` climbs up
 * on servers with path parameters), `+` (a space to some), `%25` (decoded twice by some).
 */
const SEGMENT = /^(?:[A-Za-z0-9._~!$'()*,=:@-]|%[2-7][0-9A-Fa-f])+$/
const SEGMENT_DECODED = /^[A-Za-z0-9._~!$'()*,=:@-]+$/
const ONLY_DOTS = /^\.+$/
/** http-proxy takes `http:/` anywhere in a path for the start of a URL and makes `http://` of it. */
const SCHEME = /https?:$/i
const QUERY = /^(?:[A-Za-z0-9._~!$'()*,=:@/&-]|%[2-7][0-9A-Fa-f])*$/

/**
 * Parses the request target without resolving anything in it: whatever two servers could read differently is refused, so that the identity
 * server sees the path that was judged (path confusion, RFC 3986 section 7.3).
 *
 * @throws Refusal `request-target-invalid`
 */
export function parseTarget(target: string): Target {
  if (target.length > TARGET_LIMIT) throw invalidTarget(`the request target is longer than ${TARGET_LIMIT} characters`)
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? null : target.slice(mark + 1)
  if (!path.startsWith('/')) throw invalidTarget('the request target is not a path on this server')
  if (!path.slice(1).split('/').every(isPlainSegment))
    throw invalidTarget('the path has empty or dot segments, or characters that servers read differently')
  if (query !== null && !QUERY.test(query))
    throw invalidTarget('the query has characters that servers read differently')
  return { path, query }
}

export function invalidTarget(message: string): Refusal {
  return refuse({ reason: 'request-target-invalid', at: 'request target', message })
}

/** Escapes may spell what could stand there unescaped: anything else, slashes and dot segments above all, is no plain segment. */
function isPlainSegment(segment: string): boolean {
  if (!SEGMENT.test(segment)) return false
  const decoded = decodeURIComponent(segment)
  return SEGMENT_DECODED.test(decoded) && !ONLY_DOTS.test(decoded) && !SCHEME.test(segment)
}
