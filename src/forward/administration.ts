import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import type { ClientAdministration } from '../model/client-upkeep.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import { UpstreamFailure } from './upstream-failure.ts'
import type { RawReply, Upstream } from './upstream.ts'

export interface AdministrationOptions {
  /** To the origin of all these addresses. */
  readonly upstream: Upstream
  /** With `{mark}` in it. */
  readonly searchUrl: string
  /** With `{client_id}` in it. */
  readonly removeUrl: string
  /** With `{client_id}` in it; null for none. */
  readonly lookUpUrl: string | null
  readonly token: Secret | null
  /** Member of each listed client that holds its mark. */
  readonly markMember: string
  readonly jsonLimits: JsonLimits
}

/** More clients of one mark than this are none that the gateway made. */
const MAX_FOUND = 20

/** The operator's own way to clients of the identity server: a list of those with a mark, and the removal of one. */
export function createAdministration(options: AdministrationOptions): ClientAdministration {
  const { lookUpUrl } = options
  return {
    search: async (mark) => {
      const reply = await ask(options, 'GET', fill(options.searchUrl, '{mark}', mark))
      return reply?.status === 200 ? readIds(reply.body, mark, options) : null
    },
    remove: async (clientId) => {
      if (!canBeAddressed(clientId)) return false
      const status = (await ask(options, 'DELETE', fill(options.removeUrl, '{client_id}', clientId)))?.status ?? 0
      return (status >= 200 && status < 300) || status === 404 || status === 410
    },
    isThere: lookUpUrl === null ? null : (clientId) => lookUp(options, lookUpUrl, clientId),
  }
}

async function lookUp(options: AdministrationOptions, template: string, clientId: string): Promise<boolean | null> {
  if (!canBeAddressed(clientId)) return null
  const status = (await ask(options, 'GET', fill(template, '{client_id}', clientId)))?.status
  return status === 200 ? true : status === 404 || status === 410 ? false : null
}

/** Dot segments would lead to another address, and a lone surrogate to none (RFC 3986 section 5.2.4). */
function canBeAddressed(clientId: string): boolean {
  return clientId !== '.' && clientId !== '..' && !/\p{Surrogate}/u.test(clientId)
}

function fill(template: string, name: string, value: string): URL {
  return new URL(template.replaceAll(name, encodeURIComponent(value)))
}

async function ask(
  { upstream, token }: AdministrationOptions,
  method: 'GET' | 'DELETE',
  { pathname, search, host }: URL,
): Promise<RawReply | null> {
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
    ...{ host, accept: 'application/json', 'content-length': '0' },
  }
  try {
    return await upstream.send({ method, path: `${pathname}${search}`, headers, body: Buffer.alloc(0) }, NEVER)
  } catch (failure) {
    if (failure instanceof UpstreamFailure) return null
    throw failure
  }
}

/** Nobody waits at the other end. */
const NEVER = new AbortController().signal

/**
 * All or nothing: of a list that cannot be read to its end nobody knows what it leaves out. Each entry must show the mark itself: an address
 * that lists whatever it has, searched or not, must not have clients removed that the gateway never made.
 */
function readIds(
  bytes: Buffer,
  mark: string,
  { jsonLimits, markMember }: AdministrationOptions,
): readonly string[] | null {
  try {
    const list = parseStrictJson(bytes, jsonLimits)
    if (!Array.isArray(list) || list.length > MAX_FOUND) return null
    const ids = (list as readonly Json[]).map((entry) =>
      isJsonObject(entry) && entry[markMember] === mark ? idOf(entry) : null,
    )
    return ids.some((id) => id === null) ? null : ids.flatMap((id) => id ?? [])
  } catch (fault) {
    if (fault instanceof JsonFault) return null
    throw fault
  }
}

function idOf(entry: JsonObject): string | null {
  const id = entry['client_id']
  return typeof id === 'string' && id !== '' ? id : null
}
