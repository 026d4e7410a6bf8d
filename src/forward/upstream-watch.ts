import type { UpstreamFailure } from './upstream-failure.ts'

/** For the operator's log; holds nothing of what registrants or the identity server said. */
export type UpstreamEvent =
  | {
      readonly event: 'upstream-failed'
      readonly level: 'error'
      /** A code or a status. */
      readonly found: string
      /** Which settings to look at. */
      readonly check: string
    }
  | { readonly event: 'upstream-recovered'; readonly level: 'info' }

type Trouble = Pick<Extract<UpstreamEvent, { level: 'error' }>, 'found' | 'check'>

/**
 * Tells once when the identity server begins to fail in a way that the operator must mend, and once when that is over: each exchange has its
 * audit record, but thousands of them with the same 502 are not how one learns of a wrong token.
 */
export class UpstreamWatch {
  readonly #onEvent: (event: UpstreamEvent) => void
  /** The way to it, and whether it lets the gateway register clients: a client that can be read says nothing of the second. */
  readonly #troubles: Record<'connection' | 'registration', string | null> = { connection: null, registration: null }

  constructor(onEvent: (event: UpstreamEvent) => void) {
    this.#onEvent = onEvent
  }

  replied(method: string, status: number): void {
    this.#note('connection', null)
    if (method === 'POST') this.#note('registration', troubleOfStatus(status))
  }

  failed(failure: UpstreamFailure): void {
    const trouble = troubleOfFailure(failure)
    if (trouble !== null) this.#note('connection', trouble)
  }

  #note(part: 'connection' | 'registration', trouble: Trouble | null): void {
    const before = this.#troubles[part]
    const found = trouble?.found ?? null
    this.#troubles[part] = found
    if (found === before) return
    if (trouble !== null) this.#onEvent({ event: 'upstream-failed', level: 'error', ...trouble })
    else if (Object.values(this.#troubles).every((other) => other === null))
      this.#onEvent({ event: 'upstream-recovered', level: 'info' })
  }
}

const ENDPOINT = 'upstream.registrationUrl: it must be the registration endpoint itself'
const TOKEN = 'upstream.initialAccessToken: the identity server does not let the gateway register clients with it'
const REACH = 'upstream.registrationUrl: nothing answers at its host and port'
const BUSY = 'upstream.registrationUrl: nothing answers there; or upstream.maxSockets: all connections are taken'
const AUTHORITY = "upstream.caFile: it must hold the authority that signed the identity server's certificate"
const NAME = 'upstream.registrationUrl: its host must be named by the certificate of the identity server'
const DATES = "the identity server's certificate: it is not valid now"
const OURS = 'upstream.clientCertificateFile: the identity server does not accept it, or wants one'
const SCHEME = 'upstream.registrationUrl: http where the identity server speaks https, or the other way round'

function troubleOfStatus(status: number): Trouble | null {
  const found = `status ${status} to a registration`
  if (status === 401 || status === 403) return { found, check: TOKEN }
  const elsewhere = (status >= 300 && status < 400) || [404, 405, 410, 501].includes(status)
  return elsewhere ? { found, check: ENDPOINT } : null
}

const CHECKS: readonly (readonly [RegExp, string])[] = [
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, NAME],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, DATES],
  [/^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|PATH_LENGTH_EXCEEDED)/, AUTHORITY],
  [/^ERR_SSL_.*ALERT/, OURS],
  [/^(?:ERR_SSL_|EPROTO$|HPE_)/, SCHEME],
]

/** A registrant who left, and an answer that is slow, broken off or too large, are no faults of a setting. */
function troubleOfFailure({ kind, sent, cause }: UpstreamFailure): Trouble | null {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  const check = CHECKS.find(([codes]) => codes.test(code))?.[1]
  if (check !== undefined) return { found: code, check }
  if (kind === 'timeout' && !sent) return { found: 'no connection in time', check: BUSY }
  return kind === 'unreachable' ? { found: code === '' ? kind : code, check: REACH } : null
}
