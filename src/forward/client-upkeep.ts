import { JsonFault, parseStrictJson, type JsonLimits } from '../json/parse-strict-json.ts'
import type { ClientAdministration, ClientUpkeep } from '../model/client-upkeep.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { placeOfClient, placeOfLocation, type ClientPlace } from '../model/client-place.ts'
import type { Management } from '../model/management.ts'
import { refuse } from '../model/refusal.ts'
import type { ClientLocation } from '../model/registration-request.ts'
import type { Secret } from '../model/secret.ts'
import { UpstreamFailure } from './upstream-failure.ts'
import type { RawReply, Upstream } from './upstream.ts'

interface Asking {
  readonly upstream: Upstream
  readonly registrationUrl: URL
  readonly jsonLimits: JsonLimits
}

export interface UpkeepOptions extends Asking {
  /** Who manages clients: where the identity server does not, nobody asks it about one. */
  readonly management: Management
  /** Whether reading a client gives it a new token: then nothing is read to see whether it is there, for its registrant would be locked out. */
  readonly rotatesOnRead: boolean
  readonly administration: ClientAdministration | null
}

/** What the gateway asks the identity server on nobody's behalf: about clients that it made itself, by their own tokens (RFC 7592). */
export function createUpkeep(options: UpkeepOptions): ClientUpkeep {
  return {
    locate: (body) => (options.management === 'forward' ? placeOfClient(body, options.registrationUrl) : null),
    remove: async (place, token) => {
      const status = (await ask(options, 'DELETE', place, token))?.status ?? 0
      if (status === 401) return 'denied'
      return (status >= 200 && status < 300) || status === 404 || status === 410 ? 'gone' : 'failed'
    },
    isLive: async (place, token) => {
      if (options.rotatesOnRead) return true
      const status = (await ask(options, 'GET', place, token))?.status ?? 0
      if (status === 200) return true
      return status === 401 || status === 404 || status === 410 ? false : null
    },
    administration: options.administration,
  }
}

/**
 * The identity server's own record of a client, by a token of its own; null where it knows no such client or token.
 *
 * @throws Refusal `upstream-failed` where it gives no usable answer
 */
export function createRecordReading(
  options: Asking,
): (location: ClientLocation, token: Secret) => Promise<JsonObject | null> {
  return async (location, token) => {
    const reply = await ask(options, 'GET', placeOfLocation(location), token)
    if (reply !== null && [401, 403, 404].includes(reply.status)) return null
    const record = reply?.status === 200 ? readObject(reply.body, options.jsonLimits) : null
    if (record === null) throw refuse(UNKNOWN_RECORD)
    return record
  }
}

const UNKNOWN_RECORD = {
  reason: 'upstream-failed',
  at: 'identity server',
  message: 'the identity server gave no usable answer',
  detail: 'its record of a client that was there before the gateway could not be read',
} as const

/** Null for every way in which there is no answer. */
async function ask(
  { upstream, registrationUrl }: Asking,
  method: 'GET' | 'DELETE',
  place: ClientPlace,
  token: Secret,
): Promise<RawReply | null> {
  const headers = {
    authorization: `Bearer ${token.reveal()}`,
    host: registrationUrl.host,
    accept: 'application/json',
    'content-length': '0',
  }
  const path = `${registrationUrl.pathname}${place}`
  try {
    return await upstream.send({ method, path, headers, body: Buffer.alloc(0) }, NEVER)
  } catch (failure) {
    if (failure instanceof UpstreamFailure) return null
    throw failure
  }
}

/** Nobody waits at the other end. */
const NEVER = new AbortController().signal

function readObject(bytes: Buffer, limits: JsonLimits): JsonObject | null {
  try {
    const value = parseStrictJson(bytes, limits)
    return isJsonObject(value) ? value : null
  } catch (fault) {
    if (fault instanceof JsonFault) return null
    throw fault
  }
}
