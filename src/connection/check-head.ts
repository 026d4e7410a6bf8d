import { refuse, type Refusal } from '../model/refusal.ts'

/** What node:http says of a request beside its headers. */
export interface RequestHead {
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

/** Far below the 2000 that node:http keeps: it drops the others without a word. */
const MAX_HEADERS = 100

/**
 * The refusal of a request that cannot be taken for one well-formed HTTP/1.1 request (RFC 9112 section 3.2); null when it can. HTTP/1.0
 * goes too: its rules for the end of a message differ.
 */
export function checkHead({ httpVersion, rawHeaders }: RequestHead): Refusal | null {
  if (httpVersion !== '1.1') return malformed('the request is not HTTP/1.1')
  if (rawHeaders.length > 2 * MAX_HEADERS) return tooManyHeaders()
  const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  return hosts.length === 1 ? null : malformed('the request has no Host header, or more than one')
}

function malformed(message: string): Refusal {
  return refuse({ reason: 'request-malformed', at: 'request', message })
}

function tooManyHeaders(): Refusal {
  const message = 'the request has too many headers'
  return refuse({ reason: 'request-headers-too-large', at: 'request', message, wanted: `at most ${MAX_HEADERS}` })
}
